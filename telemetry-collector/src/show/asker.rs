//! Makes the reports of the pages.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::ask::report::{EventReport, Overview};
use crate::ask::{self, AskError, Filter};
use crate::receive::{Clock, Receiver};
use crate::store::Readers;

/// How long a report may take.
const TIME: Duration = Duration::from_secs(20);

/// How many steps of SQLite pass between two looks at the time: about a millisecond.
const STEPS: i32 = 10_000;

/// What answers the questions of the pages. It may block.
pub trait Ask: Send + Sync + 'static {
    /// All events.
    ///
    /// # Errors
    ///
    /// If the numbers cannot be read.
    fn overview(&self) -> Result<Overview, AskError>;

    /// One event; `None` if no schema of it is known.
    ///
    /// # Errors
    ///
    /// If the filter does not fit the event, or the numbers cannot be read.
    fn event(&self, event: &str, filter: &Filter) -> Result<Option<EventReport>, AskError>;
}

/// Answers from a database, for the schemas that a receiver knows.
pub struct Asker {
    readers: Readers,
    /// Connections that are not in use. `None` once it is closed.
    idle: Mutex<Option<Vec<Connection>>>,
    receiver: Arc<Receiver>,
    clock: Clock,
    least: u64,
}

impl Asker {
    /// Hides counts of fewer than `least` installations.
    #[must_use]
    pub fn new(readers: Readers, receiver: Arc<Receiver>, clock: Clock, least: u64) -> Arc<Self> {
        Arc::new(Self { readers, idle: Mutex::new(Some(Vec::new())), receiver, clock, least })
    }

    /// Closes the connections, so that the store closes last and leaves one file.
    pub fn close(&self) {
        *self.idle.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn with<T>(&self, ask: impl FnOnce(&Connection) -> Result<T, AskError>) -> Result<T, AskError> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = idle().as_mut().and_then(Vec::pop);
        let mut connection = waiting.map_or_else(|| self.readers.open(), Ok)?;
        let end = Instant::now() + TIME;
        connection.progress_handler(STEPS, Some(move || Instant::now() > end))?;
        let answer = ask(&connection)?;
        if let Some(idle) = idle().as_mut() {
            idle.push(connection);
        }
        Ok(answer)
    }
}

impl Ask for Asker {
    fn overview(&self) -> Result<Overview, AskError> {
        let known = self.receiver.known();
        self.with(|connection| ask::overview(connection, &known, self.clock.today(), self.least))
    }

    fn event(&self, event: &str, filter: &Filter) -> Result<Option<EventReport>, AskError> {
        let known = self.receiver.known();
        self.with(|connection| ask::event(connection, &known, event, filter, self.clock.today(), self.least))
    }
}
