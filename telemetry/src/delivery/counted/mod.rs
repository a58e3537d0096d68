//! Counted events: equal ones are counted in a file that all processes of an application share, and sent once the day is over, each with
//! its count.
//!
//! What is over moves into the spool first, which is delivered like any other event. An event keeps its id on this way, so that a
//! receiver recognizes one that a crash has left in both places.

mod day;
mod file;
#[cfg(all(feature = "http", any(fuzzing, test)))]
mod fuzz;
mod ledger;
mod line;
mod memory;
mod owner;
mod pending;

use std::ops::AddAssign;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use self::file::More;
pub(super) use self::file::{CountFile, Failed, Kind};
#[cfg(all(feature = "http", any(fuzzing, test)))]
pub(crate) use self::fuzz::counted as fuzz;
use self::ledger::Ledger;
pub(super) use self::line::CountKey;
use self::pending::{Added, Batch, Pending};
use super::counts::Loss;
use super::retry::{self, Age};
use super::spool::StoredEvent;
use crate::clock::{Moment, Stamp};
use crate::storage::StateDirectory;

/// How often a thread that does not wait for a disk looks whether another one has written.
const LOOK: Duration = Duration::from_millis(1);

/// The counted events of a client.
#[derive(Default)]
pub(crate) struct Counted {
    ledger: Mutex<Ledger>,
    /// It is locked for a moment only, also by a thread that holds the other lock.
    pending: Mutex<Pending>,
}

/// Counts that are not sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LostCounts {
    /// Events that were counted longer ago than they may wait.
    pub(crate) expired: u64,
    /// Lines that no program of this user wrote for this receiver.
    pub(crate) foreign: u64,
}

/// Where an event was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    OnDisk,
    /// It is written soon. `is_first` if the worker does not know of it.
    Pending {
        is_first: bool,
    },
    InMemory,
}

/// An event to be counted.
pub(super) struct One<'e> {
    pub(super) kind: Kind<'e>,
    /// The number under which it was published.
    pub(super) ticket: u64,
    /// Whether it need not be on disk before `publish` returns.
    pub(super) can_wait: bool,
}

/// A file to count in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// That of all processes.
    Shared,
    /// One of this process, where the other cannot be locked.
    Own,
}

/// What is counted and not sent yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CountSurvey {
    /// Events of the day that is not over.
    pub(crate) today: u64,
    /// Events of earlier days.
    pub(crate) earlier: u64,
    /// How many of them are distinct, by day.
    pub(crate) distinct: usize,
    /// Events that are on no disk.
    pub(crate) in_memory: u64,
}

impl AddAssign for CountSurvey {
    fn add_assign(&mut self, other: Self) {
        self.today += other.today;
        self.earlier += other.earlier;
        self.distinct += other.distinct;
        self.in_memory += other.in_memory;
    }
}

/// What is needed to write counts.
pub(super) struct Writing<'w> {
    /// Opens a file to count in. `None` if nothing is kept on disk.
    pub(super) open: Option<&'w dyn Fn(Whose) -> Result<CountFile, Failed>>,
    /// The id of an event that tells a count, from the number of an event that it counts.
    pub(super) id: &'w dyn Fn(u64) -> String,
    /// Hears of events that were accepted, and cannot be counted after all.
    pub(super) lose: &'w dyn Fn(Loss, u64),
}

impl Counted {
    /// Counts one more event, which `event` makes from the day that it is counted under. If that is not possible on disk, it is done in memory.
    pub(super) fn add(
        &self,
        one: &One<'_>,
        now: &Moment,
        writing: &Writing<'_>,
        event: impl Fn(Stamp) -> StoredEvent,
    ) -> Result<Kept, Loss> {
        if one.can_wait {
            // Not in the condition of `match`, which would hold the lock in its arms.
            let added = self.pending().add(&one.kind, one.ticket, now);
            match added {
                Added::First => return Ok(Kept::Pending { is_first: true }),
                Added::Another => return Ok(Kept::Pending { is_first: false }),
                Added::Overdue => {
                    // If another thread holds the lock, it writes.
                    if let Ok(mut ledger) = self.ledger.try_lock() {
                        self.write_pending(&mut ledger, now, writing);
                        ledger.note(now);
                    }
                    return Ok(Kept::Pending { is_first: false });
                }
                Added::Ended => return Err(Loss::ShutDown),
                Added::No => {}
            }
        }
        let mut ledger = self.lock();
        if ledger.ended {
            return Err(Loss::ShutDown);
        }
        self.write_pending(&mut ledger, now, writing);
        let more = More { kind: one.kind, events: 1, published: now.stamp, now: now.stamp };
        let kept = ledger.add(&more, writing, &event).map(|(kept, _)| kept);
        if let (Ok(Kept::OnDisk), true, Some(day)) = (&kept, one.can_wait, ledger.day()) {
            self.pending().know(event(*day));
        }
        self.pending().in_memory = ledger.memory.events();
        ledger.note(now);
        kept
    }

    /// Writes what is pending, and waits for a thread that does so already, both for as long as `patience`.
    pub(super) fn write(&self, now: &Moment, writing: &Writing<'_>, patience: Duration) {
        let Some(mut ledger) = self.lock_within(patience) else { return };
        self.write_pending(&mut ledger, now, writing);
        ledger.note(now);
    }

    fn write_pending(&self, ledger: &mut Ledger, now: &Moment, writing: &Writing<'_>) {
        let batches = self.pending().take();
        self.write_batches(ledger, batches, now, writing);
    }

    fn write_batches(&self, ledger: &mut Ledger, batches: Vec<Batch>, now: &Moment, writing: &Writing<'_>) {
        for batch in batches {
            let Batch { event, count, ticket, at } = &batch;
            let make = |day| StoredEvent { id: (writing.id)(*ticket), at: day, ..event.clone() };
            let more = More { kind: Kind::of(event), events: *count, published: *at, now: now.stamp };
            let (added, loss) = match ledger.add(&more, writing, &make) {
                Ok((Kept::OnDisk, added)) => (added, Loss::CountFull),
                Ok((_, added)) => {
                    self.pending().forget();
                    (added, Loss::CountFull)
                }
                Err(loss) => (0, loss),
            };
            if added < *count {
                (writing.lose)(loss, u64::from(count - added));
            }
            self.pending().arrived(&batch);
        }
        self.pending().in_memory = ledger.memory.events();
    }

    pub(super) fn on_no_disk(&self) -> u64 {
        self.pending().on_no_disk()
    }

    /// Whether everything that was accepted is written.
    pub(super) fn is_written(&self) -> bool {
        self.pending().is_empty()
    }

    /// When the worker writes what is pending.
    pub(super) fn is_written_at(&self) -> Option<Instant> {
        self.pending().due()
    }

    /// Whether there are counts of earlier days, and if so, whether they move on now.
    pub(super) fn is_due(&self, now: Instant) -> Option<bool> {
        self.lock().due.map(|due| due <= now)
    }

    /// How long until counts move on, if this process has counted.
    pub(super) fn wait(&self, now: &Moment) -> Option<Duration> {
        let ledger = self.lock();
        match ledger.due {
            Some(due) => Some(due.saturating_duration_since(now.instant)),
            None => Some(day::left(ledger.day()?, &now.stamp)),
        }
    }

    /// Moves the counts of earlier days from all files in this directory to `store`, which returns how many it has taken. Returns these,
    /// and those that are in memory.
    ///
    /// A process that lived through the end of a day waits for a while, so that not all of them send at midnight.
    pub(super) fn take_earlier(
        &self,
        now: &Moment,
        on_disk: Option<(&StateDirectory, &CountKey)>,
        mut store: impl FnMut(&[StoredEvent]) -> usize,
    ) -> (Vec<StoredEvent>, Vec<StoredEvent>) {
        let mut ledger = self.lock();
        ledger.note(now);
        let is_due = ledger.due.map(|due| due <= now.instant);
        if !is_due.unwrap_or(!ledger.has_looked) {
            return (Vec::new(), Vec::new());
        }
        (ledger.due, ledger.has_looked) = (None, true);
        let stored = on_disk.map(|(state, key)| ledger.take_files(state, key, now, &mut store)).unwrap_or_default();
        let in_memory = ledger.memory.take_earlier(&now.stamp);
        self.pending().in_memory = ledger.memory.events();
        (stored, in_memory)
    }

    /// The process is about to end: counts of earlier days wait no longer. Returns whether there are any.
    pub(super) fn hurry(&self, now: Instant, patience: Duration) -> bool {
        let Some(mut ledger) = self.lock_within(patience) else { return false };
        ledger.due = ledger.due.map(|due| due.min(now));
        ledger.due.is_some()
    }

    /// Counts nothing more, and returns what is in memory alone. A thread that still writes after `patience` is not waited for: what it has taken
    /// counts as lost.
    pub(super) fn end(&self, now: &Moment, writing: &Writing<'_>, patience: Duration) -> Vec<StoredEvent> {
        let Some(mut ledger) = self.lock_within(patience) else {
            let mut pending = self.pending();
            let lost = pending.on_no_disk();
            drop(pending.end());
            drop(pending);
            (writing.lose)(Loss::Ended, lost);
            return Vec::new();
        };
        let batches = self.pending().end();
        self.write_batches(&mut ledger, batches, now, writing);
        ledger.ended = true;
        if let Some(file) = ledger.file.take() {
            file.leave();
        }
        ledger.memory.take_all()
    }

    /// Forgets everything in a forked child. Never waits for a lock that was held at the time of the fork.
    pub(super) fn abandon(&self) {
        if let Ok(mut ledger) = self.ledger.try_lock() {
            *ledger = Ledger::ended();
        }
        if let Ok(mut pending) = self.pending.try_lock() {
            drop(pending.end());
        }
    }

    pub(super) fn lost(&self) -> LostCounts {
        self.lock().lost
    }

    /// What is counted in memory, or not in the file yet, and what is on disk. Nothing is written meanwhile.
    pub(super) fn survey(&self, on_disk: impl FnOnce() -> CountSurvey) -> CountSurvey {
        let ledger = self.lock();
        let today = self.pending().on_no_disk();
        let mut survey =
            CountSurvey { today, in_memory: today, distinct: ledger.memory.distinct(), ..CountSurvey::default() };
        survey += on_disk();
        survey
    }

    /// For those who must not wait for a disk that does not answer.
    fn lock_within(&self, patience: Duration) -> Option<MutexGuard<'_, Ledger>> {
        let start = Instant::now();
        loop {
            match self.ledger.try_lock() {
                Ok(ledger) => return Some(ledger),
                Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
                Err(TryLockError::WouldBlock) if start.elapsed() > patience => return None,
                Err(TryLockError::WouldBlock) => thread::sleep(LOOK),
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is counted on disk now.
pub(super) fn survey(state: &StateDirectory, key: &CountKey, now: &Stamp) -> CountSurvey {
    let mut survey = CountSurvey::default();
    let files = owner::names(state, key).into_iter().filter_map(|name| {
        let file = CountFile::open(state, key, name, false).ok()?;
        file.read_all().ok()
    });
    for line::Contents { taken, entries, .. } in files {
        for entry in entries {
            let day = &entry.event.at;
            let is_taken = taken.is_some_and(|taken| taken.at >= day.at);
            let sum = if is_taken || day::is_over(day, now) { &mut survey.earlier } else { &mut survey.today };
            *sum += u64::from(entry.count);
            survey.distinct += 1;
        }
    }
    survey
}

fn is_expired(event: &StoredEvent, now: &Stamp) -> bool {
    retry::age(&event.at, now) == Age::Expired
}

#[cfg(test)]
mod tests;
