//! Deletes everything with an anonymous id.
//!
//! Deleted content is overwritten (`secure_delete`), and the writer empties the log, in which older pages are. Copies of ids in the free space
//! of the file are overwritten [later](super::rewrite).
//! The id of the request is remembered, so that a repeat is recognized. Counts of past days stay: they have no ids.

use rusqlite::{Connection, OptionalExtension};

use super::event_id::Stored;
use super::names::quote;
use super::register::{self, Event};
use super::{quarantine, rewrite};
use crate::arrival::{AnonymousId, EventId};

/// What a deletion did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// The request was carried out before.
    Repeated,
    /// There was nothing to delete.
    Nothing,
    /// Something was deleted.
    Deleted {
        /// The number of events. It is 0 if only the installation itself was left.
        events: u64,
    },
}

pub(super) fn delete(connection: &Connection, id: EventId, anonymous_id: AnonymousId) -> rusqlite::Result<Deletion> {
    let remember = "INSERT INTO _deletion (id, day) VALUES (?1, unixepoch() / 86400) ON CONFLICT (id) DO NOTHING";
    if connection.execute(remember, [Stored::new(id).as_bytes()])? == 0 {
        return Ok(Deletion::Repeated);
    }
    let anonymous_id = anonymous_id.0.as_slice();
    let mut deleted = quarantine::remove(connection, "install = ?1", [anonymous_id], usize::MAX >> 1)?;
    if deleted > 0 {
        rewrite::must(connection, rewrite::Table::Quarantine)?;
    }
    let find = "SELECT number, first_day, last_day FROM _install WHERE id = ?1";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let Some(install) = connection.query_row(find, [anonymous_id], read).optional()? else {
        return Ok(if deleted == 0 { Deletion::Nothing } else { Deletion::Deleted { events: deleted } });
    };
    for event in register::events(connection)? {
        deleted += delete_rows(connection, &event, install)?;
    }
    connection.execute("DELETE FROM _install WHERE id = ?1", [anonymous_id])?;
    rewrite::must(connection, rewrite::Table::Installs)?;
    Ok(Deletion::Deleted { events: deleted })
}

/// Looks on each day on which the installation was active, so that the index of days serves as one of installations, too.
fn delete_rows(connection: &Connection, event: &Event, install: (i64, i64, i64)) -> rusqlite::Result<u64> {
    let table = quote(&event.table);
    let deleted = connection.execute(
        &format!(
            "WITH RECURSIVE days(day) AS (VALUES (?2) UNION ALL SELECT day + 1 FROM days WHERE day < ?3)
             DELETE FROM {table} WHERE _number IN (
                 SELECT _number FROM days CROSS JOIN {table}
                 WHERE _day = day AND _ephemeral IN (0, 1) AND _install = ?1
             )"
        ),
        install,
    )?;
    Ok(u64::try_from(deleted).unwrap_or(u64::MAX))
}
