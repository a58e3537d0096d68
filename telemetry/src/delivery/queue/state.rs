//! The waiting events and their counts. One thread at a time accesses them.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{MAX_BYTES, MAX_EVENTS};
use crate::delivery::batching::Most;
use crate::delivery::counts::{Counts, Fate, Flushed, Loss};
use crate::delivery::retry::{self, Backoff};
use crate::delivery::waiting::Waiting;
use crate::sink::Obstacle;

#[derive(Default)]
pub(super) struct State {
    /// Events stay here until they have an outcome, so that none is lost at the end of the client.
    pub(super) fresh: VecDeque<Entry>,
    /// Events that earlier processes left behind, oldest first. Their number is bounded on disk.
    pub(super) backlog: VecDeque<Entry>,
    pub(super) bytes: usize,
    pub(super) tickets: u64,
    /// How many events have been added to `fresh`. A ticket is drawn earlier, so tickets do not give the order of arrival.
    pub(super) taken: u64,
    pub(super) counts: Counts,
    pub(super) recovered: Counts,
    pub(super) flushes: Vec<Flush>,
    pub(super) last_flush: u64,
    /// The receiver's pause: nothing is sent while it lasts.
    pub(super) backoff: Backoff,
    /// Why the last attempt failed.
    pub(super) obstacle: Option<Obstacle>,
    /// How long an attempt takes.
    pub(super) usual: Option<Duration>,
    pub(super) phase: Phase,
    pub(super) end: Option<End>,
    pub(super) worker: Worker,
    /// The worker has been asked to look after what is due.
    pub(super) has_chores: bool,
    /// When it does so unasked.
    pub(super) alarm: Option<Instant>,
    /// When it does so because counts are to be written.
    pub(super) counts_due: Option<Instant>,
}

pub(super) struct Entry {
    pub(super) waiting: Arc<Waiting>,
    /// Its position among the events of this client, starting at 1.
    pub(super) place: u64,
    pub(super) backoff: Backoff,
}

/// A thread that waits for events published earlier, and their outcomes so far.
pub(super) struct Flush {
    pub(super) number: u64,
    pub(super) last_place: u64,
    pub(super) answer: Flushed,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Phase {
    #[default]
    Open,
    /// Waiting events are still sent, but no more are accepted.
    Closing,
    /// Events published from now on are lost for this reason.
    Closed(Loss),
}

/// When a client that is being closed stops sending.
#[derive(Clone, Copy)]
pub(super) struct End {
    /// `None` if the deadline is too far in the future for `Instant`.
    pub(super) deadline: Option<Instant>,
    /// When it stops sending events of earlier processes, unless it has events of its own.
    pub(super) drains_until: Option<Instant>,
    /// Whether unsent events are on disk.
    pub(super) can_store: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Worker {
    #[default]
    NotStarted,
    Busy,
    Asleep,
    Ended,
}

impl Entry {
    pub(super) const fn of(waiting: Arc<Waiting>, place: u64) -> Self {
        Self { waiting, place, backoff: Backoff::new() }
    }
}

impl End {
    pub(super) fn at(now: Instant, timeout: Duration, can_store: bool) -> Self {
        Self {
            deadline: now.checked_add(timeout),
            drains_until: now.checked_add(timeout.min(retry::TIME_TO_DRAIN)),
            can_store,
        }
    }

    fn left(&self, now: Instant) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.saturating_duration_since(now))
    }
}

/// The first of these events, and more as long as all bodies together are within so many bytes.
fn within<'a>(bytes: usize, events: impl Iterator<Item = &'a Arc<Waiting>>) -> Vec<Arc<Waiting>> {
    let mut sum = 0;
    let fits = |(at, waiting): &(usize, &Arc<Waiting>)| {
        sum += waiting.len();
        *at == 0 || sum <= bytes
    };
    events.enumerate().take_while(fits).map(|(_, waiting)| Arc::clone(waiting)).collect()
}

/// What the worker does next.
pub(super) enum Turn {
    Of(Vec<Arc<Waiting>>),
    /// Something else is due.
    Chores,
    /// Nothing is sent for this long.
    Paused(Duration),
    /// There is nothing to send. Wait this long if nothing arrives.
    Later(Option<Duration>),
    Over,
}

impl State {
    pub(super) fn refusal(&self) -> Option<Loss> {
        match self.phase {
            Phase::Open => None,
            Phase::Closing => Some(Loss::ShutDown),
            Phase::Closed(loss) => Some(loss),
        }
    }

    /// Counts an event as published, and gives it a number.
    pub(super) fn admit(&mut self) -> Result<u64, Loss> {
        self.counts.published += 1;
        if let Some(loss) = self.refusal() {
            self.counts.drop_for(loss, 1);
            return Err(loss);
        }
        Ok(self.ticket())
    }

    /// Whether there is room for an event that this client publishes by itself, also while it ends.
    pub(super) fn check_own(&self, bytes: usize) -> Result<(), Loss> {
        if self.phase == Phase::Closing { self.check_bytes(bytes) } else { self.check_room(bytes) }
    }

    pub(super) fn check_room(&self, bytes: usize) -> Result<(), Loss> {
        self.refusal().map_or_else(|| self.check_bytes(bytes), Err)
    }

    fn check_bytes(&self, bytes: usize) -> Result<(), Loss> {
        let is_full = self.fresh.len() >= MAX_EVENTS || self.bytes + bytes > MAX_BYTES;
        if is_full { Err(Loss::QueueFull) } else { Ok(()) }
    }

    pub(super) fn start(&mut self, start_worker: impl FnOnce() -> Result<(), Loss>) -> Result<(), Loss> {
        if self.worker == Worker::NotStarted {
            start_worker()?;
            self.worker = Worker::Busy;
        }
        Ok(())
    }

    pub(super) const fn ticket(&mut self) -> u64 {
        self.tickets += 1;
        self.tickets
    }

    /// `most` is how much is sent at once.
    pub(super) fn turn(&self, now: Instant, most: Most) -> Turn {
        if self.has_chores && !matches!(self.phase, Phase::Closed(_)) {
            return Turn::Chores;
        }
        if self.is_over(now) {
            return Turn::Over;
        }
        if self.until_alarm(now) == Some(Duration::ZERO) {
            return Turn::Chores;
        }
        if let Some(pause) = self.backoff.left(now) {
            return self.unless_beyond_the_end(pause, now, Turn::Paused(pause));
        }
        let ready = self.entries().filter(|entry| entry.backoff.left(now).is_none());
        let ready = within(most.bytes, ready.map(|entry| &entry.waiting).take(most.lines));
        if !ready.is_empty() {
            return Turn::Of(ready);
        }
        match self.entries().filter_map(|entry| entry.backoff.left(now)).min() {
            Some(pause) => self.unless_beyond_the_end(pause, now, Turn::Later(Some(pause))),
            None => Turn::Later(None),
        }
    }

    pub(super) fn until_alarm(&self, now: Instant) -> Option<Duration> {
        let alarm = self.alarm.into_iter().chain(self.counts_due).min();
        alarm.map(|alarm| alarm.saturating_duration_since(now)).filter(|_| self.phase == Phase::Open)
    }

    /// Adds an event of this client, for which there is room.
    pub(super) fn push(&mut self, waiting: Arc<Waiting>) {
        self.bytes += waiting.len();
        self.taken += 1;
        self.fresh.push_back(Entry::of(waiting, self.taken));
    }

    /// All waiting events, oldest first.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.backlog.iter().chain(&self.fresh)
    }

    fn is_over(&self, now: Instant) -> bool {
        match (self.phase, self.end) {
            (Phase::Open, _) | (Phase::Closing, None) => false,
            (Phase::Closed(_), _) => true,
            (Phase::Closing, Some(end)) => {
                let has_drained = end.drains_until.is_some_and(|until| until <= now);
                let is_done = self.is_empty() || (self.fresh.is_empty() && has_drained);
                let is_late = |left: Duration| match end.can_store {
                    true => !retry::has_time(left, self.usual),
                    false => left.is_zero(),
                };
                is_done || end.left(now).is_some_and(is_late)
            }
        }
    }

    /// A pause that lasts beyond the end is not waited for.
    fn unless_beyond_the_end(&self, pause: Duration, now: Instant, turn: Turn) -> Turn {
        let left = self.end.and_then(|end| end.left(now));
        if left.is_some_and(|left| pause >= left) { Turn::Over } else { turn }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.fresh.is_empty() && self.backlog.is_empty()
    }

    pub(super) const fn is_working(&self) -> bool {
        matches!(self.worker, Worker::Busy | Worker::Asleep)
    }

    pub(super) fn has_volatile(&self) -> bool {
        self.unstored().next().is_some()
    }

    /// The events that exist in memory only.
    pub(super) fn unstored(&self) -> impl Iterator<Item = &Entry> {
        self.fresh.iter().filter(|entry| !entry.waiting.is_stored())
    }

    pub(super) fn entry(&mut self, ticket: u64) -> Option<&mut Entry> {
        self.fresh.iter_mut().chain(&mut self.backlog).find(|entry| entry.waiting.ticket == ticket)
    }

    pub(super) fn settle(&mut self, ticket: u64, fate: Fate) {
        let is_it = |entry: &Entry| entry.waiting.ticket == ticket;
        if let Some(at) = self.fresh.iter().position(is_it) {
            let (bytes, place) = self.fresh.remove(at).map_or((0, 0), |entry| (entry.waiting.len(), entry.place));
            self.bytes -= bytes;
            self.counts.settle(fate);
            for flush in self.flushes.iter_mut().filter(|flush| place <= flush.last_place) {
                flush.answer.settle(fate);
            }
        } else if let Some(at) = self.backlog.iter().position(is_it) {
            self.backlog.remove(at);
            self.recovered.settle(fate);
        }
    }

    /// Settles all waiting events, and ends the worker as soon as its current call returns.
    pub(super) fn end(&mut self, refusal: Loss, fate: impl Fn(&Entry) -> Fate) {
        if !matches!(self.phase, Phase::Closed(_)) {
            self.phase = Phase::Closed(refusal);
        }
        let fates: Vec<(u64, Fate)> =
            self.fresh.iter().chain(&self.backlog).map(|entry| (entry.waiting.ticket, fate(entry))).collect();
        for (ticket, fate) in fates {
            self.settle(ticket, fate);
        }
    }

    pub(super) fn add_flush(&mut self) -> u64 {
        self.last_flush += 1;
        let answer = Flushed { pending: self.fresh.len() as u64, ..Flushed::default() };
        self.flushes.push(Flush { number: self.last_flush, last_place: self.taken, answer });
        self.last_flush
    }

    pub(super) fn flush_answer(&self, number: u64) -> Flushed {
        let flush = self.flushes.iter().find(|flush| flush.number == number);
        flush.map(|flush| flush.answer).unwrap_or_default()
    }

    pub(super) fn remove_flush(&mut self, number: u64) -> Flushed {
        let answer = self.flush_answer(number);
        self.flushes.retain(|flush| flush.number != number);
        answer
    }
}
