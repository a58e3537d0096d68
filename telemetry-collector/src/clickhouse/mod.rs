//! Keeps events in ClickHouse, over its HTTP interface, for what outgrows one machine.
//!
//! It takes the place of the [file](crate::store) for events: [`Writer`] is what a receiver needs, and a [`Reader`] is what is [asked](crate::ask). The
//! questions, the pages and the exports are the same.
//!
//! - An event is acknowledged once the engine has acknowledged it. What arrives together is one insert, and what was not acknowledged is sent
//!   again as it was, which the engine takes once. An event that is sent again is found by its id, and counts once.
//! - The anonymous id is not stored: installations are numbered by 63 bits of its hash. Only the file beside has it, with events that wait, which leave it once they are
//!   taken over.
//! - Several collectors can write to one database. They make the same tables, and one at a time deletes what is old.
//! - What has no schema yet, and what does not fit its schema, waits in a small file beside each collector. Its limits are counted in a transaction, which
//!   the engine does not have, and nothing that a stranger makes up reaches the engine. Once a schema comes, its events are handed on.

mod binary;
mod forward;
mod http;
mod insert;
mod layout;
mod print;
mod queue;
mod read;
mod remove;
mod retain;
mod session;
mod thread;

use std::thread::JoinHandle;
use std::time::Duration;

pub(crate) use self::binary::{Row, Value};
pub use self::http::{Address, EngineError};
pub use self::layout::Engines;
pub use self::print::ddl;
pub use self::queue::Writer;
pub use self::read::{Reader, Readers};
use self::session::Session;
pub(crate) use self::session::{name, text};
use self::thread::Thread;
use crate::store::{self, Store, Unavailable};

/// How events are kept in the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The memory of arrivals that wait to be written. Beyond it, writes are refused at once.
    pub waiting_bytes: usize,
    /// How long it waits after an insert for more to write. Each insert makes a part that the engine has to merge.
    pub pause: Duration,
    /// How long an insert may take. One that takes longer is sent again, and the engine takes it once.
    pub patience: Duration,
    /// How long events are kept. The engine itself deletes them a week after that, if no collector does it before; or after the longest time
    /// that the tables were ever opened with.
    pub retention_days: u16,
    /// The engines of the tables that it makes.
    pub engines: Engines,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            waiting_bytes: 64 << 20,
            pause: Duration::from_millis(200),
            patience: Duration::from_secs(30),
            retention_days: 365,
            engines: Engines::Single,
        }
    }
}

/// A database of the engine that is open for writing, and the file beside.
#[derive(Debug)]
pub struct ClickHouse {
    address: Address,
    writer: Writer,
    thread: Option<JoinHandle<()>>,
}

impl ClickHouse {
    /// Opens the database, and makes the tables that it lacks. What waits for schemas is in the file.
    ///
    /// It blocks, and must not be called by what runs on an asynchronous runtime.
    ///
    /// # Errors
    ///
    /// If the engine cannot be reached, refuses it, or has tables of a newer collector.
    pub fn open(address: &Address, beside: &Store, options: Options) -> Result<Self, EngineError> {
        let session = Session::new(address)?;
        prepare(&session, &options)?;
        let (writer, commands) = queue::queue(options.waiting_bytes, beside.writer());
        let readers = beside.readers();
        let run = move || thread::run(session, options, &commands, readers);
        let thread = std::thread::Builder::new().name("clickhouse".to_owned()).spawn(run);
        Ok(Self { address: address.clone(), writer, thread: Some(thread.map_err(|_| EngineError::Setup)?) })
    }

    /// A handle to write with.
    #[must_use]
    pub fn writer(&self) -> Writer {
        self.writer.clone()
    }

    /// What makes readers when they are needed.
    #[must_use]
    pub fn readers(&self) -> Readers {
        Readers::new(&self.address)
    }

    /// Writes what waits, then ends. Later writes are [`Unavailable`].
    pub fn close(self) {
        drop(self);
    }
}

impl Drop for ClickHouse {
    fn drop(&mut self) {
        self.writer.close();
        if let Some(thread) = self.thread.take() {
            // The thread does not panic; if it did, every waiter was told already.
            let _ = thread.join();
        }
    }
}

/// Takes over all that a file holds: its rows once each, and the counts of rows that were deleted there. Says how many rows were new.
///
/// What was taken over before is passed over. It may be ended at any time, and goes on where it was.
///
/// # Errors
///
/// If the file cannot be read, or the engine did not acknowledge all of it.
pub fn forward(address: &Address, file: store::Readers, options: Options) -> Result<u64, Unavailable> {
    let session = Session::new(address)?;
    prepare(&session, &options)?;
    Thread::new(session, options, file).forward_all()
}

/// The fact that tells the format of the tables.
const FORMAT: &str = "format";

fn prepare(session: &Session, options: &Options) -> Result<(), EngineError> {
    for table in layout::tables(options.engines) {
        session.run(&table)?;
    }
    match session.fact(FORMAT)? {
        None => session.set_fact(FORMAT, layout::FORMAT)?,
        Some(layout::FORMAT) => {}
        Some(other) => return Err(EngineError::Format(other)),
    }
    keep(session, options.retention_days)
}

/// Makes the engine keep rows until this collector deletes them: it would not have counted what the engine deletes. A TTL that is longer
/// stays, since of what a shorter retention makes due, only some days are counted and deleted in one.
fn keep(session: &Session, retention_days: u16) -> Result<(), EngineError> {
    for table in session.all(&layout::with_shorter_ttl(retention_days), |row| row.text(0))? {
        for statement in layout::with_ttl(&table, retention_days) {
            session.run(&statement)?;
        }
    }
    Ok(())
}
