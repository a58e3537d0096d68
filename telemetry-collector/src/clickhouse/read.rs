//! Reads from the engine.

use std::time::Instant;

use super::binary::Row;
use super::http::{Address, EngineError};
use super::session::{Session, TIME};

/// Makes readers.
#[derive(Clone, Debug)]
pub struct Readers(Address);

impl Readers {
    /// Of the database at an address.
    #[must_use]
    pub fn new(address: &Address) -> Self {
        Self(address.clone())
    }

    /// A reader. It blocks, and must not be used by what runs on an asynchronous runtime.
    ///
    /// # Errors
    ///
    /// If the connection cannot be set up.
    pub fn open(&self) -> Result<Reader, EngineError> {
        Ok(Reader { session: Session::new(&self.0)?, end: None })
    }
}

/// What can be [asked](crate::ask).
#[derive(Debug)]
pub struct Reader {
    session: Session,
    /// When answers come too late.
    end: Option<Instant>,
}

impl Reader {
    /// Ends questions that are not answered by then.
    pub(crate) const fn end_at(&mut self, end: Instant) {
        self.end = Some(end);
    }

    /// Passes the rows of an answer.
    pub(crate) fn each<E: From<EngineError>>(
        &self,
        sql: &str,
        read: impl FnMut(Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let time = self.end.map_or(TIME, |end| end.saturating_duration_since(Instant::now()));
        if time.is_zero() {
            return Err(EngineError::TimedOut.into());
        }
        self.session.each(sql, time, read)
    }

    /// The number with which this reader tells a word.
    pub(crate) fn word(&self, word: &str) -> i64 {
        self.session.words.number(word.as_bytes())
    }

    /// What changes when rows are deleted, which may be between two questions.
    pub(crate) fn state(&self) -> Result<Vec<Option<i64>>, EngineError> {
        let sql = "SELECT (SELECT count() FROM _deletion), (SELECT count() FROM _active), \
                   (SELECT max(value) FROM _fact WHERE name = 'day that is counted')";
        let state = self.session.all(sql, |row| Ok((0..3).map(|at| row.integer(at).ok()).collect()))?;
        state.into_iter().next().ok_or(EngineError::Malformed)
    }
}
