//! Makes the reports of the pages.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::ask::report::{EventReport, Overview};
use crate::ask::{self, AskError, Filter, Reader, Readers};
use crate::receive::{Clock, Receiver};

/// How long a report may take.
const TIME: Duration = Duration::from_secs(20);

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

/// Answers from a store, for the schemas that a receiver knows.
pub struct Asker {
    pool: Pool,
    receiver: Arc<Receiver>,
    clock: Clock,
    least: u64,
}

impl Asker {
    /// Hides counts of fewer than `least` installations.
    #[must_use]
    pub fn new(readers: impl Into<Readers>, receiver: Arc<Receiver>, clock: Clock, least: u64) -> Arc<Self> {
        Arc::new(Self { pool: Pool::new(readers.into(), TIME), receiver, clock, least })
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
    idle: Mutex<Option<Vec<Reader>>>,
    time: Duration,
}

impl Pool {
    /// `time` is how long a report may take.
    const fn new(readers: Readers, time: Duration) -> Self {
        Self { readers, idle: Mutex::new(Some(Vec::new())), time }
    }

    fn idle(&self) -> MutexGuard<'_, Option<Vec<Reader>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn close(&self) {
        *self.idle() = None;
    }

    fn with<T>(&self, ask: impl FnOnce(&Reader) -> Result<T, AskError>) -> Result<T, AskError> {
        let waiting = self.idle().as_mut().and_then(Vec::pop);
        let mut reader = waiting.map_or_else(|| self.readers.open(), Ok)?;
        reader.end_at(Instant::now() + self.time)?;
        let answer = ask(&reader);
        // A connection that failed is not used again.
        let is_sound = matches!(answer, Ok(_) | Err(AskError::Filter(_)));
        if let Some(idle) = self.idle().as_mut().filter(|_| is_sound) {
            idle.push(reader);
        }
        answer
    }
}

impl Ask for Asker {
    fn overview(&self) -> Result<Overview, AskError> {
        let known = self.receiver.known();
        self.pool.with(|reader| ask::overview(reader, &known, self.clock.today(), self.least))
    }

    fn event(&self, event: &str, filter: &Filter) -> Result<Option<EventReport>, AskError> {
        let known = self.receiver.known();
        self.pool.with(|reader| ask::event(reader, &known, event, filter, self.clock.today(), self.least))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::show::ShowError;
    use crate::store::Store;

    const COUNT: &str =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 300000) SELECT count(*) FROM n";

    fn count(reader: &Reader) -> Result<i64, AskError> {
        #[cfg_attr(not(feature = "clickhouse"), allow(irrefutable_let_patterns, reason = "there is no other store"))]
        let Reader::Sqlite(connection) = reader else { return Err(AskError::Layout) };
        Ok(connection.query_row(COUNT, [], |row| row.get(0))?)
    }

    #[test]
    fn a_report_that_takes_too_long_is_ended() {
        let place = tempfile::tempdir().unwrap();
        let store = Store::open(&place.path().join("file")).unwrap();
        let pool = Pool::new(store.readers().into(), Duration::ZERO);
        assert!(matches!(pool.with(count).map_err(ShowError::from), Err(ShowError::TooSlow)));
        assert_eq!(pool.idle().as_ref().map(Vec::len), Some(0));
        let pool = Pool::new(store.readers().into(), Duration::from_secs(600));
        assert_eq!(pool.with(count).unwrap(), 300_000);
        assert_eq!(pool.with(count).unwrap(), 300_000);
        assert_eq!(pool.idle().as_ref().map(Vec::len), Some(1), "a connection is used again");
        pool.close();
        assert_eq!(pool.with(count).unwrap(), 300_000);
        assert!(pool.idle().is_none());
    }
}
