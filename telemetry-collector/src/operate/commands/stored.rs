//! Commands that work on the database: `delete`, `retain`, `rejects`, `backup` and `sql`. A running collector does not hinder them.

use std::io::{self, Write};
use std::path::Path;

use crate::arrival::{Arrival, EventId, Fate};
use crate::ask::sql;
use crate::check::envelope;
use crate::operate::settings::Settings;
use crate::receive::Clock;
use crate::store::{BackupError, MOST_DAYS, OpenError, Store, Unavailable};

/// Why a command that works on the database failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoredError {
    /// The database cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// It cannot be written.
    #[error("{0}")]
    Unavailable(Unavailable),
    /// It cannot be read.
    #[error("the database cannot be read: {0}")]
    Read(#[from] rusqlite::Error),
    /// It cannot be copied.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The id is not one.
    #[error("an anonymous id has 44 characters, as events carry it in `anonymousId`")]
    NotAnId,
    /// The output cannot be written, or the system has no randomness.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl From<Unavailable> for StoredError {
    fn from(reason: Unavailable) -> Self {
        Self::Unavailable(reason)
    }
}

pub(super) fn delete(settings: &Settings, id: &str, out: &mut impl Write) -> Result<(), StoredError> {
    let anonymous_id = envelope::anonymous_id(id.as_bytes()).map_err(|_| StoredError::NotAnId)?;
    let mut series = [0; 16];
    getrandom::fill(&mut series).map_err(io::Error::other)?;
    let deletion = Arrival::Deletion { id: EventId(series, 0), anonymous_id };
    let store = Store::open_existing(&settings.database)?;
    let fates = wait(store.writer().write(vec![deletion]))??;
    let is_deleted = fates == [Fate::Deleted];
    store.close();
    let said = if is_deleted { "Nothing carries this id any more." } else { "It was not deleted. Try again." };
    writeln!(out, "{said}")?;
    Ok(())
}

pub(super) fn retain(settings: &Settings, out: &mut impl Write) -> Result<(), StoredError> {
    let store = Store::open_existing(&settings.database)?;
    let retained = wait(store.writer().retain(Clock::system().today(), settings.retention_days))??;
    store.close();
    let (events, days) = (retained.events + retained.quarantined, settings.retention_days);
    writeln!(out, "{events} events older than {days} days were deleted.")?;
    if retained.postponed_days > 0 {
        let (ahead, most) = (retained.postponed_days, MOST_DAYS);
        writeln!(
            out,
            "Events of {ahead} more days are kept for now, since the clock is far ahead of the last run. One day deletes at most {most} days. \
             If the collector was running all the time, the clock is wrong: correct it."
        )?;
    }
    Ok(())
}

/// One line for each day, event, version, path and fault.
pub(super) fn rejects(settings: &Settings, out: &mut impl Write) -> Result<(), StoredError> {
    let store = Store::open_existing(&settings.database)?;
    let reader = store.reader()?;
    let mut statement = reader.prepare(
        "SELECT date(day * 86400, 'unixepoch'), coalesce(name, '(unknown)'), coalesce(version, ''), path, fault, events
         FROM _reject LEFT JOIN _schema ON _schema.number = _reject.schema LEFT JOIN _event ON _event.number = _schema.event
         ORDER BY day DESC, events DESC LIMIT 1000",
    )?;
    let mut rows = statement.query([])?;
    let mut is_empty = true;
    while let Some(row) = rows.next()? {
        let text = |at: usize| Ok::<_, rusqlite::Error>(row.get_ref(at)?.as_str()?.to_owned());
        let (day, event, version, path, fault) = (text(0)?, text(1)?, text(2)?, text(3)?, text(4)?);
        let events: i64 = row.get(5)?;
        if std::mem::take(&mut is_empty) {
            writeln!(out, "{:<10}  {:>8}  {:<24}  fault", "day", "events", "event and version")?;
        }
        let event = format!("{event} {version}");
        writeln!(out, "{day:<10}  {events:>8}  {event:<24}  {path}{}{fault}", if path.is_empty() { "" } else { ": " })?;
    }
    if is_empty {
        writeln!(out, "All events fitted their schemas.")?;
    }
    Ok(())
}

pub(super) fn backup(settings: &Settings, to: &Path, out: &mut impl Write) -> Result<(), StoredError> {
    let store = Store::open_existing(&settings.database)?;
    store.backup(to)?;
    store.close();
    writeln!(out, "{} is a copy of the database.", to.display())?;
    Ok(())
}

/// The statements of the file, and views that are not in it.
pub(super) fn sql(settings: &Settings, least: u64, out: &mut impl Write) -> Result<(), StoredError> {
    let store = Store::open_existing(&settings.database)?;
    writeln!(out, "-- The tables and views of the database.\n{}", store.sql()?)?;
    write!(out, "-- Views to add.\n{}", sql::views(&store.reader()?, least)?)?;
    store.close();
    Ok(())
}

/// Waits for the store on this thread.
fn wait<T>(future: impl Future<Output = T>) -> io::Result<T> {
    Ok(tokio::runtime::Builder::new_current_thread().build()?.block_on(future))
}
