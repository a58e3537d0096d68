//! Commands that work on the database: `delete`, `retain`, `rejects`, `quarantine` and `backup`. A running collector does not hinder them.

use std::fmt;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use data_encoding::HEXLOWER;

use super::faults;
use super::schemas::unusable;
use crate::arrival::EventId;
use crate::ask::AskError;
use crate::check::{Known, envelope};
use crate::operate::settings::{Settings, StoreKind};
use crate::operate::stores::{Stores, StoresError};
use crate::receive::{Clock, Keep};
use crate::store::{BackupError, Deletion, MOST_DAYS_AT_ONCE, MOST_DAYS_WAITING, OpenError, Store, Unavailable};

/// Why a command that works on the database failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoredError {
    /// The database cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database or the engine cannot be used.
    #[error(transparent)]
    Stores(#[from] StoresError),
    /// It cannot be written.
    #[error("{0}")]
    Unavailable(Unavailable),
    /// It cannot be read.
    #[error("the database cannot be read: {0}")]
    Read(#[from] rusqlite::Error),
    /// What was asked cannot be answered.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// It cannot be copied.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The id is not one.
    #[error("an anonymous id has 44 characters, as events carry it in `anonymousId`")]
    NotAnId,
    /// Nothing carries the id.
    #[error("nothing carries this id")]
    Nothing,
    /// The schemas in the directory cannot be read.
    #[cfg(feature = "clickhouse")]
    #[error("{}", unusable(directory, reason))]
    Unknown {
        /// The directory.
        directory: std::path::PathBuf,
        /// Why.
        reason: crate::check::KnownError,
    },
    /// The hash is not one.
    #[error("the hash of a schema has 64 hexadecimal digits in lower case, as `quarantine list` shows it")]
    NotAHash,
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
    let stores = Stores::open_existing(settings)?;
    let deletion = wait(stores.writer().delete(EventId(series, 0), anonymous_id))??;
    stores.close();
    let left = match settings.store {
        StoreKind::Sqlite => "Nothing carries this id any more.",
        StoreKind::ClickHouse => {
            "Nothing in ClickHouse or in this file beside it carries this id any more. \
             What waits beside other collectors is not taken over, and stays in their files until it expires."
        }
    };
    match deletion {
        Deletion::Deleted { events } => writeln!(out, "{} deleted. {left}", Events(events))?,
        Deletion::Nothing | Deletion::Repeated => return Err(StoredError::Nothing),
    }
    Ok(())
}

/// As many kinds are listed.
const MOST_KINDS: usize = 100;

/// One line for each hash and name of events that wait.
pub(super) fn quarantine_list(settings: &Settings, out: &mut impl Write) -> Result<(), StoredError> {
    let store = Store::open_existing(&settings.database)?;
    // Only names that schemas have can be told. The list is of use without them, too.
    let known = Known::read(&settings.schemas).unwrap_or_default();
    let names: Vec<&str> = known.events().map(|(name, _)| name).collect();
    let kinds = store.unknown_kinds(&names, MOST_KINDS)?;
    let all = store.writer().quarantined();
    if kinds.is_empty() {
        writeln!(out, "No events wait for their schemas.")?;
        return Ok(());
    }
    writeln!(
        out,
        "{:<10}  {:<10}  {:>8}  {:>10}  {:<24}  hash of the schema",
        "first day", "last day", "events", "bytes", "event"
    )?;
    for kind in &kinds {
        let (first, last, event) = (kind.first.to_string(), kind.last.to_string(), kind.event.as_deref());
        let (events, bytes, hash) = (kind.events, kind.bytes, HEXLOWER.encode(&kind.hash.0));
        let event = event.unwrap_or("(unknown)");
        writeln!(out, "{first:<10}  {last:<10}  {events:>8}  {bytes:>10}  {event:<24}  {hash}")?;
    }
    let more = all.kinds.saturating_sub(u64::try_from(kinds.len()).unwrap_or(u64::MAX));
    if more > 0 {
        writeln!(out, "and {more} more {}", if more == 1 { "hash and name" } else { "hashes and names" })?;
    }
    writeln!(out, "{} events of {} bytes wait in all.", all.events, all.bytes)?;
    Ok(())
}

/// Deletes what waits for one schema, or for any.
pub(super) fn quarantine_purge(
    settings: &Settings,
    hash: Option<&str>,
    out: &mut impl Write,
) -> Result<(), StoredError> {
    let hash =
        hash.map(|hash| envelope::schema_hash(hash.as_bytes()).map_err(|_| StoredError::NotAHash)).transpose()?;
    let store = Store::open_existing(&settings.database)?;
    let purged = wait(store.writer().purge(hash))??;
    let left = store.writer().quarantined().events;
    store.close();
    writeln!(out, "{} deleted from the quarantine, {left} left.", Events(purged))?;
    Ok(())
}

/// A number of events, as a sentence begins with it.
struct Events(u64);

impl fmt::Display for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0, if self.0 == 1 { "event" } else { "events" })
    }
}

/// Takes in what waits for schemas in the directory, so that none of it expires.
fn adopt(settings: &Settings, store: &dyn Keep) -> Result<(), StoredError> {
    if store.quarantined().events == 0 {
        return Ok(());
    }
    match Known::read(&settings.schemas) {
        Ok(known) => wait(store.know(Arc::new(known)))??,
        Err(reason) => tracing::warn!(
            "what waits for schemas expires even if they are in the directory: {}",
            unusable(&settings.schemas, &reason)
        ),
    }
    Ok(())
}

pub(super) fn retain(settings: &Settings, out: &mut impl Write) -> Result<(), StoredError> {
    let stores = Stores::open_existing(settings)?;
    let (writer, days) = (stores.writer(), settings.retention_days);
    adopt(settings, writer.keep().as_ref())?;
    let retained = wait(writer.retain(Clock::system().today(), days))??;
    stores.close();
    writeln!(out, "{} older than {days} days deleted.", Events(retained.events))?;
    if retained.quarantined > 0 {
        let (events, days) = (Events(retained.quarantined), MOST_DAYS_WAITING.min(days));
        writeln!(out, "{events} deleted from the quarantine, whose schemas did not come in {days} days.")?;
    }
    if retained.postponed_days > 0 {
        writeln!(out, "{}", Postponed(retained.postponed_days))?;
    }
    Ok(())
}

/// How many days are left for the next days, as `retain` and `serve` tell it.
pub(super) struct Postponed(pub(super) u64);

impl fmt::Display for Postponed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = if self.0 == 1 { "day" } else { "days" };
        write!(
            f,
            "Events of {} more {days} are due and are left for the next days: those of at most {MOST_DAYS_AT_ONCE} days are deleted in one. \
             If they should not be due, the clock is wrong.",
            self.0
        )
    }
}

/// As many lines are listed.
const MOST_LINES: u64 = 1_000;

/// One line for each day, event, version, path and fault.
pub(super) fn rejects(settings: &Settings, out: &mut impl Write) -> Result<(), StoredError> {
    let store = Store::open_existing(&settings.database)?;
    let reader = store.reader()?;
    let all: u64 = reader.query_row("SELECT count(*) FROM _reject", [], |row| row.get(0))?;
    let mut statement = reader.prepare(
        "SELECT date(day * 86400, 'unixepoch'), coalesce(name, '(unknown)'), coalesce(version, ''), path, fault, events
         FROM _reject LEFT JOIN _schema ON _schema.number = _reject.schema LEFT JOIN _event ON _event.number = _schema.event
         ORDER BY day DESC, events DESC LIMIT ?1",
    )?;
    let mut rows = statement.query([MOST_LINES])?;
    let mut listed = 0;
    while let Some(row) = rows.next()? {
        let text = |at: usize| Ok::<_, rusqlite::Error>(row.get_ref(at)?.as_str()?.to_owned());
        let (day, event, version, path, fault) = (text(0)?, text(1)?, text(2)?, text(3)?, text(4)?);
        let events: i64 = row.get(5)?;
        if listed == 0 {
            writeln!(out, "{:<10}  {:>8}  {:<24}  fault", "day", "events", "event and version")?;
        }
        listed += 1;
        let (event, fault) = (format!("{event} {version}"), faults::sentence(&fault));
        writeln!(out, "{day:<10}  {events:>8}  {event:<24}  {path}{}{fault}", if path.is_empty() { "" } else { ": " })?;
    }
    let more = all.saturating_sub(listed);
    if listed == 0 {
        writeln!(out, "All events fitted their schemas.")?;
    } else if more > 0 {
        writeln!(out, "and {more} more line{}", if more == 1 { "" } else { "s" })?;
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

/// Waits for the store on this thread.
fn wait<T>(future: impl Future<Output = T>) -> io::Result<T> {
    Ok(tokio::runtime::Builder::new_current_thread().build()?.block_on(future))
}
