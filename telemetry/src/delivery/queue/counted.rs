//! Events of which equal ones are counted: what becomes of them, and when the worker writes their counts.

use std::sync::Arc;
use std::time::Instant;

use super::state::Worker;
use super::{Loss, Missing, Queue, StoredEvent, Waiting};

impl Queue {
    /// Counts an event as published of which equal ones are counted, and gives it a number.
    pub(in super::super) fn admit_to_count(&self) -> Result<u64, Loss> {
        let mut state = self.lock();
        let ticket = state.admit()?;
        // At once: another thread may find that it is lost.
        state.counts.counted += 1;
        Ok(ticket)
    }

    /// Records the outcome of such an event. Returns what is missing for the counts to move on when they are due.
    pub(in super::super) fn counted(&self, outcome: Result<(), Loss>) -> Option<Missing> {
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
    pub(in super::super) fn take_counted(&self, events: Vec<StoredEvent>, are_stored: bool) {
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

    /// Has the worker write counts at this time, and starts it if it does not run.
    pub(in super::super) fn write_counts_at(
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
    pub(in super::super) fn set_counts_due(&self, at: Instant) {
        self.lock().counts_due = Some(at);
    }

    /// Records that events that are counted as such are lost.
    pub(in super::super) fn uncount(&self, loss: Loss, events: u64) {
        self.lock().counts.uncount(loss, events);
    }
}
