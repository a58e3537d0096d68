//! Keeps events in a file of SQLite: one table an event, one column a value.
//!
//! [`Store::open`] opens the file and starts one thread, which alone writes. A [`Writer`] hands it what arrived and gets the [fate]
//! of each arrival once that is on disk. What waits while a transaction is synced becomes the next transaction, so that many senders share
//! one sync. Memory for what waits is bounded: beyond it a writer is told at once that the store is [`Unavailable`].
//!
//! The file tells its own layout: [`Store::sql`] prints it, with a view for each event in which words and versions are text.
//!
//! - An event is stored once: its id is unique in its table.
//! - An event whose schema is not known waits in quarantine until [`Writer::adopt`]. It is hidden, and capped so that
//!   strangers do not take the room of honest events. Until then, it counts nowhere else.
//! - An event that does not fit its schema is counted, by day, schema, fault and path. Nothing of its values is kept.
//! - [`Writer::retain`] deletes rows that are older than the retention and keeps counts without ids in their place.
//! - A deletion removes every row of an installation. Deleted content is overwritten, and the log is emptied. SQLite may have left copies of the
//!   anonymous id in the free space of the file: they are overwritten within a minute and when the store is closed, those of large tables when the retention runs.
//!
//! [fate]: crate::arrival::Fate

mod adopt;
mod aggregate;
mod backup;
mod bind;
mod delete;
mod event_id;
mod failure;
#[cfg(any(fuzzing, test))]
mod fuzz;
mod id_key;
mod installs;
mod keeper;
mod known;
mod layout;
mod limits;
pub(crate) mod names;
mod open;
#[cfg(feature = "clickhouse")]
mod passed;
mod place;
mod quarantine;
mod queue;
mod register;
pub(crate) mod rejects;
mod retain;
mod rewrite;
mod table;
mod task;
mod veil;
pub(crate) mod version;
mod view;
mod words;
mod writer;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use rusqlite::{Connection, OpenFlags};

pub use adopt::Adopted;
pub use backup::BackupError;
pub use delete::Deletion;
#[cfg(feature = "clickhouse")]
pub(crate) use event_id::Stored as StoredId;
pub use failure::Unavailable;
#[cfg(any(fuzzing, test))]
pub(crate) use fuzz::quarantine as fuzz;
pub use limits::Limits;
pub use open::OpenError;
#[cfg(feature = "clickhouse")]
pub(crate) use passed::Passed;
pub(crate) use quarantine::MOST_DAYS_WAITING;
pub use quarantine::{Quarantined, UnknownKind};
pub use queue::Writer;
#[cfg(feature = "clickhouse")]
pub(crate) use queue::size;
#[cfg(feature = "clickhouse")]
pub(crate) use retain::{Facts, Plan, is_complete};
pub use retain::{LEAST_RETENTION, MOST_DAYS_AT_ONCE, Retained};

/// A file of events that is open for writing.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    writer: Writer,
    thread: Option<JoinHandle<()>>,
}

impl Store {
    /// Opens the file, or creates it with access for its owner only.
    ///
    /// # Errors
    ///
    /// If the file is not of a collector, is damaged, is of a newer version, or cannot be written. It is left as it is.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        Self::open_with(path, Limits::default())
    }

    /// The same as [`open`](Self::open), for a file that is there.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open), and if the file does not exist.
    pub fn open_existing(path: &Path) -> Result<Self, OpenError> {
        match std::fs::metadata(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Err(OpenError::Missing(path.to_owned())),
            _ => Self::open(path),
        }
    }

    /// The same as [`open`](Self::open), with other limits.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open).
    pub fn open_with(path: &Path, limits: Limits) -> Result<Self, OpenError> {
        Self::start(path, limits, open::open(path, &limits)?)
    }

    /// The same as [`open_with`](Self::open_with), for tests: `wait` is called before each transaction is committed, as a disk takes time.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open).
    #[doc(hidden)]
    pub fn open_slow(path: &Path, limits: Limits, mut wait: impl FnMut() + Send + 'static) -> Result<Self, OpenError> {
        let mut connection = open::open(path, &limits)?;
        let hook = move || {
            wait();
            false
        };
        connection.commit_hook(Some(hook)).map_err(|error| open::sort(path, error))?;
        Self::start(path, limits, connection)
    }

    fn start(path: &Path, limits: Limits, connection: Connection) -> Result<Self, OpenError> {
        let quarantined = quarantine::state(&connection).map_err(|error| open::sort(path, error))?;
        let shared = Arc::new(Mutex::new(quarantined));
        let place = place::Place::new(path);
        let (writer, commands) = queue::queue(limits.waiting_bytes, Arc::clone(&shared));
        let thread = std::thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || writer::run(&connection, &commands, limits, shared, place))
            .map_err(OpenError::Thread)?;
        Ok(Self { path: path.to_owned(), writer, thread: Some(thread) })
    }

    /// A handle to write with.
    #[must_use]
    pub fn writer(&self) -> Writer {
        self.writer.clone()
    }

    /// A connection that can only read. It sees whole transactions.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn reader(&self) -> rusqlite::Result<Connection> {
        reader(&self.path)
    }

    /// What opens such connections when they are needed.
    #[must_use]
    pub fn readers(&self) -> Readers {
        Readers(self.path.clone())
    }

    /// At most so many kinds of events that wait for their schemas, those with the most bytes first.
    ///
    /// Their names are stored as hashes, so that a name is told only if it is among `names`.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn unknown_kinds(&self, names: &[&str], most: usize) -> rusqlite::Result<Vec<UnknownKind>> {
        quarantine::kinds(&self.reader()?, names, most)
    }

    /// The statements that make the tables, indexes and views of the file.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn sql(&self) -> rusqlite::Result<String> {
        layout::sql(&self.reader()?)
    }

    /// Copies the file while it is written. The copy holds whole transactions and can be opened as a store.
    ///
    /// # Errors
    ///
    /// If there is a file at `to`, or if a file cannot be read or written.
    pub fn backup(&self, to: &Path) -> Result<(), BackupError> {
        backup::backup(&self.reader()?, to)
    }

    /// Writes what waits, then closes the file. Later writes are [`Unavailable`].
    pub fn close(self) {
        drop(self);
    }
}

/// Opens connections that only read.
#[derive(Clone, Debug)]
pub struct Readers(PathBuf);

impl Readers {
    /// A connection that only reads.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn open(&self) -> rusqlite::Result<Connection> {
        reader(&self.0)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.writer.close();
        if let Some(thread) = self.thread.take() {
            // The thread does not panic; if it did, every waiter was told already.
            let _ = thread.join();
        }
    }
}

fn reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(open::PATIENCE)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // Rows of one day are read in the order of an index, which is not theirs: all of them should fit.
    connection.pragma_update(None, "cache_size", -8 * 1024)?;
    Ok(connection)
}
