//! Work that is done in parts, with writes between them.

use std::sync::Arc;

use super::Unavailable;
use super::adopt::{self, Adopted};
use super::delete::Deletion;
#[cfg(feature = "clickhouse")]
use super::passed::{self, Passed};
use super::quarantine;
use super::queue::Answer;
use super::retain::{self, Retained, Retention};
use super::rewrite;
use super::writer::Thread;
use crate::arrival::{AnonymousId, Day, EventId, SchemaHash};
use crate::check::KnownSchema;

/// As many events are purged at a time; arrivals are written in between.
const MOST_PURGED: usize = 500;

/// What has to be done.
pub(super) enum Task {
    Adopt {
        schemas: Vec<Arc<KnownSchema>>,
        adopted: Adopted,
        answer: Answer<Adopted>,
    },
    Retain {
        when: When,
        retained: Retained,
        answer: Answer<Retained>,
    },
    Delete {
        id: EventId,
        anonymous_id: AnonymousId,
        answer: Answer<Deletion>,
    },
    /// Of the events that waited when it began.
    Purge {
        schema: Option<SchemaHash>,
        last: Option<i64>,
        purged: u64,
        answer: Answer<u64>,
    },
    #[cfg(feature = "clickhouse")]
    Remove {
        passed: Vec<Passed>,
        answer: Answer<()>,
    },
}

/// Before and after it is decided which rows are kept.
pub(super) enum When {
    Asked(Day, u16),
    Begun(Retention),
}

impl Thread<'_> {
    /// Does one part of a task. Gives what is left of it.
    pub(super) fn part(&mut self, task: Task) -> Option<Task> {
        match task {
            Task::Adopt { schemas, adopted, answer } => self.adopt(schemas, adopted, answer),
            Task::Retain { when, retained, answer } => self.retain(when, retained, answer),
            Task::Delete { id, anonymous_id, answer } => {
                let deleted = self.delete(id, anonymous_id);
                tell(answer, deleted)
            }
            Task::Purge { schema, last, purged, answer } => self.purge(schema, last, purged, answer),
            #[cfg(feature = "clickhouse")]
            Task::Remove { passed, answer } => self.remove(passed, answer),
        }
    }

    fn adopt(
        &mut self,
        mut schemas: Vec<Arc<KnownSchema>>,
        mut adopted: Adopted,
        answer: Answer<Adopted>,
    ) -> Option<Task> {
        let Some(schema) = schemas.pop() else { return tell(answer, Ok(adopted)) };
        match self.transaction(|keeper, _| adopt::adopt(keeper, &schema, &mut adopted)) {
            Ok(has_more) => {
                if has_more {
                    schemas.push(schema);
                }
                Some(Task::Adopt { schemas, adopted, answer })
            }
            Err(reason) => tell(answer, Err(reason)),
        }
    }

    fn retain(&mut self, when: When, mut retained: Retained, answer: Answer<Retained>) -> Option<Task> {
        let worked = self.transaction(|keeper, _| {
            let retention = match when {
                When::Asked(today, days) => Retention::begin(keeper.connection, today, days)?,
                When::Begun(retention) => retention,
            };
            retained.postponed_days = retention.postponed;
            if retain::day(keeper.connection, retention, &mut retained)? {
                return Ok(Some(retention));
            }
            retain::rest(keeper.connection, retention, &mut retained)?;
            keeper.quarantine.count()?;
            keeper.rejects.count()?;
            keeper.has_deleted = true;
            Ok(None)
        });
        match worked {
            Ok(Some(retention)) => Some(Task::Retain { when: When::Begun(retention), retained, answer }),
            Ok(None) => {
                self.empty_log();
                tell(answer, Ok(retained))
            }
            Err(reason) => tell(answer, Err(reason)),
        }
    }

    fn delete(&mut self, id: EventId, anonymous_id: AnonymousId) -> Result<Deletion, Unavailable> {
        let deleted = self.transaction(|keeper, _| {
            let deleted = keeper.delete(id, anonymous_id)?;
            keeper.finish_deletions()?;
            Ok(deleted)
        });
        self.empty_log();
        deleted
    }

    fn purge(
        &mut self,
        schema: Option<SchemaHash>,
        last: Option<i64>,
        mut purged: u64,
        answer: Answer<u64>,
    ) -> Option<Task> {
        let part = self.transaction(|keeper, _| {
            let connection = keeper.connection;
            let last = last.map_or_else(|| quarantine::last(connection), Ok)?;
            let removed = match schema {
                Some(SchemaHash(hash)) => {
                    let is_of = "number <= ?1 AND kind IN (SELECT number FROM _unknown WHERE hash = ?2)";
                    quarantine::remove(connection, is_of, (last, hash.as_slice()), MOST_PURGED)?
                }
                None => quarantine::remove(connection, "number <= ?1", [last], MOST_PURGED)?,
            };
            if removed > 0 {
                // Copies of their anonymous ids are in the free space.
                rewrite::must(connection, rewrite::Table::Quarantine)?;
                keeper.must_rewrite = true;
                quarantine::count_deleted(connection, quarantine::PURGED, removed)?;
                keeper.quarantine.count()?;
            }
            // What was purged is in the log still.
            keeper.has_deleted |= removed == 0 && purged > 0;
            Ok((removed, last))
        });
        match part {
            Ok((0, _)) => {
                self.empty_log();
                tell(answer, Ok(purged))
            }
            Ok((removed, last)) => {
                purged += removed;
                Some(Task::Purge { schema, last: Some(last), purged, answer })
            }
            Err(reason) => tell(answer, Err(reason)),
        }
    }

    #[cfg(feature = "clickhouse")]
    fn remove(&mut self, mut passed: Vec<Passed>, answer: Answer<()>) -> Option<Task> {
        let Some(next) = passed.pop() else { return tell(answer, Ok(())) };
        let removed = self.transaction(|keeper, _| {
            let removed = passed::remove(keeper.connection, &next)?;
            keeper.has_deleted |= removed > 0;
            Ok(removed)
        });
        match removed {
            Ok(removed) => {
                if passed::has_more(removed) {
                    passed.push(next);
                }
                Some(Task::Remove { passed, answer })
            }
            Err(reason) => tell(answer, Err(reason)),
        }
    }
}

/// Ends a task. Who does not wait any more is not told.
fn tell<T>(answer: Answer<T>, result: Result<T, Unavailable>) -> Option<Task> {
    let _ = answer.send(result);
    None
}
