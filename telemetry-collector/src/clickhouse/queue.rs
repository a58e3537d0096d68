//! The queue of events that wait for the engine. Its size is bounded: a writer gets an error at once when it is full.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::arrival::{AnonymousId, Arrival, Day, EventId, Fate};
use crate::check::{Known, KnownSchema};
use crate::receive::{Keep, Later};
use crate::store::{self, Deletion, Passed, Quarantined, Retained, Unavailable};

/// Hands arrivals to the engine and to the file beside it. Clones share one queue.
///
/// Events go to the engine. What has no schema yet and what does not fit its schema goes to the [file](store::Store), where its room is counted.
#[derive(Clone, Debug)]
pub struct Writer {
    commands: Sender<Command>,
    room: Arc<Semaphore>,
    all: usize,
    beside: store::Writer,
}

/// What the thread is to do.
#[derive(Debug)]
pub(super) enum Command {
    Write(Write),
    /// What is older than so many days on this day, whether or not it is this collector's turn.
    Retain(Day, u16, Turn, Answer<Retained>),
    /// Makes the tables of these schemas.
    Know(Vec<Arc<KnownSchema>>, Answer<()>),
    /// Takes over the rows of the file beside.
    Forward(Answer<Forwarded>),
    /// Deletes everything of an installation, as if another collector did it.
    Delete(EventId, AnonymousId, Answer<Deletion>),
    Close,
}

/// When a collector deletes what is old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Now.
    Any,
    /// Unless another one does it.
    Own,
}

/// Arrivals and who waits for their fates.
#[derive(Debug)]
pub(super) struct Write {
    pub(super) arrivals: Vec<Arrival>,
    pub(super) answer: Answer<Vec<Outcome>>,
    /// The room that they take until they are answered.
    pub(super) room: OwnedSemaphorePermit,
}

/// What became of an arrival in the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Fate(Fate),
    Deletion(Deletion),
}

/// What was taken over of the file beside.
#[derive(Debug)]
pub(super) struct Forwarded {
    pub(super) rows: u64,
    /// The rows that are to leave the file.
    pub(super) passed: Vec<Passed>,
}

/// Where an answer is waited for.
pub(super) type Answer<T> = oneshot::Sender<Result<T, Unavailable>>;

pub(super) fn queue(bytes: usize, beside: store::Writer) -> (Writer, Receiver<Command>) {
    let all = bytes.min(Semaphore::MAX_PERMITS);
    let (sender, receiver) = mpsc::channel();
    (Writer { commands: sender, room: Arc::new(Semaphore::new(all)), all, beside }, receiver)
}

impl Writer {
    /// Writes arrivals, and gives the fate of each once the engine has acknowledged all that it is to keep.
    ///
    /// # Errors
    ///
    /// If not all was acknowledged. The sender should try again later; what was written after all is a duplicate then.
    pub async fn write(&self, arrivals: Vec<Arrival>) -> Result<Vec<Fate>, Unavailable> {
        let is_probe = arrivals.is_empty();
        let last_deletions = last_deletions(&arrivals);
        let (mut there, mut beside, mut places) = (Vec::new(), Vec::new(), Vec::with_capacity(arrivals.len()));
        let mut deletions = Vec::new();
        for (at, arrival) in arrivals.into_iter().enumerate() {
            match arrival {
                Arrival::Unknown { envelope, .. }
                    if last_deletions.get(&envelope.anonymous_id).is_some_and(|deletion| at < *deletion) =>
                {
                    places.push(Place::Nowhere);
                }
                Arrival::Event { .. } => {
                    places.push(Place::There(there.len()));
                    there.push(arrival);
                }
                Arrival::Unknown { .. } | Arrival::Reject { .. } => {
                    places.push(Place::Beside(beside.len()));
                    beside.push(arrival);
                }
                Arrival::Deletion { id, anonymous_id } => {
                    places.push(Place::There(there.len()));
                    there.push(arrival);
                    deletions.push(Arrival::Deletion { id, anonymous_id });
                }
            }
        }
        // The file comes first. What the engine has taken over of it until then is there when it deletes, and later it finds nothing to take over. Its fate is that
        // in the engine: who asks for a deletion again finds that it is not done while it is not done there.
        if !deletions.is_empty() {
            self.beside.write(deletions).await?;
        }
        let there = if there.is_empty() && !is_probe { Vec::new() } else { self.hand_over(there).await? };
        let beside = if beside.is_empty() && !is_probe { Vec::new() } else { self.beside.write(beside).await? };
        if beside.contains(&Fate::Stored) {
            // Its schema came after the receiver looked for it. What is not handed on now is later.
            let _ = self.forward().await;
        }
        let fate = |place: Place| match place {
            Place::There(at) => there.get(at).map(|outcome| outcome.fate()),
            Place::Beside(at) => beside.get(at).copied(),
            Place::Nowhere => Some(Fate::Quarantined),
        };
        places.into_iter().map(|place| fate(place).ok_or(Unavailable::Closed)).collect()
    }

    /// Makes the tables of these schemas, and takes in the events that waited for them beside. Says how many were taken in.
    ///
    /// # Errors
    ///
    /// If not all could be taken in. Those that were not wait still.
    pub async fn adopt(&self, schemas: Vec<Arc<KnownSchema>>) -> Result<u64, Unavailable> {
        self.ask(|answer| Command::Know(schemas.clone(), answer)).await?;
        self.beside.adopt(schemas).await?;
        self.forward().await
    }

    /// Takes over the rows of the file beside: events whose schema came after they did. Says how many they were.
    ///
    /// # Errors
    ///
    /// If not all could be taken over. The next call goes on.
    pub async fn forward(&self) -> Result<u64, Unavailable> {
        let Forwarded { rows, passed } = self.ask(Command::Forward).await?;
        if !passed.is_empty() {
            self.beside.remove(passed).await?;
        }
        Ok(rows)
    }

    /// Counts and deletes events that are older than a number of days, as [`store::Writer::retain`] does.
    ///
    /// It must not run in two collectors at once, nor twice in one.
    ///
    /// # Errors
    ///
    /// If not all could be deleted.
    pub async fn retain(&self, today: Day, days: u16) -> Result<Retained, Unavailable> {
        self.retain_in(Turn::Any, today, days).await
    }

    /// The same, but of several collectors, one does it in the engine within six hours. It can do it again in them, as after a failure.
    ///
    /// # Errors
    ///
    /// If not all could be deleted.
    pub async fn retain_in_turn(&self, today: Day, days: u16) -> Result<Retained, Unavailable> {
        self.retain_in(Turn::Own, today, days).await
    }

    async fn retain_in(&self, turn: Turn, today: Day, days: u16) -> Result<Retained, Unavailable> {
        let there = self.ask(|answer| Command::Retain(today, days, turn, answer)).await?;
        let beside = self.beside.retain(today, days).await?;
        let postponed_days = there.postponed_days.max(beside.postponed_days);
        Ok(Retained { quarantined: beside.quarantined, postponed_days, ..there })
    }

    /// Deletes everything of an installation, and says whether there was anything.
    ///
    /// It counts as a deletion at another collector, so that it may run beside a collector with the same file, which may be sending events of it.
    ///
    /// # Errors
    ///
    /// If not all could be deleted.
    pub async fn delete(&self, id: EventId, anonymous_id: AnonymousId) -> Result<Deletion, Unavailable> {
        // In this order, as in `write`.
        let beside = self.beside.delete(id, anonymous_id).await?;
        let there = self.ask(|answer| Command::Delete(id, anonymous_id, answer)).await?;
        Ok(match (there, beside) {
            (Deletion::Deleted { events }, Deletion::Deleted { events: more }) => {
                Deletion::Deleted { events: events.saturating_add(more) }
            }
            (Deletion::Deleted { .. }, _) => there,
            (_, Deletion::Deleted { .. }) => beside,
            _ => there,
        })
    }

    /// What waits for schemas beside.
    #[must_use]
    pub fn quarantined(&self) -> Quarantined {
        self.beside.quarantined()
    }

    pub(super) fn close(&self) {
        // A thread that ended is closed.
        let _ = self.commands.send(Command::Close);
    }

    async fn hand_over(&self, arrivals: Vec<Arrival>) -> Result<Vec<Outcome>, Unavailable> {
        let bytes = arrivals.iter().map(store::size).sum::<usize>().min(self.all);
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.room).try_acquire_many_owned(bytes).map_err(|_| Unavailable::Busy)?;
        self.ask(|answer| Command::Write(Write { arrivals, answer, room })).await
    }

    async fn ask<T>(&self, command: impl FnOnce(Answer<T>) -> Command) -> Result<T, Unavailable> {
        let (answer, answered) = oneshot::channel();
        self.commands.send(command(answer)).map_err(|_| Unavailable::Closed)?;
        answered.await.unwrap_or(Err(Unavailable::Closed))
    }
}

/// Where an arrival went, and its place there.
enum Place {
    There(usize),
    Beside(usize),
    /// It would wait, and is deleted by an arrival that came together with it. If that had to be sent again, it would be taken for one that came later.
    Nowhere,
}

/// The place of the last deletion of each installation.
fn last_deletions(arrivals: &[Arrival]) -> HashMap<AnonymousId, usize> {
    let deletion = |(at, arrival): (usize, &Arrival)| match arrival {
        Arrival::Deletion { anonymous_id, .. } => Some((*anonymous_id, at)),
        _ => None,
    };
    arrivals.iter().enumerate().filter_map(deletion).collect()
}

impl Outcome {
    /// A stranger is not told whether there was anything to delete.
    const fn fate(self) -> Fate {
        match self {
            Self::Fate(fate) => fate,
            Self::Deletion(Deletion::Repeated) => Fate::Duplicate,
            Self::Deletion(Deletion::Nothing | Deletion::Deleted { .. }) => Fate::Deleted,
        }
    }
}

impl Keep for Writer {
    fn keep(&self, arrivals: Vec<Arrival>) -> Later<'_, Vec<Fate>> {
        Box::pin(self.write(arrivals))
    }

    fn know(&self, known: Arc<Known>) -> Later<'_, ()> {
        let schemas = known.events().flat_map(|(_, schemas)| schemas).cloned().collect();
        Box::pin(async { self.adopt(schemas).await.map(drop) })
    }

    fn quarantined(&self) -> Quarantined {
        self.quarantined()
    }
}
