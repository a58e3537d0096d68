use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::counted::{CountSurvey, LostCounts};
use super::counts::{Counts, Flushed, Loss};
#[cfg(feature = "http")]
use super::deletion::Deletion;
use super::finish::Schemas;
use super::heartbeat::{HeartbeatSurvey, Heartbeats};
use super::journal::{Journal, Problem};
use super::queue::{Load, Queue};
use super::retry::Rest;
use super::spool::{StoredEvent, Survey, Tally};
#[cfg(feature = "http")]
use super::uploader::Uploader;
use super::waiting::Waiting;
use super::worker;
use crate::clock::Stamp;
use crate::consent::{ConsentNow, LiveConsent};
use crate::diagnostics;
use crate::event::Draft;
use crate::identity::Identity;
use crate::sink::{Obstacle, Outgoing, Sink};
use crate::storage::SentEvent;
use crate::threads::{self, Thread};

/// Everything that an event passes through on its way.
pub(crate) struct Pipeline {
    pub(crate) queue: Queue,
    pub(crate) journal: Journal,
    pub(crate) identity: Identity,
    pub(crate) schemas: Schemas,
    pub(crate) consent: LiveConsent,
    pub(crate) heartbeats: Heartbeats,
    /// Taken by the worker.
    pub(crate) sink: Mutex<Option<Box<dyn Sink>>>,
    /// The worker, once it has been started.
    pub(crate) thread: Mutex<Option<Thread>>,
    pub(crate) durability: Durability,
    /// What a no asks of the receiver, if the application has it asked.
    #[cfg(feature = "http")]
    pub(crate) deletion: Option<Arc<Deletion>>,
    /// The process that sends in place of this one.
    #[cfg(feature = "http")]
    pub(crate) uploader: Option<Uploader>,
}

/// What an event survives once `publish` has returned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Durability {
    /// Nothing: the event waits in memory. The worker writes it to disk if it cannot be delivered. So does the end of the client, when
    /// its timeout is over. If the process ends in any other way before that, the event is lost and not counted. For
    /// [counted events](crate::TelemetryEvent#counted-events), see there.
    #[default]
    Relaxed,
    /// Any end of the process: `publish` writes the event to disk, with one write, before it returns. Meant for
    /// command lines. It does not wait for the data to reach the disk, so a power failure can lose the last events.
    WriteAhead,
}

/// How an event was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Accepted {
    AsAsked,
    /// In memory, because it could not be written to disk.
    InMemory,
    /// It was added to the count of its snapshot.
    Counted,
}

/// The outcomes of all events, and where the events are.
#[derive(Default)]
pub(crate) struct Account {
    pub(crate) counts: Counts,
    pub(crate) recovered: Counts,
    pub(crate) load: Load,
    pub(crate) survey: Option<Survey>,
    pub(crate) tally: Tally,
    pub(crate) problem: Option<Problem>,
    pub(crate) unrecorded: Option<Problem>,
    /// The user's choice cannot be read now, so nothing is sent.
    pub(crate) is_choice_unreadable: bool,
    /// Whether each start has a new anonymous id.
    pub(crate) is_id_ephemeral: bool,
    pub(crate) counted: CountSurvey,
    pub(crate) lost_counts: LostCounts,
    pub(crate) heartbeats: Vec<HeartbeatSurvey>,
    /// The pause that this process or another one has left on disk.
    pub(crate) rest: Option<Rest>,
}

impl Account {
    /// The status of a client that does not send.
    pub(crate) fn of_disk(journal: &Journal) -> Self {
        let (survey, counted) = (journal.survey(), journal.survey_counts());
        Self { survey, counted, rest: journal.survey_rest(), ..Self::default() }
    }

    /// How long nothing is sent.
    pub(crate) fn paused(&self) -> Option<Duration> {
        let rest = self.rest.as_ref().and_then(|rest| rest.left(&Stamp::now()));
        self.load.paused.max(rest)
    }

    /// Why nothing can be sent now, why the last attempt of this process failed, or the attempt of another process that led to the current
    /// pause.
    pub(crate) fn obstacle(&self) -> Option<Obstacle> {
        let now = self.is_choice_unreadable.then_some(Obstacle::ChoiceUnreadable);
        let before = self.load.obstacle.or_else(|| self.rest.as_ref()?.obstacle);
        now.or_else(|| before.filter(|obstacle| *obstacle != Obstacle::ChoiceUnreadable))
    }
}

impl Pipeline {
    pub(crate) fn accept(self: &Arc<Self>, draft: Draft) -> Result<Accepted, Loss> {
        if !self.schemas.is_within_budget(draft.schema()) {
            return Err(self.lose(Loss::OverBudget));
        }
        if draft.is_counted() && self.consent.sends() {
            return self.count(&draft);
        }
        let waiting = self.queue.admit(draft)?;
        if self.leave(&waiting) {
            self.queue.leave_to_others();
            return Ok(Accepted::AsAsked);
        }
        let must_be_stored = self.stores_first() && !self.journal.is_for_nothing();
        if must_be_stored {
            self.keep(&[&waiting]);
        }
        let accepted = match must_be_stored && !waiting.is_stored() {
            true => Accepted::InMemory,
            false => Accepted::AsAsked,
        };
        self.queue.push(waiting, || worker::start(self))?;
        Ok(accepted)
    }

    /// Whether an event must be on disk before `publish` returns.
    pub(super) fn stores_first(&self) -> bool {
        self.durability == Durability::WriteAhead || self.leaves_to_others()
    }

    /// Whether another process sends the events that are published here.
    pub(super) const fn leaves_to_others(&self) -> bool {
        #[cfg(feature = "http")]
        return self.uploader.is_some();
        #[cfg(not(feature = "http"))]
        return false;
    }

    /// Leaves an event on disk for the uploader process, if there is one, and starts that process when it is due.
    pub(super) fn leave(&self, waiting: &Waiting) -> bool {
        #[cfg(feature = "http")]
        if let Some(uploader) = &self.uploader
            && !waiting.is_stored()
            && uploader.is_there()
            && let Some(event) = self.finish(waiting)
        {
            let is_left = self.journal.leave(waiting, &event, &self.consent);
            if is_left {
                uploader.left();
            }
            // Also when the spool is full: the uploader then sends those events.
            uploader.start_if_due();
            return is_left;
        }
        let _ = waiting;
        false
    }

    /// Takes the events that were left to an uploader, if that one did not live long enough to send them.
    pub(super) fn take_back(&self) {
        #[cfg(feature = "http")]
        if self.uploader.as_ref().is_some_and(Uploader::has_failed) {
            self.recover();
        }
    }

    pub(crate) fn lose(&self, loss: Loss) -> Loss {
        self.queue.lose(loss);
        loss
    }

    pub(crate) fn flush(self: &Arc<Self>, timeout: Duration) -> Flushed {
        let start = Instant::now();
        self.write_counts_within(timeout);
        self.queue.flush(timeout.saturating_sub(start.elapsed()))
    }

    /// Like [`close`](Self::close), and waits until the worker is gone.
    pub(crate) fn shut_down(self: &Arc<Self>, timeout: Duration) -> Flushed {
        let start = Instant::now();
        let flushed = self.close(timeout);
        worker::wait(self, timeout.saturating_sub(start.elapsed()));
        flushed
    }

    pub(crate) fn close(self: &Arc<Self>, timeout: Duration) -> Flushed {
        #[cfg(feature = "http")]
        let start = Instant::now();
        self.heartbeats.end();
        self.send_last_counts();
        let flushed = self.queue.close(timeout, !self.journal.is_for_nothing(), |volatile| {
            let (pipeline, copy) = (Arc::clone(self), volatile.clone());
            // A slow disk blocks only this thread, and delays the end no longer than its timeout.
            if threads::spawn("telemetry-end", move || pipeline.store(&copy)).is_err() {
                self.store(&volatile);
            }
        });
        if !self.queue.has_worker() {
            self.journal.release();
        }
        #[cfg(feature = "http")]
        if let Some(uploader) = &self.uploader {
            uploader.wait(timeout.saturating_sub(start.elapsed()));
        }
        if flushed != Flushed::default() {
            diagnostics::ended(flushed.delivered, flushed.spooled, flushed.dropped);
        }
        flushed
    }

    /// Sends the events that other processes left behind, until `timeout`, and returns whether there were any; `None` if a pause
    /// lasts longer.
    #[cfg(feature = "http")]
    pub(crate) fn upload(self: &Arc<Self>, timeout: Duration) -> Option<bool> {
        let taken = || self.queue.recovered().published() + self.queue.counts().published();
        let before = taken();
        self.recover();
        self.move_counts();
        let found = taken() > before;
        if found && self.queue.start(|| worker::start(self)).is_ok() {
            self.queue.drain(timeout);
        }
        (!self.queue.is_paused_for(timeout)).then_some(found)
    }

    /// Whether it takes events.
    pub(crate) fn is_open(&self) -> bool {
        self.queue.is_open()
    }

    /// Whether a no has ended the client.
    pub(crate) fn is_withdrawn(&self) -> bool {
        self.queue.is_withdrawn() || self.consent.now() == ConsentNow::Denied
    }

    pub(crate) fn counts(&self) -> Counts {
        self.queue.counts()
    }

    pub(crate) fn account(&self) -> Account {
        let (tally, problem) = self.journal.found();
        let is_choice_unreadable = self.consent.now() == ConsentNow::Unreadable;
        // Then nothing is written either, which is no fault of the directory.
        let problem = problem.filter(|_| !is_choice_unreadable);
        Account {
            counts: self.queue.counts(),
            recovered: self.queue.recovered(),
            load: self.queue.load(),
            survey: self.journal.survey(),
            tally,
            problem: problem.or_else(|| self.journal.examine()),
            unrecorded: self.journal.unrecorded(),
            is_choice_unreadable,
            is_id_ephemeral: self.consent.sends() && !self.identity.origin.has_lasting_id(),
            counted: self.journal.survey_counts(),
            lost_counts: self.journal.lost_counts(),
            heartbeats: self.heartbeats.survey(),
            rest: self.journal.survey_rest(),
        }
    }

    pub(super) fn recover(&self) {
        self.take(self.journal.recover(&self.consent));
    }

    /// Takes events of earlier processes, and those that this client left to a process that did not send them. The one that failed last
    /// goes to the end.
    fn take(&self, mut events: Vec<StoredEvent>) {
        events.retain(|event| !self.still_waits(event));
        events.retain(|event| self.may_be_sent(event));
        if !events.is_empty() {
            let rest = self.journal.rest();
            self.queue.recover(events, rest.as_ref().map(|rest| &*rest.event));
        }
    }

    /// Whether an event that was found on disk waits in memory, too, as one of this client does whose file was moved.
    fn still_waits(&self, event: &StoredEvent) -> bool {
        self.identity.number_of(&event.id).is_some_and(|number| self.queue.holds(number))
    }

    /// Writes the events that are in memory only to disk.
    pub(super) fn store(&self, volatile: &[Arc<Waiting>]) {
        let volatile: Vec<&Waiting> = volatile.iter().map(|waiting| &**waiting).collect();
        self.keep(&volatile);
        self.queue.stored();
    }

    /// Stores events on disk, with one write, and takes those that were found there.
    fn keep(&self, events: &[&Waiting]) {
        if self.journal.is_for_nothing() {
            return;
        }
        self.write(events);
        if self.hands_over() {
            self.write(events);
        }
        if self.journal.take_gone() {
            self.queue.unstore();
            let volatile = self.queue.volatile();
            self.write(&volatile.iter().map(|waiting| &**waiting).collect::<Vec<_>>());
        }
        self.take(self.journal.found_on_the_way());
    }

    /// Leaves the events on disk to another process, if that one has taken them.
    pub(super) fn hands_over(&self) -> bool {
        let is_taken = self.journal.take_taken();
        if is_taken {
            self.queue.hand_over();
        }
        is_taken
    }

    fn write(&self, events: &[&Waiting]) {
        let finished = events.iter().filter_map(|waiting| Some((*waiting, self.finish(waiting)?)));
        self.journal.keep(&finished.collect::<Vec<_>>(), &self.consent);
    }

    /// How long events wait, because the user has asked for deletion before and the receiver could not be asked yet.
    pub(super) fn wait_for_deletion(&self) -> Option<Duration> {
        #[cfg(feature = "http")]
        return self.deletion.as_ref()?.come_first();
        #[cfg(not(feature = "http"))]
        return None;
    }

    /// Prepares the request for deletion that a no would make due. Returns `false` if the event cannot be sent now: the user has said no in the
    /// meantime, or the request cannot be prepared.
    pub(super) fn prepare_deletion(&self, event: &Outgoing) -> bool {
        #[cfg(feature = "http")]
        if let Some(deletion) = &self.deletion
            && !event.is_ephemeral()
        {
            return deletion.prepare(event.body(), &self.consent);
        }
        let _ = event;
        true
    }

    /// Tells the request for deletion whether anything may have left this machine since it was prepared.
    pub(super) fn attempted(&self, may_have_left: bool) {
        #[cfg(feature = "http")]
        if let Some(deletion) = &self.deletion {
            deletion.attempted(may_have_left);
        }
        let _ = may_have_left;
    }

    /// Sends the request for deletion that a no has made due.
    pub(super) fn send_deletion(&self) {
        #[cfg(feature = "http")]
        if let Some(deletion) = &self.deletion {
            deletion.send_due();
        }
    }

    /// Keeps a record of a sent event for the user to read, unless the user has said no in the meantime.
    pub(super) fn record(&self, sent: &SentEvent) {
        let Some(state) = self.journal.state() else { return };
        if self.consent.holds() {
            self.journal.record(state, sent);
        }
        self.consent.erase_if_withdrawn(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_that_can_be_read_again_is_no_obstacle() {
        let account = |obstacle, is_choice_unreadable| {
            let load = Load { obstacle: Some(obstacle), ..Load::default() };
            Account { load, is_choice_unreadable, ..Account::default() }.obstacle()
        };
        assert_eq!(account(Obstacle::ChoiceUnreadable, true), Some(Obstacle::ChoiceUnreadable));
        assert_eq!(account(Obstacle::ChoiceUnreadable, false), None);
        assert_eq!(account(Obstacle::TimedOut, false), Some(Obstacle::TimedOut));
    }
}
