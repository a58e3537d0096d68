//! What becomes of counted events, and of what else is due at times: the chores of the worker.

use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use super::counted::{Kept, Kind, One};
use super::counts::Loss;
use super::heartbeat::{Beat, Every};
use super::journal::ForCounts;
use super::pipeline::{Accepted, Pipeline};
use super::queue::Missing;
use super::retry::TIME_TO_STORE;
use super::spool::StoredEvent;
#[cfg(feature = "http")]
use super::uploader::Uploader;
use super::worker;
use crate::clock::Stamp;
use crate::consent::ConsentNow;
use crate::event::Draft;
use crate::sink::name_of;
use crate::threads;

/// The worker does not look more often than this.
const LEAST: Duration = Duration::from_secs(1);

/// When the worker looks again after what is due, if it could not.
const LATER: Duration = Duration::from_secs(60);

impl Pipeline {
    /// Adds an event to the count of its snapshot.
    pub(super) fn count(self: &Arc<Self>, draft: &Draft) -> Result<Accepted, Loss> {
        let ticket = self.queue.admit_to_count()?;
        let kept = self.add_to_count(draft, ticket);
        let needs_worker = self.queue.counted(kept.map(|_| ()));
        if let Ok(Kept::Pending { is_first }) = kept {
            if is_first {
                self.have_counts_written();
            }
            return Ok(Accepted::Counted);
        }
        let is_called = match self.journal.are_counts_due() {
            Some(is_now) => is_now || needs_worker.is_some(),
            // Whoever delivers takes part in draining what others left, and a program may publish nothing else.
            None => self.journal.finds_events() || needs_worker == Some(Missing::Alarm),
        };
        if is_called {
            // Without a worker, the next event tries again.
            let _ = self.queue.call(|| worker::start(self));
        }
        kept.map(|kept| {
            if kept == Kept::InMemory && !self.journal.is_for_nothing() {
                Accepted::InMemory
            } else {
                Accepted::Counted
            }
        })
    }

    fn add_to_count(&self, draft: &Draft, ticket: u64) -> Result<Kept, Loss> {
        let resolved = self.identity.resolved_id(&self.consent).ok_or_else(|| self.why_no_id())?;
        let (body, schema) = (draft.finish_uncounted(&resolved.id), self.schemas.hash(draft.schema()));
        let by_operator = self.consent.is_operators();
        let can_wait = !self.stores_first() && !self.journal.is_for_nothing();
        let one = One { kind: Kind { body: &body, schema: &schema, by_operator }, ticket, can_wait };
        self.for_counts(|given| {
            self.journal.count(&one, given, |day: Stamp| StoredEvent {
                id: (given.id)(ticket),
                at: day,
                schema: schema.clone(),
                body: body.clone(),
                lacks_context: draft.carries_context(),
                by_operator,
                is_ephemeral: resolved.is_ephemeral,
            })
        })
    }

    /// Why there is no anonymous id, without which nothing can be counted.
    fn why_no_id(&self) -> Loss {
        match self.consent.now() {
            ConsentNow::Denied => Loss::ConsentWithdrawn,
            // A choice that can be read again now could not be before.
            ConsentNow::Unreadable | ConsentNow::Given => Loss::ChoiceUnreadable,
        }
    }

    fn for_counts<T>(&self, count: impl FnOnce(&ForCounts<'_>) -> T) -> T {
        let id = |ticket| self.identity.counted_id(ticket);
        let lose = |loss, events| self.queue.uncount(loss, events);
        count(&ForCounts { consent: &self.consent, id: &id, lose: &lose })
    }

    /// Has the worker write the pending counts. Without a worker, this thread writes them.
    fn have_counts_written(self: &Arc<Self>) {
        let is_called = match self.journal.counts_are_written_at() {
            Some(at) => self.queue.write_counts_at(at, || worker::start(self)),
            None => return,
        };
        if is_called.is_err() {
            self.write_counts(TIME_TO_STORE);
        }
    }

    /// Writes the counts that are pending, and waits for a thread that does so already, for as long as `patience`.
    pub(super) fn write_counts(&self, patience: Duration) {
        self.for_counts(|given| self.journal.write_counts(given, patience));
    }

    /// Writes the pending counts on another thread, and waits for it until `timeout`: a disk may not answer.
    pub(super) fn write_counts_within(self: &Arc<Self>, timeout: Duration) {
        if self.journal.are_counts_written() {
            return;
        }
        let start = Instant::now();
        let (done, is_done) = mpsc::channel();
        let pipeline = Arc::clone(self);
        let write = move || {
            pipeline.write_counts(timeout);
            let _ = done.send(());
        };
        match threads::spawn("telemetry-counts", write) {
            Ok(thread) => {
                if is_done.recv_timeout(timeout).is_ok() {
                    thread.join(timeout.saturating_sub(start.elapsed()));
                }
            }
            Err(_) => self.write_counts(timeout),
        }
    }

    /// Does what is due, and sets the alarm for what is due next.
    pub(super) fn do_chores(self: &Arc<Self>) {
        self.write_counts(TIME_TO_STORE);
        self.move_counts();
        self.take_back();
        self.heartbeats.run(self, self.journal.place(), &self.consent);
        let next = self.journal.next_counts().into_iter().chain(self.heartbeats.next()).min();
        // Whatever goes wrong, the worker does not look again and again.
        self.queue.set_alarm(next.max(Instant::now().checked_add(LEAST)).filter(|_| next.is_some()));
        self.look_again_after_counts();
    }

    /// What could not be written is tried again, also if nothing more is counted.
    fn look_again_after_counts(&self) {
        if let Some(at) = self.journal.counts_are_written_at() {
            self.queue.set_counts_due(at.max(Instant::now() + LEAST));
        }
    }

    /// Publishes an event in each period.
    pub(crate) fn beat(self: &Arc<Self>, name: &'static str, every: Every, beat: Beat) {
        self.heartbeats.add(name, every, beat);
        // Without a worker, the next event starts one.
        let _ = self.queue.call(|| worker::start(self));
    }

    /// Lets what is due wait.
    pub(super) fn postpone_chores(&self) {
        self.queue.set_alarm(Instant::now().checked_add(LATER));
        self.look_again_after_counts();
    }

    /// Publishes the counts of earlier days, or leaves them to the uploader.
    pub(super) fn move_counts(&self) {
        let leaves = self.has_uploader();
        let (mut stored, in_memory) = self.journal.take_counts(&self.consent, leaves);
        #[cfg(feature = "http")]
        if let Some(uploader) = self.uploader.as_ref().filter(|_| leaves && !stored.is_empty()) {
            uploader.left();
            uploader.start_if_due();
            stored.clear();
        }
        stored.retain(|event| self.may_be_sent(event));
        self.queue.take_counted(stored, true);
        self.queue.take_counted(in_memory, false);
    }

    /// Whether the process that sends in place of this one is there.
    fn has_uploader(&self) -> bool {
        #[cfg(feature = "http")]
        return self.uploader.as_ref().is_some_and(Uploader::is_there);
        #[cfg(not(feature = "http"))]
        return false;
    }

    /// An event that a yes of the operator accepted stays on disk for another such yes, unless the user's yes covers it too.
    pub(super) fn may_be_sent(&self, event: &StoredEvent) -> bool {
        !event.by_operator || self.consent.covers_stored(name_of(&event.body), &event.schema)
    }

    /// Publishes what is over, and the counts that only this process has, at its end.
    pub(super) fn send_last_counts(self: &Arc<Self>) {
        let start = Instant::now();
        let left = || TIME_TO_STORE.saturating_sub(start.elapsed());
        self.write_counts_within(left());
        if self.journal.hurry_counts(left()) {
            let _ = self.queue.call(|| worker::start(self));
        }
        let (counts, in_memory) = self.for_counts(|given| self.journal.end_counts(given, left()));
        if counts.is_empty() {
            return;
        }
        match self.queue.start(|| worker::start(self)) {
            Ok(()) => self.queue.take_counted(counts, false),
            Err(loss) => self.queue.uncount(loss, in_memory),
        }
    }
}
