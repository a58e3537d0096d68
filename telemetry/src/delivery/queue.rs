use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::counts::{Counts, Flushed, Loss};
use crate::event::Draft;

/// Most events that wait.
pub(crate) const MAX_EVENTS: usize = 500;

/// Most bytes that wait.
pub(crate) const MAX_BYTES: usize = 1024 * 1024;

/// What waits for the worker, and the account of it. Whoever publishes never waits for the worker.
#[derive(Default)]
pub(crate) struct Queue {
    state: Mutex<State>,
    /// There is work, or the worker should end.
    work: Condvar,
    /// A flush has its answer.
    flushed: Condvar,
}

#[derive(Default)]
struct State {
    /// The first one may be on its way: it stays until its outcome is known, so that it is lost at no end of the client.
    waiting: VecDeque<Arc<Waiting>>,
    bytes: usize,
    counts: Counts,
    flushes: Vec<Flush>,
    last_flush: u64,
    phase: Phase,
    worker: Worker,
}

/// An event in the queue. Its number is part of the id by which a receiver knows it again.
pub(crate) struct Waiting {
    pub(crate) number: u64,
    pub(crate) draft: Draft,
}

/// One who waits for what had been published, and what became of it so far.
struct Flush {
    number: u64,
    answer: Flushed,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Phase {
    #[default]
    Open,
    /// What waits is still sent, and nothing more is accepted.
    Closing,
    Closed,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Worker {
    #[default]
    NotStarted,
    Busy,
    Asleep,
}

impl Queue {
    /// Takes an event, or counts why it did not. The first one calls `start_worker`.
    pub(crate) fn push(&self, draft: Draft, start_worker: impl FnOnce() -> Result<(), Loss>) -> Result<(), Loss> {
        let mut state = self.lock();
        state.counts.published += 1;
        let accepted = state.check_room(draft.len()).and_then(|()| {
            if state.worker == Worker::NotStarted {
                start_worker()?;
                state.worker = Worker::Busy;
            }
            Ok(())
        });
        match accepted {
            Ok(()) => {
                let number = state.counts.published;
                state.bytes += draft.len();
                state.waiting.push_back(Arc::new(Waiting { number, draft }));
                self.wake(&mut state);
            }
            Err(loss) => state.counts.drop_for(loss, 1),
        }
        accepted
    }

    /// Counts an event that was lost before it could wait.
    pub(crate) fn lose(&self, loss: Loss) -> Result<(), Loss> {
        let mut state = self.lock();
        state.counts.published += 1;
        state.counts.drop_for(loss, 1);
        Err(loss)
    }

    /// The next event, which stays in the queue until it is settled; nothing when the worker should end.
    pub(crate) fn next(&self) -> Option<Arc<Waiting>> {
        let mut state = self.lock();
        loop {
            match (state.phase, state.waiting.front()) {
                (Phase::Closed, _) | (Phase::Closing, None) => return None,
                (_, Some(first)) => return Some(Arc::clone(first)),
                (Phase::Open, None) => {}
            }
            state.worker = Worker::Asleep;
            state = self.work.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.worker = Worker::Busy;
        }
    }

    /// What became of the event that `next` gave.
    pub(crate) fn settle(&self, outcome: Result<(), Loss>) {
        let mut state = self.lock();
        // After the end it has been counted already.
        if state.phase != Phase::Closed {
            state.settle_first(outcome);
            self.flushed.notify_all();
        }
    }

    /// Waits until all that waits now has an outcome, or the time is up.
    pub(crate) fn flush(&self, timeout: Duration) -> Flushed {
        let mut state = self.lock();
        let pending = state.waiting.len() as u64;
        if pending == 0 {
            return Flushed::default();
        }
        let number = state.add_flush(pending);
        let unanswered = |state: &mut State| state.flush_answer(number).pending > 0;
        let (mut state, _) =
            self.flushed.wait_timeout_while(state, timeout, unanswered).unwrap_or_else(PoisonError::into_inner);
        state.remove_flush(number)
    }

    /// Accepts nothing more, waits as `flush` does, and counts what then still waits as lost.
    pub(crate) fn close(&self, timeout: Duration) -> Flushed {
        self.begin_to_close();
        let mut flushed = self.flush(timeout);
        flushed.dropped += std::mem::take(&mut flushed.pending);
        self.abandon(Loss::Ended);
        flushed
    }

    fn begin_to_close(&self) {
        let mut state = self.lock();
        if state.phase == Phase::Open {
            state.phase = Phase::Closing;
        }
        self.wake(&mut state);
    }

    /// Counts all that waits as lost. The worker ends as soon as it is back.
    fn abandon(&self, loss: Loss) {
        let mut state = self.lock();
        while !state.waiting.is_empty() {
            state.settle_first(Err(loss));
        }
        state.phase = Phase::Closed;
        self.flushed.notify_all();
        self.wake(&mut state);
    }

    pub(crate) fn counts(&self) -> Counts {
        self.lock().counts
    }

    fn wake(&self, state: &mut State) {
        if state.worker == Worker::Asleep {
            state.worker = Worker::Busy;
            self.work.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn check_room(&self, bytes: usize) -> Result<(), Loss> {
        if self.phase != Phase::Open {
            Err(Loss::ShutDown)
        } else if self.waiting.len() >= MAX_EVENTS || self.bytes + bytes > MAX_BYTES {
            Err(Loss::QueueFull)
        } else {
            Ok(())
        }
    }

    fn settle_first(&mut self, outcome: Result<(), Loss>) {
        let Some(first) = self.waiting.pop_front() else {
            return;
        };
        self.bytes -= first.draft.len();
        match outcome {
            Ok(()) => self.counts.delivered += 1,
            Err(loss) => self.counts.drop_for(loss, 1),
        }
        for flush in &mut self.flushes {
            flush.answer.settle(outcome);
        }
    }

    fn add_flush(&mut self, pending: u64) -> u64 {
        self.last_flush += 1;
        self.flushes.push(Flush { number: self.last_flush, answer: Flushed { pending, ..Flushed::default() } });
        self.last_flush
    }

    fn flush_answer(&self, number: u64) -> Flushed {
        let flush = self.flushes.iter().find(|flush| flush.number == number);
        flush.map(|flush| flush.answer).unwrap_or_default()
    }

    fn remove_flush(&mut self, number: u64) -> Flushed {
        let answer = self.flush_answer(number);
        self.flushes.retain(|flush| flush.number != number);
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::ZERO;

    fn push(queue: &Queue, bytes: usize) -> Result<(), Loss> {
        queue.push(Draft::of_length(bytes), || Ok(()))
    }

    #[test]
    fn bytes_are_bounded_too_and_free_again_once_settled() {
        let queue = Queue::default();
        push(&queue, MAX_BYTES - 1000).unwrap();
        assert_eq!(push(&queue, 1001), Err(Loss::QueueFull));
        push(&queue, 1000).unwrap();
        assert_eq!(push(&queue, 100), Err(Loss::QueueFull));
        queue.settle(Ok(()));
        push(&queue, MAX_BYTES - 1000).unwrap();
        assert_eq!(queue.counts().dropped_for(Loss::QueueFull), 2);
    }

    #[test]
    fn a_flush_tells_of_what_was_there_and_of_nothing_later() {
        let queue = Queue::default();
        for _ in 0..3 {
            push(&queue, 200).unwrap();
        }
        let number = queue.lock().add_flush(3);
        push(&queue, 200).unwrap();
        for outcome in [Ok(()), Err(Loss::Refused), Ok(()), Err(Loss::Refused)] {
            queue.settle(outcome);
        }
        let answer = queue.lock().remove_flush(number);
        assert_eq!((answer.delivered, answer.dropped, answer.pending), (2, 1, 0));
        assert!(queue.lock().flushes.is_empty());
    }

    #[test]
    fn a_flush_whose_time_is_up_says_what_is_pending() {
        let queue = Queue::default();
        push(&queue, 200).unwrap();
        assert_eq!(queue.flush(NOW).pending, 1);
        assert!(queue.lock().flushes.is_empty());
    }

    #[test]
    fn an_event_without_a_worker_is_lost_and_the_next_one_tries_again() {
        let queue = Queue::default();
        let outcome = queue.push(Draft::of_length(200), || Err(Loss::NoWorker));
        assert_eq!(outcome, Err(Loss::NoWorker));
        push(&queue, 200).unwrap();
        assert_eq!(queue.counts().dropped_for(Loss::NoWorker), 1);
        assert_eq!(queue.flush(NOW).pending, 1);
    }

    #[test]
    fn the_end_counts_what_waits_and_what_comes_back_late_is_not_counted_again() {
        let queue = Queue::default();
        push(&queue, 200).unwrap();
        push(&queue, 200).unwrap();
        let on_its_way = queue.next().unwrap();
        assert_eq!(on_its_way.number, 1);
        let flushed = queue.close(NOW);
        assert_eq!((flushed.dropped, flushed.pending), (2, 0));
        queue.settle(Ok(()));
        assert!(queue.next().is_none());
        let counts = queue.counts();
        assert_eq!((counts.delivered(), counts.dropped_for(Loss::Ended)), (0, 2));
    }
}
