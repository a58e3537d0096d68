//! Deletes everything of an installation.
//!
//! Its rows are not seen any more once the deletion is answered. They leave the disk when the engine merges the parts that they are in, and at the
//! next [retention](super::retain), within hours.

use data_encoding::HEXLOWER;

use super::http::EngineError;
use super::layout::install_number;
use super::session::{Session, name};
use crate::arrival::{AnonymousId, EventId};
use crate::store::{Deletion, StoredId};

pub(super) fn delete(session: &Session, id: EventId, anonymous_id: &AnonymousId) -> Result<Deletion, EngineError> {
    let request = format!("unhex('{}')", HEXLOWER.encode(StoredId::new(id).as_bytes()));
    if session.integer(&format!("SELECT count() FROM _deletion WHERE id = {request}"))? != Some(0) {
        return Ok(Deletion::Repeated);
    }
    let install = install_number(anonymous_id);
    let mut events = 0;
    for table in tables(session)? {
        let found = session.integer(&format!("SELECT count() FROM {table} WHERE _install = {install}"))?;
        if let Some(count @ 1..) = found {
            session.delete(&table, &format!("_install = {install}"))?;
            events += u64::try_from(count).unwrap_or(0);
        }
    }
    let is_known = session.integer(&format!("SELECT count() FROM _install WHERE number = {install}"))? != Some(0);
    if is_known {
        session.delete("_install", &format!("number = {install}"))?;
    }
    // Once all is done: a deletion that failed on the way is begun again.
    session.run(&format!("INSERT INTO _deletion (id) VALUES ({request})"))?;
    Ok(if is_known || events > 0 { Deletion::Deleted { events } } else { Deletion::Nothing })
}

/// The tables of events, in quotes.
pub(super) fn tables(session: &Session) -> Result<Vec<String>, EngineError> {
    session.all("SELECT table_name FROM _event ORDER BY name", |row| Ok(name(&row.text(0)?)))
}
