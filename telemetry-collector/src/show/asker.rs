//! Makes the reports of the pages.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
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
    pool: Pool,
    receiver: Arc<Receiver>,
    clock: Clock,
    least: u64,
}

impl Asker {
    /// Hides counts of fewer than `least` installations.
    #[must_use]
    pub fn new(readers: Readers, receiver: Arc<Receiver>, clock: Clock, least: u64) -> Arc<Self> {
        Arc::new(Self { pool: Pool::new(readers, TIME), receiver, clock, least })
    }

    /// Closes the connections, so that the store closes last and leaves one file.
    pub fn close(&self) {
        self.pool.close();
    }
}

/// Connections that are used again.
struct Pool {
    readers: Readers,
    /// Those that are not in use. `None` once the pool is closed.
    idle: Mutex<Option<Vec<Connection>>>,
    time: Duration,
}

impl Pool {
    /// `time` is how long a report may take.
    const fn new(readers: Readers, time: Duration) -> Self {
        Self { readers, idle: Mutex::new(Some(Vec::new())), time }
    }

    fn idle(&self) -> MutexGuard<'_, Option<Vec<Connection>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn close(&self) {
        *self.idle() = None;
    }

    fn with<T>(&self, ask: impl FnOnce(&Connection) -> Result<T, AskError>) -> Result<T, AskError> {
        let waiting = self.idle().as_mut().and_then(Vec::pop);
        let mut connection = waiting.map_or_else(|| self.readers.open(), Ok)?;
        let end = Instant::now() + self.time;
        connection.progress_handler(STEPS, Some(move || Instant::now() > end))?;
        let answer = ask(&connection);
        // A connection that failed is not used again.
        let is_sound = !matches!(answer, Err(AskError::Read(_)));
        if let Some(idle) = self.idle().as_mut().filter(|_| is_sound) {
            idle.push(connection);
        }
        answer
    }
}

impl Ask for Asker {
    fn overview(&self) -> Result<Overview, AskError> {
        let known = self.receiver.known();
        self.pool.with(|connection| ask::overview(connection, &known, self.clock.today(), self.least))
    }

    fn event(&self, event: &str, filter: &Filter) -> Result<Option<EventReport>, AskError> {
        let known = self.receiver.known();
        self.pool.with(|connection| ask::event(connection, &known, event, filter, self.clock.today(), self.least))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::show::ShowError;
    use crate::store::Store;

    const COUNT: &str =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 300000) SELECT count(*) FROM n";

    fn count(connection: &Connection) -> Result<i64, AskError> {
        Ok(connection.query_row(COUNT, [], |row| row.get(0))?)
    }

    #[test]
    fn a_report_that_takes_too_long_is_ended() {
        let place = tempfile::tempdir().unwrap();
        let store = Store::open(&place.path().join("file")).unwrap();
        let pool = Pool::new(store.readers(), Duration::ZERO);
        assert!(matches!(pool.with(count).map_err(ShowError::from), Err(ShowError::TooSlow)));
        assert_eq!(pool.idle().as_ref().map(Vec::len), Some(0));
        let pool = Pool::new(store.readers(), Duration::from_secs(600));
        assert_eq!(pool.with(count).unwrap(), 300_000);
        assert_eq!(pool.with(count).unwrap(), 300_000);
        assert_eq!(pool.idle().as_ref().map(Vec::len), Some(1), "a connection is used again");
        pool.close();
        assert_eq!(pool.with(count).unwrap(), 300_000);
        assert!(pool.idle().is_none());
    }
}
