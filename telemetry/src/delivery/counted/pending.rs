//! Counted events that were accepted and are not in the file yet: equal ones of an event that this process has counted there before.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use telemetry_spec::counted::MAX_COUNT;

use super::day;
use super::more::Kind;
use crate::clock::{Moment, Stamp};
use crate::delivery::spool::StoredEvent;

/// After this time the worker writes what is pending.
pub(super) const DELAY: Duration = Duration::from_millis(100);

/// If the worker has not done so after this time, for example because it waits for a receiver, the next thread that publishes does, unless
/// another one is writing.
const OVERDUE: Duration = Duration::from_secs(1);

#[derive(Default)]
pub(super) struct Pending {
    /// The day under which these events were counted in the file.
    day: Option<Stamp>,
    known: HashMap<String, Vec<Known>>,
    /// Since when something is pending.
    since: Option<Instant>,
    /// When the latest of these events was published.
    latest: Option<Stamp>,
    /// How many events were taken to be written, and are not written yet.
    on_their_way: u64,
    /// How many events are counted in memory because they could not be written.
    pub(super) in_memory: u64,
    ended: bool,
    /// All that was on no disk has been told to be lost.
    given_up: bool,
}

/// An event that is in the file.
struct Known {
    event: StoredEvent,
    waiting: u32,
    /// The number of the latest of those that wait.
    ticket: u64,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Added {
    /// It is the first one that is pending.
    First,
    Another,
    /// The worker has not come to write it.
    Overdue,
    /// It must be counted in the file.
    No,
    Ended,
}

/// Equal events that are to be added to one count.
pub(super) struct Batch {
    pub(super) event: StoredEvent,
    pub(super) count: u32,
    pub(super) ticket: u64,
    /// When the latest event of all batches was published. They are counted under its day.
    pub(super) at: Stamp,
}

impl Pending {
    /// Adds an event that was published under this number, if it need not be in the file at once.
    pub(super) fn add(&mut self, kind: &Kind<'_>, ticket: u64, now: &Moment) -> Added {
        if self.ended {
            return Added::Ended;
        }
        if self.day.is_none_or(|day| day::is_over(&day, &now.stamp)) {
            return Added::No;
        }
        let known = self.known.get_mut(kind.body).into_iter().flatten().find(|known| Kind::of(&known.event) == *kind);
        let Some(known) = known.filter(|known| known.waiting < MAX_COUNT) else { return Added::No };
        (known.waiting, known.ticket) = (known.waiting + 1, ticket);
        self.latest = Some(now.stamp);
        match self.since {
            None => {
                self.since = Some(now.instant);
                Added::First
            }
            Some(since) if now.instant.saturating_duration_since(since) >= OVERDUE => Added::Overdue,
            Some(_) => Added::Another,
        }
    }

    /// From now on, events that are equal to this one can wait. It is in the file.
    pub(super) fn know(&mut self, event: StoredEvent) {
        if self.day != Some(event.at) {
            self.forget();
            self.day = Some(event.at);
        }
        let alike = self.known.entry(event.body.clone()).or_default();
        if !alike.iter().any(|known| Kind::of(&known.event) == Kind::of(&event)) {
            alike.push(Known { event, waiting: 0, ticket: 0 });
        }
    }

    /// Takes what is pending.
    pub(super) fn take(&mut self) -> Vec<Batch> {
        let (Some(_), Some(at)) = (self.since.take(), self.latest) else { return Vec::new() };
        self.on_their_way += self.events();
        let waiting = self.known.values_mut().flatten().filter(|known| known.waiting > 0);
        waiting
            .map(|known| {
                let count = std::mem::take(&mut known.waiting);
                Batch { event: known.event.clone(), count, ticket: known.ticket, at }
            })
            .collect()
    }

    /// These events are written, or told to be lost.
    pub(super) const fn arrived(&mut self, batch: &Batch) {
        self.on_their_way = self.on_their_way.saturating_sub(batch.count as u64);
    }

    /// Whether events are not written yet.
    pub(super) const fn is_empty(&self) -> bool {
        self.since.is_none() && self.on_their_way == 0
    }

    /// How many events are on no disk, as far as is known.
    pub(super) fn on_no_disk(&self) -> u64 {
        self.events() + self.on_their_way + self.in_memory
    }

    /// The next event of each kind must be counted in the file again. What another thread has added meanwhile still waits.
    pub(super) fn forget(&mut self) {
        self.day = None;
        self.known.retain(|_, alike| {
            alike.retain(|known| known.waiting > 0);
            !alike.is_empty()
        });
    }

    /// Takes what is pending, and nothing more.
    pub(super) fn end(&mut self) -> Vec<Batch> {
        let last = self.take();
        let Self { given_up, on_their_way, in_memory, .. } = *self;
        *self = Self { ended: true, given_up, on_their_way, in_memory, ..Self::default() };
        last
    }

    /// Takes nothing more, and forgets what is on no disk, also if another thread writes it. Returns how many events that are.
    pub(super) fn give_up(&mut self) -> u64 {
        let lost = self.on_no_disk();
        *self = Self { ended: true, given_up: true, ..Self::default() };
        lost
    }

    pub(super) const fn is_given_up(&self) -> bool {
        self.given_up
    }

    /// When the worker writes what is pending.
    pub(super) fn due(&self) -> Option<Instant> {
        self.since?.checked_add(DELAY)
    }

    fn events(&self) -> u64 {
        self.known.values().flatten().map(|known| u64::from(known.waiting)).sum()
    }
}
