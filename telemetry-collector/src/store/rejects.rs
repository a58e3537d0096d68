//! Counts of events that did not fit: a day, schema, fault and path. No value is here.

use rusqlite::{Connection, Statement};

use crate::arrival::Day;
use crate::check::{Fault, Reason};

/// Paths that are longer are left out. Those of a schema rarely have a tenth of this.
const MOST_PATH_BYTES: usize = 512;

/// The table of rejects.
#[derive(Debug)]
pub(super) struct Rejects<'c> {
    connection: &'c Connection,
    increase: Statement<'c>,
    add: Statement<'c>,
    rows: u64,
}

impl<'c> Rejects<'c> {
    pub(super) fn new(connection: &'c Connection) -> rusqlite::Result<Self> {
        let mut rejects = Self {
            connection,
            increase: connection.prepare(
                "UPDATE _reject SET events = events + 1 WHERE day = ?1 AND schema = ?2 AND fault = ?3 AND path = ?4",
            )?,
            add: connection
                .prepare("INSERT INTO _reject (day, schema, fault, path, events) VALUES (?1, ?2, ?3, ?4, 1)")?,
            rows: 0,
        };
        rejects.count()?;
        Ok(rejects)
    }

    /// Counts the rows, after some were removed.
    pub(super) fn count(&mut self) -> rusqlite::Result<()> {
        self.rows = self.connection.query_row("SELECT count(*) FROM _reject", [], |row| row.get(0))?;
        Ok(())
    }

    /// Counts a reject. Without room for a row of its own it is counted without its path: there are few faults and schemas.
    pub(super) fn add(&mut self, Day(day): Day, schema: i64, reason: &Reason, most: u64) -> rusqlite::Result<()> {
        let fault = name(reason.fault);
        let path = if reason.path.len() > MOST_PATH_BYTES { "" } else { reason.path.as_str() };
        if self.increase.execute((day, schema, &fault, path))? > 0 {
            return Ok(());
        }
        let path = if self.rows < most { path } else { "" };
        if path.is_empty() && self.increase.execute((day, schema, &fault, path))? > 0 {
            return Ok(());
        }
        self.add.execute((day, schema, &fault, path))?;
        self.rows += 1;
        Ok(())
    }
}

/// The name of a fault and of the kind that was found, without lengths: `Kind Text`. Senders choose lengths, and could fill the table with them.
pub(crate) fn name(fault: Fault) -> String {
    let text = format!("{fault:?}");
    let names = text.split(|mark: char| !mark.is_alphanumeric()).filter(|name| name.starts_with(char::is_uppercase));
    names.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Found;

    #[test]
    fn faults_have_no_lengths() {
        assert_eq!(name(Fault::Malformed), "Malformed");
        assert_eq!(name(Fault::NotAWord { bytes: 12 }), "NotAWord");
        assert_eq!(name(Fault::Kind { found: Found::Text { bytes: 12 } }), "Kind Text");
    }
}
