//! The thread that writes: what waits becomes one transaction, which is synced before anybody is answered.

use std::collections::VecDeque;
use std::sync::PoisonError;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::adopt::Adopted;
use super::failure::Failure;
use super::keeper::Keeper;
use super::known::Known;
use super::open::PATIENCE;
use super::place::Place;
use super::queue::{Command, Item, Shared, Write};
use super::retain::Retained;
use super::task::{Task, When};
use super::{Limits, Unavailable, rewrite};
use crate::arrival::Fate;

/// While the log must be emptied and a reader hinders that, it is tried again after this time.
const AGAIN: Duration = Duration::from_millis(500);

/// Takes as many pages as some events do, so that it does not succeed where they fail. No payload has this number.
const PROBE: &str = "INSERT OR REPLACE INTO _payload (number, payload) VALUES (-1, zeroblob(65536))";
const END_OF_PROBE: &str = "DELETE FROM _payload WHERE number = -1";

/// Writes until the store is closed.
pub(super) fn run(connection: &Connection, commands: &Receiver<Command>, limits: Limits, shared: Shared, place: Place) {
    let mut thread = Thread {
        connection,
        limits,
        shared,
        place,
        keeper: None,
        seen: None,
        known: Known::default(),
        tasks: VecDeque::new(),
        must_empty_log: false,
        // The program may have ended before it was done.
        must_rewrite: rewrite::is_due(connection).unwrap_or(true),
        rewritten: None,
        has_failed: false,
    };
    loop {
        let Group { writes, is_last } = thread.wait(commands);
        thread.write(writes);
        if is_last {
            break;
        }
        thread.work();
        if thread.tasks.is_empty() && thread.rewrite_in() == Some(Duration::ZERO) {
            thread.rewrite();
        }
        thread.empty_log();
    }
    if thread.place.has_others_log() {
        // It holds what is newer than the log of this connection, which was removed.
        let _ = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        return;
    }
    thread.rewrite();
    thread.empty_log();
}

/// What waited together.
#[derive(Default)]
struct Group {
    writes: Vec<Write>,
    is_last: bool,
}

pub(super) struct Thread<'c> {
    connection: &'c Connection,
    limits: Limits,
    shared: Shared,
    place: Place,
    keeper: Option<Keeper<'c>>,
    /// The state of the file that the keeper knows. It changes when another process writes.
    seen: Option<i64>,
    known: Known,
    tasks: VecDeque<Task>,
    /// Whether the log holds what was deleted.
    must_empty_log: bool,
    /// Whether tables of which something was deleted must be rewritten.
    must_rewrite: bool,
    /// When they were rewritten last.
    rewritten: Option<Instant>,
    /// Whether nothing could be written last.
    has_failed: bool,
}

impl<'c> Thread<'c> {
    /// Takes everything that waits, or waits until something does.
    fn wait(&mut self, commands: &Receiver<Command>) -> Group {
        let mut group = Group::default();
        let mut next = if !self.tasks.is_empty() {
            commands.try_recv().map_err(|error| error == TryRecvError::Disconnected)
        } else if let Some(time) = self.must_empty_log.then_some(AGAIN).into_iter().chain(self.rewrite_in()).min() {
            commands.recv_timeout(time).map_err(|error| error == RecvTimeoutError::Disconnected)
        } else {
            commands.recv().map_err(|_| true)
        };
        loop {
            match next {
                Ok(command) => self.sort(command, &mut group),
                Err(is_closed) => {
                    group.is_last |= is_closed;
                    return group;
                }
            }
            next = commands.try_recv().map_err(|error| error == TryRecvError::Disconnected);
        }
    }

    fn sort(&mut self, command: Command, group: &mut Group) {
        let task = match command {
            Command::Write(write) => return group.writes.push(write),
            Command::Close => {
                group.is_last = true;
                return;
            }
            Command::Adopt(schemas, answer) => {
                schemas.iter().for_each(|schema| self.known.add(schema));
                Task::Adopt { schemas, adopted: Adopted::default(), answer }
            }
            Command::Retain(today, days, answer) => {
                Task::Retain { when: When::Asked(today, days), retained: Retained::default(), answer }
            }
            Command::Delete(id, anonymous_id, answer) => Task::Delete { id, anonymous_id, answer },
            Command::Purge(schema, answer) => Task::Purge { schema, last: None, purged: 0, answer },
            #[cfg(feature = "clickhouse")]
            Command::Remove(passed, answer) => Task::Remove { passed, answer },
        };
        self.tasks.push_back(task);
    }

    /// Writes a group in one transaction, and answers once it is on disk.
    fn write(&mut self, mut writes: Vec<Write>) {
        if writes.is_empty() {
            return;
        }
        let items: Vec<Vec<Item>> = writes.iter_mut().map(|write| std::mem::take(&mut write.items)).collect();
        if items.iter().any(Vec::is_empty) {
            // Somebody asks whether events can be stored.
            self.place.look();
        }
        // Somebody asks whether they can be stored again.
        let is_probe = self.has_failed && items.iter().all(Vec::is_empty);
        let written = self.transaction(|keeper, known| {
            if is_probe {
                keeper.connection.execute(PROBE, [])?;
            }
            let mut fates = Vec::with_capacity(items.len());
            for items in items {
                fates.push(items.into_iter().map(|item| keep(keeper, known, item)).collect::<Result<_, _>>()?);
            }
            keeper.finish_deletions()?;
            Ok(fates)
        });
        self.has_failed = written.is_err();
        if is_probe && !self.has_failed {
            let _ = self.transaction(|keeper, _| Ok(keeper.connection.execute(END_OF_PROBE, [])?));
        }
        self.empty_log();
        // Who does not wait any more is not told.
        match written {
            Ok(fates) => {
                for (write, fates) in writes.into_iter().zip(fates) {
                    let _ = write.answer.send(Ok(fates));
                }
            }
            Err(reason) => {
                for write in writes {
                    let _ = write.answer.send(Err(reason));
                }
            }
        }
    }

    /// Does one part of the oldest task.
    fn work(&mut self) {
        let left = self.tasks.pop_front().and_then(|task| self.part(task));
        if let Some(task) = left {
            self.tasks.push_front(task);
        }
    }

    /// Does something in a transaction of its own. After a failure nothing of it is left.
    pub(super) fn transaction<T>(
        &mut self,
        work: impl FnOnce(&mut Keeper<'c>, &Known) -> Result<T, Failure>,
    ) -> Result<T, Unavailable> {
        self.try_transaction(work).map_err(|failure| {
            // What it remembers may be of the transaction that failed.
            self.keeper = None;
            if !self.connection.is_autocommit() {
                let _ = self.connection.execute_batch("ROLLBACK");
            }
            match failure {
                Failure::Store(reason) => reason,
                Failure::Arrival => Unavailable::Failed(0),
            }
        })
    }

    fn try_transaction<T>(
        &mut self,
        work: impl FnOnce(&mut Keeper<'c>, &Known) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        if !self.place.has_ours() {
            return Err(Failure::Store(Unavailable::Replaced));
        }
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        let state = Some(self.connection.pragma_query_value(None, "data_version", |row| row.get(0))?);
        if state != self.seen {
            self.keeper = None;
            self.seen = state;
        }
        let keeper = match &mut self.keeper {
            Some(keeper) => keeper,
            none => none.insert(Keeper::new(self.connection, self.limits)?),
        };
        keeper.begin();
        let done = work(keeper, &self.known)?;
        self.connection.execute_batch("COMMIT")?;
        let has_deleted = std::mem::take(&mut keeper.has_deleted);
        self.must_empty_log |= has_deleted;
        self.must_rewrite |= std::mem::take(&mut keeper.must_rewrite) | has_deleted;
        *self.shared.lock().unwrap_or_else(PoisonError::into_inner) = keeper.quarantine.state();
        Ok(done)
    }

    /// In which time tables must be rewritten, if they must.
    fn rewrite_in(&self) -> Option<Duration> {
        let since = self.rewritten.map(|rewritten| rewritten.elapsed());
        let pause = since.map_or(Duration::ZERO, |since| self.limits.rewrite_pause.saturating_sub(since));
        self.must_rewrite.then_some(pause)
    }

    /// Rewrites the tables of which something was deleted. After a failure, it is tried again as if it had been done.
    fn rewrite(&mut self) {
        if !self.must_rewrite {
            return;
        }
        self.rewritten = Some(Instant::now());
        let rewritten = self.transaction(|keeper, _| Ok(rewrite::small(keeper.connection)?));
        self.must_rewrite = rewritten.is_err();
        self.must_empty_log |= rewritten.is_ok();
    }

    /// Moves everything from the log into the file, where what was deleted is overwritten, and empties the log.
    pub(super) fn empty_log(&mut self) {
        if !self.must_empty_log {
            return;
        }
        // A reader of an older state hinders it. Nobody waits for that reader.
        let _ = self.connection.busy_timeout(Duration::ZERO);
        let is_busy: rusqlite::Result<bool> =
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
        let _ = self.connection.busy_timeout(PATIENCE);
        self.must_empty_log = is_busy.unwrap_or(true);
    }
}

/// An arrival that cannot be stored does not hinder the others.
fn keep(keeper: &mut Keeper<'_>, known: &Known, item: Item) -> Result<Fate, Failure> {
    match keeper.keep(item, known) {
        Err(Failure::Arrival) => Ok(Fate::Refused),
        kept => kept,
    }
}
