//! The queue between publishing threads and the worker: a lock around its state, and the condition variables of those that wait.

// Stated, since the models in `tests/models` include this file.
#[path = "queue/state.rs"]
mod state;

use std::sync::Arc;
use std::time::{Duration, Instant};

use self::state::{End, Entry, Phase, State, Turn, Worker};
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
        let mut state = self.lock();
        state.counts.published += 1;
        match state.refusal() {
            Some(loss) => {
                state.counts.drop_for(loss, 1);
                Err(loss)
            }
            None => {
                let ticket = state.ticket();
                drop(state);
                Ok(Waiting::fresh(ticket, self.clock.stamp(), draft))
            }
        }
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

    /// Counts an event as published of which equal ones are counted, and gives it a number.
    pub(super) fn admit_to_count(&self) -> Result<u64, Loss> {
        let mut state = self.lock();
        state.counts.published += 1;
        match state.refusal() {
            Some(loss) => {
                state.counts.drop_for(loss, 1);
                Err(loss)
            }
            None => {
                // At once: another thread may find that it is lost.
                state.counts.counted += 1;
                Ok(state.ticket())
            }
        }
    }

    /// Records the outcome of such an event. Returns what is missing for the counts to move on when they are due.
    pub(super) fn counted(&self, outcome: Result<(), Loss>) -> Option<Missing> {
        let mut state = self.lock();
        if let Err(loss) = outcome {
            state.counts.uncount(loss, 1);
        }
        match state.worker {
            Worker::NotStarted => Some(Missing::Worker),
            Worker::Busy | Worker::Asleep => (state.alarm.is_none() && !state.has_chores).then_some(Missing::Alarm),
            Worker::Ended => None,
        }
    }

    /// Takes events with counts, which are published as events of their own.
    pub(super) fn take_counted(&self, events: Vec<StoredEvent>, are_stored: bool) {
        let mut state = self.lock();
        for event in events {
            state.counts.published += 1;
            let waiting = Arc::new(Waiting::counted(state.ticket(), event, are_stored));
            match state.check_own(waiting.len()) {
                Ok(()) => state.push(waiting),
                Err(_) if are_stored => state.counts.spooled += 1,
                Err(loss) => state.counts.drop_for(loss, 1),
            }
        }
        self.wake(state);
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

    /// Has the worker write counts at this time, and starts it if it does not run.
    pub(super) fn write_counts_at(
        &self,
        at: Instant,
        start_worker: impl FnOnce() -> Result<(), Loss>,
    ) -> Result<(), Loss> {
        let mut state = self.lock();
        state.start(start_worker)?;
        state.counts_due = Some(at);
        drop(state);
        // Also during a pause, at the end of which this would be too late.
        self.work.notify_one();
        Ok(())
    }

    /// The same for a worker that runs.
    pub(super) fn set_counts_due(&self, at: Instant) {
        self.lock().counts_due = Some(at);
    }

    /// Records that events that are counted as such are lost.
    pub(super) fn uncount(&self, loss: Loss, events: u64) {
        self.lock().counts.uncount(loss, events);
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
        let mut state = self.lock();
        if fate == Fate::Delivered {
            state.backoff.succeed();
            state.obstacle = None;
        }
        state.settle(ticket, fate);
        self.settled.notify_all();
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
        let state = self.lock();
        let volatile = state.fresh.iter().filter(|entry| !entry.waiting.is_stored());
        volatile.map(|entry| Arc::clone(&entry.waiting)).collect()
    }

    /// Waits until every event that waits now has an outcome, or the time is up.
    pub(super) fn flush(&self, timeout: Duration) -> Flushed {
        let mut state = self.lock();
        let number = state.add_flush();
        let (mut state, _) = self
            .settled
            .wait_timeout_while(state, timeout, |state| state.flush_answer(number).pending > 0)
            .unwrap_or_else(PoisonError::into_inner);
        state.remove_flush(number)
    }

    /// Waits until no event waits, including those of earlier processes, or the time is up, or a pause outlasts the timeout.
    #[cfg(feature = "http")]
    pub(super) fn drain(&self, timeout: Duration) {
        let deadline = self.now().checked_add(timeout);
        let busy = |state: &mut State| !state.is_empty() && !state.backoff.outlasts(deadline);
        drop(self.settled.wait_timeout_while(self.lock(), timeout, busy));
    }

    /// Accepts no more events, and lets the worker send until `timeout`. Events that still wait then are on disk, or are counted as lost.
    ///
    /// `store` starts writing the events that are in memory only to disk, for a worker that still waits for an answer.
    /// If nothing can be stored, the worker sends until the last moment.
    pub(super) fn close(&self, timeout: Duration, can_store: bool, store: impl FnOnce(Vec<Arc<Waiting>>)) -> Flushed {
        let start = self.now();
        let mut state = self.lock();
        if state.phase == Phase::Open {
            state.phase = Phase::Closing;
            state.end = Some(End::at(start, timeout, can_store));
        }
        if matches!(state.phase, Phase::Closed(_)) {
            return Flushed::default();
        }
        let number = state.add_flush();
        self.work.notify_all();
        let state = self.wait_while(state, retry::store_after(timeout), State::is_working);
        let stores_from = self.now();
        if state.is_working() && state.has_volatile() {
            drop(state);
            store(self.volatile());
        } else {
            drop(state);
        }
        let left = |time: Duration, since| time.saturating_sub(self.now().saturating_duration_since(since));
        let state = self.wait_while(self.lock(), left(timeout, start), State::is_working);
        // Wait a little longer for the disk.
        let is_writing = |state: &State| state.is_working() && (state.has_volatile() || state.is_empty());
        let mut state = self.wait_while(state, left(TIME_TO_STORE, stores_from), is_writing);
        state.end(Loss::ShutDown, |entry| match entry.backoff.has_failed() {
            _ if entry.waiting.is_stored() => Fate::Spooled,
            false => Fate::Lost(Loss::Ended),
            true => Fate::Lost(Loss::Undelivered),
        });
        let flushed = state.remove_flush(number);
        drop(state);
        self.notify_all();
        flushed
    }

    fn wait_while<'a>(
        &self,
        state: MutexGuard<'a, State>,
        time: Duration,
        condition: impl Fn(&State) -> bool,
    ) -> MutexGuard<'a, State> {
        let waited = self.settled.wait_timeout_while(state, time, |state| condition(state));
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// The worker has written everything that it had to write, and ends.
    pub(super) fn worker_ended(&self) {
        self.lock().worker = Worker::Ended;
        self.notify_all();
    }

    /// There is no consent any more: no waiting event is sent. Events on disk stay there unless they are deleted.
    pub(super) fn withdraw(&self, erases: bool) {
        self.lock().end(Loss::ConsentWithdrawn, |entry| match entry.waiting.is_stored() && !erases {
            true => Fate::Spooled,
            false => Fate::Lost(Loss::ConsentWithdrawn),
        });
        self.notify_all();
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
