//! Questions and orders to the engine.

use std::time::Duration;

use super::binary::{Decoder, Row, Words};
use super::http::{Address, Engine, EngineError};

/// How long an order may take. Deletions rewrite what they touch.
pub(super) const TIME: Duration = Duration::from_secs(300);

/// What makes a query mean the same as in SQLite: each row counts once, whether or not parts are merged, and the least of no rows is nothing.
const LIKE_SQLITE: &[(&str, &str)] = &[
    ("final", "1"),
    // A key has the day, and a partition is of days.
    ("do_not_merge_across_partitions_select_final", "1"),
    ("aggregate_functions_null_for_empty", "1"),
];

/// Nothing of what is deleted is left when the order is answered.
const DELETION: &[(&str, &str)] = &[("mutations_sync", "2"), ("lightweight_deletes_sync", "2")];

/// One thread's way to the engine.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) engine: Engine,
    pub(super) words: Words,
}

impl Session {
    pub(super) fn new(address: &Address) -> Result<Self, EngineError> {
        Ok(Self { engine: Engine::new(address)?, words: Words::default() })
    }

    /// The same way for another thread.
    pub(super) fn another(&self) -> Result<Self, EngineError> {
        Ok(Self { engine: self.engine.another()?, words: Words::default() })
    }

    /// Passes the rows of an answer.
    pub(super) fn each<E: From<EngineError>>(
        &self,
        sql: &str,
        time: Duration,
        mut read: impl FnMut(Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut decoder = Decoder::new(&self.words);
        let mut failed = None;
        let asked = self.engine.ask(sql, LIKE_SQLITE, time, |piece| {
            decoder.take(piece, &mut read).map_err(|error| {
                failed = Some(error);
                EngineError::Malformed
            })
        });
        if let Some(error) = failed {
            return Err(error);
        }
        asked.and_then(|()| decoder.finish()).map_err(E::from)
    }

    pub(super) fn all<T>(
        &self,
        sql: &str,
        mut read: impl FnMut(Row<'_>) -> Result<T, EngineError>,
    ) -> Result<Vec<T>, EngineError> {
        let mut all = Vec::new();
        self.each(sql, TIME, |row| {
            all.push(read(row)?);
            Ok::<(), EngineError>(())
        })?;
        Ok(all)
    }

    /// The integer of an answer of one row; nothing if it is `NULL`.
    pub(super) fn integer(&self, sql: &str) -> Result<Option<i64>, EngineError> {
        let found = self.all(sql, |row| Ok(row.integer(0).ok()))?;
        Ok(found.into_iter().next().flatten())
    }

    pub(super) fn run(&self, sql: &str) -> Result<(), EngineError> {
        self.engine.run(sql, &[], TIME)
    }

    pub(super) fn delete(&self, table: &str, condition: &str) -> Result<(), EngineError> {
        self.engine.run(&format!("DELETE FROM {table} WHERE {condition}"), DELETION, TIME)
    }

    /// Removes from the disk what was deleted.
    pub(super) fn clean(&self, table: &str) -> Result<(), EngineError> {
        self.engine.run(&format!("ALTER TABLE {table} APPLY DELETED MASK"), DELETION, TIME)
    }

    pub(super) fn fact(&self, name: &str) -> Result<Option<i64>, EngineError> {
        self.integer(&format!("SELECT value FROM _fact WHERE name = {}", text(name)))
    }

    pub(super) fn set_fact(&self, name: &str, value: i64) -> Result<(), EngineError> {
        self.run(&format!("INSERT INTO _fact (name, value) VALUES ({}, {value})", text(name)))
    }

    /// Whether nobody else has claimed this, so that it is ours. Of several who claim it at once, none may get it.
    pub(super) fn claim(&self, name: &str) -> Result<bool, EngineError> {
        let count = format!("SELECT count() FROM _claim WHERE name = {}", text(name));
        if self.integer(&count)? != Some(0) {
            return Ok(false);
        }
        self.run(&format!("INSERT INTO _claim (name) VALUES ({})", text(name)))?;
        Ok(self.integer(&count)? == Some(1))
    }
}

/// A text in a statement.
pub(crate) fn text(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// A name in a statement.
pub(crate) fn name(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_backslashes_are_escaped() {
        assert_eq!(text(r"a'b\"), r"'a\'b\\'");
        assert_eq!(name(r#"a"b\"#), r#""a\"b\\""#);
    }
}
