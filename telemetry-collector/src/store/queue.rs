//! What waits to be written. Its memory is bounded, and a writer is told at once when there is no room.

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::delete::Deletion;
use super::event_id::Stored;
#[cfg(feature = "clickhouse")]
use super::passed::Passed;
use super::quarantine::{Quarantined, Unknown};
use super::{Adopted, Retained, Unavailable, veil};
use crate::arrival::{AnonymousId, Arrival, Day, EventId, Fate, SchemaHash};
use crate::check::{Cell, KnownSchema};

/// Hands arrivals to the thread that writes. Clones share one queue.
#[derive(Clone, Debug)]
pub struct Writer {
    commands: Sender<Command>,
    room: Arc<Semaphore>,
    all: usize,
    quarantined: Shared,
}

/// What waits for schemas, as it was after the last transaction.
pub(super) type Shared = Arc<Mutex<Quarantined>>;

/// What the thread is to do.
#[derive(Debug)]
pub(super) enum Command {
    Write(Write),
    Adopt(Vec<Arc<KnownSchema>>, Answer<Adopted>),
    /// What is older than so many days on this day.
    Retain(Day, u16, Answer<Retained>),
    Delete(EventId, AnonymousId, Answer<Deletion>),
    /// What waits for this schema, or for any.
    Purge(Option<SchemaHash>, Answer<u64>),
    /// Rows that another store has.
    #[cfg(feature = "clickhouse")]
    Remove(Vec<Passed>, Answer<()>),
    Close,
}

/// An arrival as it is handed to the thread.
#[derive(Debug)]
pub(super) enum Item {
    Unknown(Unknown),
    Other(Arrival),
}

impl Item {
    /// Hides what a sender may have written, so that the thread need not.
    fn of(arrival: Arrival) -> Self {
        let Arrival::Unknown { envelope, schema, event, payload } = arrival else { return Self::Other(arrival) };
        let hidden = veil::hide(&payload, Stored::new(envelope.id).as_bytes());
        let bytes = u64::try_from(payload.len()).unwrap_or(u64::MAX);
        Self::Unknown(Unknown { envelope, schema, event, bytes, hidden })
    }
}

/// Arrivals and who waits for their fates.
#[derive(Debug)]
pub(super) struct Write {
    pub(super) items: Vec<Item>,
    pub(super) answer: Answer<Vec<Fate>>,
    /// The room that they take until they are answered.
    _room: OwnedSemaphorePermit,
}

/// Where an answer is waited for.
pub(super) type Answer<T> = oneshot::Sender<Result<T, Unavailable>>;

pub(super) fn queue(bytes: usize, quarantined: Shared) -> (Writer, Receiver<Command>) {
    let all = bytes.min(Semaphore::MAX_PERMITS);
    let (sender, receiver) = mpsc::channel();
    (Writer { commands: sender, room: Arc::new(Semaphore::new(all)), all, quarantined }, receiver)
}

impl Writer {
    /// Writes arrivals, and gives the fate of each once all are on disk.
    ///
    /// Who stops waiting does not stop the write.
    ///
    /// # Errors
    ///
    /// If nothing of it was written. The sender should try again later; what was written after all is a duplicate then.
    pub async fn write(&self, arrivals: Vec<Arrival>) -> Result<Vec<Fate>, Unavailable> {
        let bytes = arrivals.iter().map(size).sum::<usize>().min(self.all);
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.room).try_acquire_many_owned(bytes).map_err(|_| Unavailable::Busy)?;
        let items = arrivals.into_iter().map(Item::of).collect();
        self.ask(|answer| Command::Write(Write { items, answer, _room: room })).await
    }

    /// Takes the events out of quarantine that have one of these schemas. From now on, no event of them waits.
    ///
    /// Calls add to each other.
    ///
    /// # Errors
    ///
    /// If not all could be taken in. Those that were not wait still.
    pub async fn adopt(&self, schemas: Vec<Arc<KnownSchema>>) -> Result<Adopted, Unavailable> {
        self.ask(|answer| Command::Adopt(schemas, answer)).await
    }

    /// Counts and deletes events that are older than a number of days, at least [`LEAST_RETENTION`](super::LEAST_RETENTION).
    ///
    /// If much is due, it deletes the events of the [7 oldest days](super::MOST_DAYS_AT_ONCE) that have any. Further calls with the same `today` leave the rest.
    ///
    /// # Errors
    ///
    /// If not all could be deleted. Each day is either deleted and counted, or neither.
    pub async fn retain(&self, today: Day, days: u16) -> Result<Retained, Unavailable> {
        self.ask(|answer| Command::Retain(today, days, answer)).await
    }

    /// Deletes everything of an installation, as an arrival of this id that asks for it does, and says whether there was anything.
    ///
    /// # Errors
    ///
    /// If nothing was deleted.
    pub async fn delete(&self, id: EventId, anonymous_id: AnonymousId) -> Result<Deletion, Unavailable> {
        self.ask(|answer| Command::Delete(id, anonymous_id, answer)).await
    }

    /// Deletes events that wait for a schema: for the one with this hash, or for any. Says how many they were.
    ///
    /// # Errors
    ///
    /// If not all could be deleted.
    pub async fn purge(&self, schema: Option<SchemaHash>) -> Result<u64, Unavailable> {
        self.ask(|answer| Command::Purge(schema, answer)).await
    }

    /// Removes rows that another store has.
    #[cfg(feature = "clickhouse")]
    pub(crate) async fn remove(&self, passed: Vec<Passed>) -> Result<(), Unavailable> {
        self.ask(|answer| Command::Remove(passed, answer)).await
    }

    /// What waits for schemas, as it was after the last write of this store.
    #[must_use]
    pub fn quarantined(&self) -> Quarantined {
        *self.quarantined.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn close(&self) {
        // A thread that ended is closed.
        let _ = self.commands.send(Command::Close);
    }

    async fn ask<T>(&self, command: impl FnOnce(Answer<T>) -> Command) -> Result<T, Unavailable> {
        let (answer, answered) = oneshot::channel();
        self.commands.send(command(answer)).map_err(|_| Unavailable::Closed)?;
        answered.await.unwrap_or(Err(Unavailable::Closed))
    }
}

/// About how much memory an arrival takes. A payload of many short texts grows when they are hidden.
pub(crate) fn size(arrival: &Arrival) -> usize {
    let more = match arrival {
        Arrival::Event { cells, .. } => cells.capacity() * size_of::<Cell>() + cells.iter().map(cell).sum::<usize>(),
        Arrival::Unknown { event, payload, .. } => event.capacity() + 3 * payload.capacity(),
        Arrival::Reject { reason, .. } => reason.path.capacity(),
        Arrival::Deletion { .. } => 0,
    };
    size_of::<Arrival>() + more
}

fn cell(cell: &Cell) -> usize {
    match cell {
        Cell::Json(bytes) => bytes.capacity(),
        _ => 0,
    }
}
