//! The queue between publishing threads and the worker: a lock around its state, and the condition variables of those that wait.

// Stated, since the models in `tests/models` include this file.
#[path = "queue/counted.rs"]
mod counted;
#[path = "queue/state.rs"]
mod state;
#[path = "queue/waits.rs"]
mod waits;

use std::sync::Arc;
use std::time::{Duration, Instant};

use self::state::{Entry, State, Turn, Worker};
use super::batching::Most;
use super::counts::{Counts, Fate, Flushed, Loss};
use super::retry::{self, Failure, Rest, TIME_TO_STORE};
use super::spool::StoredEvent;
use super::waiting::Waiting;
use crate::clock::Clock;
use crate::event::Draft;
use crate::sink::Obstacle;
use crate::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Maximum number of events that wait in memory.
pub(crate) const MAX_EVENTS: usize = 500;

/// Maximum number of bytes that wait in memory.
pub(crate) const MAX_BYTES: usize = 1024 * 1024;

// `Loss::QueueFull` tells them.
const _: () = assert!(MAX_EVENTS == 500 && MAX_BYTES == 1 << 20);

/// The events that wait for the worker, and their counts. Publishing never waits for the worker.
#[derive(Default)]
pub(crate) struct Queue {
    state: Mutex<State>,
    clock: Clock,
    /// There is work, or the worker should end.
    work: Condvar,
    /// An event has an outcome, or is on disk.
    settled: Condvar,
}

/// How much waits in memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Load {
    pub(crate) events: usize,
    /// How many of them are not on disk as well.
    pub(crate) unstored: usize,
    pub(crate) bytes: usize,
    /// Events of earlier processes.
    pub(crate) recovered: usize,
    /// How long nothing is sent, because the receiver could not take events.
    pub(crate) paused: Option<Duration>,
    /// Why the last attempt failed.
    pub(crate) obstacle: Option<Obstacle>,
}

/// What the worker does.
pub(super) enum Work {
    /// Sends these events, of which there is at least one. They stay in the queue until they are settled.
    Send(Vec<Arc<Waiting>>),
    /// Looks after what is due.
    Chores,
}

/// What is missing for something to be done when it is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    Worker,
    /// The worker does not know of it.
    Alarm,
}

impl Queue {
    /// Counts an event as published, and gives it a place in line.
    pub(super) fn admit(&self, draft: Draft) -> Result<Waiting, Loss> {
        let ticket = self.lock().admit()?;
        Ok(Waiting::fresh(ticket, self.clock.stamp(), draft))
    }

    /// Takes an event that was admitted, or counts why it could not. The first event calls `start_worker`.
    pub(super) fn push(&self, waiting: Waiting, start_worker: impl FnOnce() -> Result<(), Loss>) -> Result<(), Loss> {
        let waiting = Arc::new(waiting);
        let mut state = self.lock();
        let accepted = state.check_room(waiting.len()).and_then(|()| state.start(start_worker));
        match accepted {
            Ok(()) => {
                state.push(waiting);
                self.wake(state);
                Ok(())
            }
            // An event on disk is not lost, unless it was deleted.
            Err(loss) if waiting.is_stored() && loss != Loss::ConsentWithdrawn => {
                state.counts.spooled += 1;
                Ok(())
            }
            Err(loss) => {
                state.counts.drop_for(loss, 1);
                Err(loss)
            }
        }
    }

    /// Counts an admitted event that is on disk for another process.
    pub(super) fn leave_to_others(&self) {
        self.lock().counts.spooled += 1;
    }

    /// Asks the worker to look after what is due, and starts it if it does not run.
    pub(super) fn call(&self, start_worker: impl FnOnce() -> Result<(), Loss>) -> Result<(), Loss> {
        let mut state = self.lock();
        if state.refusal().is_none() {
            state.start(start_worker)?;
            state.has_chores = true;
            self.wake(state);
        }
        Ok(())
    }

    /// When the worker looks next after what is due.
    pub(super) fn set_alarm(&self, at: Option<Instant>) {
        self.lock().alarm = at;
    }

    /// Counts an event that was lost before it was admitted.
    pub(super) fn lose(&self, loss: Loss) {
        let mut state = self.lock();
        state.counts.published += 1;
        state.counts.drop_for(loss, 1);
    }

    /// Takes the events that earlier processes left behind. The event that failed last goes to the end.
    pub(super) fn recover(&self, mut events: Vec<StoredEvent>, failed: Option<&str>) {
        events.sort_by_key(|event| (failed == Some(&*event.id), event.at.at));
        let mut state = self.lock();
        for event in events {
            let ticket = state.ticket();
            state.recovered.published += 1;
            state.backlog.push_back(Entry::of(Arc::new(Waiting::recovered(ticket, event)), 0));
        }
        self.wake(state);
    }

    /// Whether a pause lasts longer than `time`.
    #[cfg(feature = "http")]
    pub(super) fn is_paused_for(&self, time: Duration) -> bool {
        self.load().paused.is_some_and(|pause| pause > time)
    }

    /// Starts the worker unless it has been started already.
    pub(super) fn start(&self, start_worker: impl FnOnce() -> Result<(), Loss>) -> Result<(), Loss> {
        self.lock().start(start_worker)
    }

    /// What the worker does next; `None` when it should end. Before it waits, it calls `rest` once.
    pub(super) fn next(&self, most: Most, rest: impl FnOnce()) -> Option<Work> {
        let mut rest = Some(rest);
        let mut state = self.lock();
        loop {
            let turn = state.turn(self.now(), most);
            if matches!(turn, Turn::Paused(_) | Turn::Later(_))
                && let Some(rest) = rest.take()
            {
                drop(state);
                rest();
                state = self.lock();
                continue;
            }
            match turn {
                Turn::Of(events) => return Some(Work::Send(events)),
                Turn::Chores => {
                    (state.has_chores, state.alarm, state.counts_due) = (false, None, None);
                    return Some(Work::Chores);
                }
                Turn::Over => return None,
                Turn::Paused(pause) => {
                    // An event published during a pause does not end the pause.
                    let wait = state.until_alarm(self.now()).map_or(pause, |alarm| alarm.min(pause));
                    state = self.work.wait_timeout(state, wait).unwrap_or_else(PoisonError::into_inner).0;
                }
                Turn::Later(pause) => {
                    let wait = pause.into_iter().chain(state.until_alarm(self.now())).min();
                    state.worker = Worker::Asleep;
                    state = match wait {
                        Some(wait) => self.work.wait_timeout(state, wait).unwrap_or_else(PoisonError::into_inner).0,
                        None => self.work.wait(state).unwrap_or_else(PoisonError::into_inner),
                    };
                    state.worker = Worker::Busy;
                }
            }
        }
    }

    /// Records the outcome of an event that `next` returned. After the end, the event has been counted already.
    pub(super) fn settle(&self, ticket: u64, fate: Fate) {
        self.lock().settle(ticket, fate);
        self.settled.notify_all();
    }

    /// The receiver has taken or refused an event: what failed before is over.
    pub(super) fn answered(&self) {
        let mut state = self.lock();
        state.backoff.succeed();
        state.obstacle = None;
    }

    /// Whether the event is the only one left of earlier processes.
    pub(super) fn is_last_recovered(&self, ticket: u64) -> bool {
        let state = self.lock();
        state.backlog.len() == 1 && state.backlog.iter().all(|entry| entry.waiting.ticket == ticket)
    }

    /// The receiver could not take these events: nothing is sent for a while, and each of these events waits even longer. Returns the
    /// length of the pause.
    pub(super) fn postpone(
        &self,
        tickets: impl IntoIterator<Item = u64>,
        failure: Failure,
        obstacle: Option<Obstacle>,
    ) -> Duration {
        let mut state = self.lock();
        state.obstacle = obstacle;
        let now = self.now();
        let pause = state.backoff.fail(failure, now);
        for ticket in tickets {
            if let Some(entry) = state.entry(ticket) {
                entry.backoff.fail(failure, now);
            }
        }
        pause
    }

    /// The pause to leave for other processes, after this event failed.
    pub(super) fn rest(&self, event: &str) -> Option<Rest> {
        let state = self.lock();
        state.backoff.rest(&self.clock.now(), event, state.obstacle)
    }

    /// Obeys a pause that another process left, and returns whether there is one now.
    pub(super) fn obey(&self, rest: &Rest) -> bool {
        let mut state = self.lock();
        let is_paused = state.backoff.obey(rest, &self.clock.now());
        if is_paused {
            state.obstacle = state.obstacle.or(rest.obstacle);
        }
        is_paused
    }

    /// Records how long an attempt took.
    pub(super) fn took(&self, time: Duration) {
        let mut state = self.lock();
        state.usual = Some(retry::usual(state.usual, time));
    }

    /// Something was written to disk, so a thread that waits for the end may be able to stop waiting.
    pub(super) fn stored(&self) {
        // A waiting thread has either checked already and sleeps, or checks after this.
        drop(self.lock());
        self.settled.notify_all();
    }

    /// Another process has taken the events on disk, and sends them.
    pub(super) fn hand_over(&self) {
        let mut state = self.lock();
        let stored = state.entries().filter(|entry| entry.waiting.is_stored());
        for ticket in stored.map(|entry| entry.waiting.ticket).collect::<Vec<_>>() {
            state.settle(ticket, Fate::Spooled);
        }
        self.settled.notify_all();
    }

    /// Marks the events that were on disk as no longer there.
    pub(super) fn unstore(&self) {
        for entry in &self.lock().fresh {
            entry.waiting.set_stored(false);
        }
    }

    /// The events that exist in memory only.
    pub(super) fn volatile(&self) -> Vec<Arc<Waiting>> {
        self.lock().unstored().map(|entry| Arc::clone(&entry.waiting)).collect()
    }

    /// Whether the event of this client with this number waits here.
    pub(super) fn holds(&self, ticket: u64) -> bool {
        self.lock().fresh.iter().any(|entry| entry.waiting.ticket == ticket && !entry.waiting.is_settled())
    }

    /// The worker has written everything that it had to write, and ends.
    pub(super) fn worker_ended(&self) {
        self.lock().worker = Worker::Ended;
        self.notify_all();
    }

    /// The worker has panicked: nothing is sent any more.
    pub(super) fn worker_failed(&self) {
        self.lock().end(Loss::NoWorker, |entry| match entry.waiting.is_stored() {
            true => Fate::Spooled,
            false => Fate::Lost(Loss::NoWorker),
        });
    }

    /// Consent was withdrawn: no waiting event is sent. Events on disk stay there unless they are deleted.
    pub(super) fn withdraw(&self, erases: bool) {
        self.lock().end(Loss::ConsentWithdrawn, |entry| match entry.waiting.is_stored() && !erases {
            true => Fate::Spooled,
            false => Fate::Lost(Loss::ConsentWithdrawn),
        });
        self.notify_all();
    }

    /// Whether it takes events.
    pub(super) fn is_open(&self) -> bool {
        self.lock().refusal().is_none()
    }

    /// Whether [`withdraw`](Self::withdraw) has been called.
    pub(super) fn is_withdrawn(&self) -> bool {
        self.lock().refusal() == Some(Loss::ConsentWithdrawn)
    }

    /// The outcomes of this client's events.
    pub(super) fn counts(&self) -> Counts {
        self.lock().counts
    }

    /// The outcomes of earlier processes' events.
    pub(super) fn recovered(&self) -> Counts {
        self.lock().recovered
    }

    pub(super) fn load(&self) -> Load {
        let state = self.lock();
        let paused = state.backoff.left(self.now());
        Load {
            events: state.fresh.len(),
            unstored: state.unstored().count(),
            bytes: state.bytes,
            recovered: state.backlog.len(),
            paused,
            obstacle: state.obstacle,
        }
    }

    pub(super) fn has_worker(&self) -> bool {
        self.lock().worker != Worker::NotStarted
    }

    fn notify_all(&self) {
        self.settled.notify_all();
        self.work.notify_all();
    }

    fn wake(&self, mut state: MutexGuard<'_, State>) {
        if state.worker == Worker::Asleep {
            state.worker = Worker::Busy;
            // Release the lock first, so that the worker does not wake up only to wait for it.
            drop(state);
            self.work.notify_one();
        }
    }

    fn now(&self) -> Instant {
        self.clock.now().instant
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
