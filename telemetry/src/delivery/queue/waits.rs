//! What a thread waits for: an outcome of all that waits, or the end.

use std::sync::Arc;
use std::time::Duration;

use super::state::{End, Phase, State};
use super::{Fate, Flushed, Loss, MutexGuard, Obstacle, PoisonError, Queue, TIME_TO_STORE, Waiting, retry};

impl Queue {
    /// Waits until every event that waits now has an outcome, or the time is up.
    pub(in super::super) fn flush(&self, timeout: Duration) -> Flushed {
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
    pub(in super::super) fn drain(&self, timeout: Duration) {
        let deadline = self.now().checked_add(timeout);
        let busy = |state: &mut State| !state.is_empty() && !state.backoff.outlasts(deadline);
        drop(self.settled.wait_timeout_while(self.lock(), timeout, busy));
    }

    /// Accepts no more events, and lets the worker send until `timeout`. Events that still wait then are on disk, or are counted as lost.
    ///
    /// `store` starts writing the events that are in memory only to disk, for a worker that still waits for an answer.
    /// If nothing can be stored, the worker sends until the last moment.
    pub(in super::super) fn close(
        &self,
        timeout: Duration,
        can_store: bool,
        store: impl FnOnce(Vec<Arc<Waiting>>),
    ) -> Flushed {
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
        let is_choice_unreadable = state.obstacle == Some(Obstacle::ChoiceUnreadable);
        state.end(Loss::ShutDown, |entry| match entry.backoff.has_failed() {
            _ if entry.waiting.is_stored() => Fate::Spooled,
            _ if is_choice_unreadable => Fate::Lost(Loss::ChoiceUnreadable),
            false => Fate::Lost(Loss::Ended),
            true => Fate::Lost(Loss::Undelivered),
        });
        let flushed = state.remove_flush(number);
        drop(state);
        self.notify_all();
        flushed
    }

    /// Waits until the worker has ended, and returns whether it has.
    pub(in super::super) fn wait_for_worker(&self, timeout: Duration) -> bool {
        !self.wait_while(self.lock(), timeout, State::is_working).is_working()
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
}
