//! The thread that writes: what waits becomes one transaction, which is synced before anybody is answered.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::Duration;

use rusqlite::Connection;

use super::adopt::{self, Adopted};
use super::failure::Failure;
use super::keeper::{Keeper, Known};
use super::open::PATIENCE;
use super::queue::{Answer, Command, Write};
use super::retain::{self, Retained, Retention};
use super::{Limits, Unavailable, installs};
use crate::arrival::{Arrival, Day, Fate};
use crate::check::KnownSchema;

/// While the log must be emptied and a reader hinders that, it is tried again after this time.
const AGAIN: Duration = Duration::from_millis(500);

/// Writes until the store is closed.
pub(super) fn run(connection: &Connection, commands: &Receiver<Command>, limits: Limits) {
    let mut thread =
        Thread { connection, limits, keeper: None, known: Known::new(), tasks: VecDeque::new(), must_empty_log: false };
    loop {
        let Group { writes, is_last } = thread.wait(commands);
        thread.write(writes);
        if is_last {
            break;
        }
        thread.work();
        thread.empty_log();
    }
}

/// What waited together.
#[derive(Default)]
struct Group {
    writes: Vec<Write>,
    is_last: bool,
}

/// Work that is done in parts, with writes between them.
enum Task {
    Adopt { schemas: Vec<Arc<KnownSchema>>, adopted: Adopted, answer: Answer<Adopted> },
    Retain { when: When, retained: Retained, answer: Answer<Retained> },
}

/// Before and after it is decided which rows are kept.
enum When {
    Asked(Day, u16),
    Begun(Retention),
}

struct Thread<'c> {
    connection: &'c Connection,
    limits: Limits,
    keeper: Option<Keeper<'c>>,
    known: Known,
    tasks: VecDeque<Task>,
    /// Whether the log holds what was deleted.
    must_empty_log: bool,
}

impl<'c> Thread<'c> {
    /// Takes everything that waits, or waits until something does.
    fn wait(&mut self, commands: &Receiver<Command>) -> Group {
        let mut group = Group::default();
        let mut next = if !self.tasks.is_empty() {
            commands.try_recv().map_err(|error| error == TryRecvError::Disconnected)
        } else if self.must_empty_log {
            commands.recv_timeout(AGAIN).map_err(|error| error == RecvTimeoutError::Disconnected)
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
        match command {
            Command::Write(write) => group.writes.push(write),
            Command::Adopt(schemas, answer) => {
                for schema in &schemas {
                    let known = self.known.entry(schema.hash()).or_default();
                    if known.iter().all(|known| known.event() != schema.event()) {
                        known.push(Arc::clone(schema));
                    }
                }
                self.tasks.push_back(Task::Adopt { schemas, adopted: Adopted::default(), answer });
            }
            Command::Retain(today, days, answer) => {
                let when = When::Asked(today, days);
                self.tasks.push_back(Task::Retain { when, retained: Retained::default(), answer });
            }
            Command::Close => group.is_last = true,
        }
    }

    /// Writes a group in one transaction, and answers once it is on disk.
    fn write(&mut self, mut writes: Vec<Write>) {
        if writes.is_empty() {
            return;
        }
        let arrivals: Vec<Vec<Arrival>> = writes.iter_mut().map(|write| std::mem::take(&mut write.arrivals)).collect();
        let written = self.transaction(|keeper, known| {
            let mut fates = Vec::with_capacity(arrivals.len());
            for arrivals in arrivals {
                fates.push(arrivals.into_iter().map(|arrival| keep(keeper, known, arrival)).collect::<Result<_, _>>()?);
            }
            if keeper.has_deleted {
                installs::rewrite(keeper.connection)?;
            }
            Ok(fates)
        });
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
        match self.tasks.pop_front() {
            Some(Task::Adopt { schemas, adopted, answer }) => self.adopt(schemas, adopted, answer),
            Some(Task::Retain { when, retained, answer }) => self.retain(when, retained, answer),
            None => {}
        }
    }

    fn adopt(&mut self, mut schemas: Vec<Arc<KnownSchema>>, mut adopted: Adopted, answer: Answer<Adopted>) {
        let Some(schema) = schemas.pop() else {
            let _ = answer.send(Ok(adopted));
            return;
        };
        match self.transaction(|keeper, _| adopt::adopt(keeper, &schema, &mut adopted)) {
            Ok(has_more) => {
                if has_more {
                    schemas.push(schema);
                }
                self.tasks.push_front(Task::Adopt { schemas, adopted, answer });
            }
            Err(reason) => {
                let _ = answer.send(Err(reason));
            }
        }
    }

    fn retain(&mut self, when: When, mut retained: Retained, answer: Answer<Retained>) {
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
            keeper.quarantine.count(keeper.connection)?;
            keeper.rejects.count()?;
            keeper.has_deleted = true;
            Ok(None)
        });
        match worked {
            Ok(Some(retention)) => {
                self.tasks.push_front(Task::Retain { when: When::Begun(retention), retained, answer });
            }
            Ok(None) => {
                self.empty_log();
                let _ = answer.send(Ok(retained));
            }
            Err(reason) => {
                let _ = answer.send(Err(reason));
            }
        }
    }

    /// Does something in a transaction of its own. After a failure nothing of it is left.
    fn transaction<T>(
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
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        let keeper = match &mut self.keeper {
            Some(keeper) => keeper,
            none => none.insert(Keeper::new(self.connection, self.limits)?),
        };
        let done = work(keeper, &self.known)?;
        self.connection.execute_batch("COMMIT")?;
        self.must_empty_log |= std::mem::take(&mut keeper.has_deleted);
        Ok(done)
    }

    /// Moves everything from the log into the file, where what was deleted is overwritten, and empties the log.
    fn empty_log(&mut self) {
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
fn keep(keeper: &mut Keeper<'_>, known: &Known, arrival: Arrival) -> Result<Fate, Failure> {
    match keeper.keep(arrival, known) {
        Err(Failure::Arrival) => Ok(Fate::Refused),
        kept => kept,
    }
}
