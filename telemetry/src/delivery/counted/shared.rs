//! The counted events of a client, as its threads share them: a lock for what is written, held while a disk answers, and one for what
//! waits to be written, held for a moment.

use std::ops::AddAssign;
use std::time::{Duration, Instant};

use super::day;
use super::file::CountFile;
use super::ledger::Ledger;
use super::line::CountKey;
use super::more::{Failed, Kind, More};
use super::pending::{Added, Batch, Pending};
use crate::clock::{Moment, Stamp};
use crate::delivery::counts::Loss;
use crate::delivery::spool::StoredEvent;
use crate::storage::StateDirectory;
use crate::sync::{Mutex, MutexGuard, PoisonError, lock_within};

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
pub(in crate::delivery) enum Kept {
    OnDisk,
    /// It is written soon. `is_first` if the worker does not know of it.
    Pending {
        is_first: bool,
    },
    InMemory,
}

/// An event to be counted.
pub(in crate::delivery) struct One<'e> {
    pub(in crate::delivery) kind: Kind<'e>,
    /// The number under which it was published.
    pub(in crate::delivery) ticket: u64,
    /// Whether it need not be on disk before `publish` returns.
    pub(in crate::delivery) can_wait: bool,
}

/// A file to count in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::delivery) enum Whose {
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
pub(in crate::delivery) struct Writing<'w> {
    /// Opens a file to count in. `None` if nothing is kept on disk.
    pub(in crate::delivery) open: Option<&'w dyn Fn(Whose) -> Result<CountFile, Failed>>,
    /// The id of an event that tells a count, from the number of an event that it counts.
    pub(in crate::delivery) id: &'w dyn Fn(u64) -> String,
    /// Hears of events that were accepted, and cannot be counted after all.
    pub(in crate::delivery) lose: &'w dyn Fn(Loss, u64),
}

impl Counted {
    /// Counts one more event, which `event` makes from the day that it is counted under. If that is not possible on disk, it is done in memory.
    pub(in crate::delivery) fn add(
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
        match self.after_writing(&mut ledger) {
            Some(mut pending) => {
                if let (Ok(Kept::OnDisk), true, Some(day)) = (&kept, one.can_wait, ledger.day()) {
                    pending.know(event(*day));
                }
            }
            None if kept == Ok(Kept::InMemory) => return Err(Loss::Ended),
            None => {}
        }
        ledger.note(now);
        kept
    }

    /// Writes what is pending, and waits for a thread that does so already, both for as long as `patience`.
    pub(in crate::delivery) fn write(&self, now: &Moment, writing: &Writing<'_>, patience: Duration) {
        let Some(mut ledger) = lock_within(&self.ledger, patience) else { return };
        self.write_pending(&mut ledger, now, writing);
        ledger.note(now);
    }

    fn write_pending(&self, ledger: &mut Ledger, now: &Moment, writing: &Writing<'_>) {
        let batches = self.pending().take();
        self.write_batches(ledger, batches, now, writing);
    }

    pub(super) fn write_batches(&self, ledger: &mut Ledger, batches: Vec<Batch>, now: &Moment, writing: &Writing<'_>) {
        for batch in batches {
            let Batch { event, count, ticket, at } = &batch;
            let make = |day| StoredEvent { id: (writing.id)(*ticket), at: day, ..event.clone() };
            let more = More { kind: Kind::of(event), events: *count, published: *at, now: now.stamp };
            let added = ledger.add(&more, writing, &make);
            let Some(mut pending) = self.after_writing(ledger) else { return };
            let (added, loss) = match added {
                Ok((kept, added)) => {
                    if kept == Kept::InMemory {
                        pending.forget();
                    }
                    (added, Loss::CountFull)
                }
                Err(loss) => (0, loss),
            };
            // Before anybody finds that they are written.
            if added < *count {
                (writing.lose)(loss, u64::from(count - added));
            }
            pending.arrived(&batch);
        }
    }

    /// Takes note of what is in memory. `None` if the end of the client has not waited for this thread: all that is on no disk has been told to be
    /// lost, and nothing more is counted.
    fn after_writing(&self, ledger: &mut Ledger) -> Option<MutexGuard<'_, Pending>> {
        let mut pending = self.pending();
        if pending.is_given_up() {
            // Leaving the file waits for the disk.
            drop(pending);
            ledger.end();
            return None;
        }
        pending.in_memory = ledger.memory.events();
        Some(pending)
    }

    /// Whether everything that was accepted is written.
    pub(in crate::delivery) fn is_written(&self) -> bool {
        self.pending().is_empty()
    }

    /// When the worker writes what is pending.
    pub(in crate::delivery) fn is_written_at(&self) -> Option<Instant> {
        self.pending().due()
    }

    /// Whether there are counts of earlier days, and if so, whether they move on now.
    pub(in crate::delivery) fn is_due(&self, now: Instant) -> Option<bool> {
        self.lock().due.map(|due| due <= now)
    }

    /// How long until counts move on, if this process has counted.
    pub(in crate::delivery) fn wait(&self, now: &Moment) -> Option<Duration> {
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
    pub(in crate::delivery) fn take_earlier(
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
        let in_memory = self.after_writing(&mut ledger).map(|_| in_memory);
        (stored, in_memory.unwrap_or_default())
    }

    /// The process is about to end: counts of earlier days wait no longer. Returns whether there are any.
    pub(in crate::delivery) fn hurry(&self, now: Instant, patience: Duration) -> bool {
        let Some(mut ledger) = lock_within(&self.ledger, patience) else { return false };
        ledger.due = ledger.due.map(|due| due.min(now));
        ledger.due.is_some()
    }

    /// Counts nothing more, and returns what is in memory alone, and how many events that counts. A thread that still writes after `patience` is
    /// not waited for: what it has taken counts as lost.
    pub(in crate::delivery) fn end(
        &self,
        now: &Moment,
        writing: &Writing<'_>,
        patience: Duration,
    ) -> (Vec<StoredEvent>, u64) {
        let Some(mut ledger) = lock_within(&self.ledger, patience) else {
            let lost = self.pending().give_up();
            (writing.lose)(Loss::Ended, lost);
            return (Vec::new(), 0);
        };
        let batches = self.pending().end();
        self.write_batches(&mut ledger, batches, now, writing);
        let events = ledger.memory.events();
        // Either this end returns what is in memory, or another one, which did not wait for this thread, has told that it is lost.
        let is_given_up = {
            let mut pending = self.pending();
            pending.in_memory = 0;
            pending.is_given_up()
        };
        let last = ledger.end();
        if is_given_up { (Vec::new(), 0) } else { (last, events) }
    }

    /// Forgets everything in a forked child. Never waits for a lock that was held at the time of the fork.
    pub(in crate::delivery) fn abandon(&self) {
        if let Ok(mut ledger) = self.ledger.try_lock() {
            *ledger = Ledger::ended();
        }
        if let Ok(mut pending) = self.pending.try_lock() {
            pending.give_up();
        }
    }

    pub(in crate::delivery) fn lost(&self) -> LostCounts {
        self.lock().lost
    }

    /// What is counted in memory, or not in the file yet, and what is on disk. Nothing is written meanwhile.
    pub(in crate::delivery) fn survey(&self, on_disk: impl FnOnce() -> CountSurvey) -> CountSurvey {
        let ledger = self.lock();
        let today = self.pending().on_no_disk();
        let mut survey =
            CountSurvey { today, in_memory: today, distinct: ledger.memory.distinct(), ..CountSurvey::default() };
        survey += on_disk();
        survey
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
