use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use super::batching::{Answer, Batching, Most, Size};
use super::counts::{Fate, Loss};
use super::pipeline::Pipeline;
use super::queue::Work;
use super::retry::{self, Failure, Rest, TIME_TO_STORE};
use super::waiting::Waiting;
use crate::clock::Clock;
use crate::consent::ConsentNow;
use crate::diagnostics;
use crate::event::id_of;
use crate::panics::{catch, discard};
use crate::sink::{self, Obstacle, Outgoing, SendError, Sent, Sink};
use crate::storage::SentEvent;
use crate::storage::paths::SENT_EVENTS;
use crate::threads;

/// Starts the thread that empties the queue until it is closed.
pub(super) fn start(pipeline: &Arc<Pipeline>) -> Result<(), Loss> {
    let of_thread = Arc::clone(pipeline);
    let thread = threads::spawn("telemetry", move || run(&of_thread)).map_err(|_| Loss::NoWorker)?;
    *pipeline.thread.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread);
    Ok(())
}

/// Waits until that thread is gone, for at most `timeout`; once, since a second shutdown has no effect. A sink may call this on the thread
/// itself.
pub(super) fn wait(pipeline: &Pipeline, timeout: Duration) {
    let start = Instant::now();
    let thread = pipeline.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(thread) = thread.filter(|thread| !thread.is_current())
        && pipeline.queue.wait_for_worker(timeout)
    {
        thread.join(timeout.saturating_sub(start.elapsed()));
    }
}

fn run(pipeline: &Arc<Pipeline>) {
    let sink = pipeline.sink.lock().unwrap_or_else(PoisonError::into_inner).take();
    let mut has_panicked = false;
    if let Some(sink) = sink {
        let mut worker = Worker { pipeline, sink, has_rested: false, own_rest: None, batching: Batching::new() };
        has_panicked = catch(|| worker.work()).is_none();
        discard(worker);
    }
    has_panicked |= catch(|| pipeline.store(&pipeline.queue.volatile())).is_none();
    pipeline.journal.release();
    if has_panicked {
        pipeline.queue.worker_failed();
    }
    pipeline.queue.worker_ended();
}

struct Worker<'a> {
    pipeline: &'a Arc<Pipeline>,
    sink: Box<dyn Sink>,
    /// The disk may hold a pause, which is over once the receiver takes or refuses an event.
    has_rested: bool,
    /// The pause that this process has left on disk. The queue keeps it more exactly.
    own_rest: Option<Rest>,
    batching: Batching,
}

impl Worker<'_> {
    fn work(&mut self) {
        let Self { pipeline, .. } = *self;
        pipeline.recover();
        pipeline.queue.set_alarm(Some(Clock::default().now().instant));
        self.learn_of_batches();
        loop {
            let most = self.most();
            let Some(work) = pipeline.queue.next(most, || self.rest()) else { break };
            // The user can change the choice at any time.
            match pipeline.consent.now() {
                ConsentNow::Given => {}
                ConsentNow::Denied => {
                    diagnostics::withdrawn();
                    withdraw(pipeline);
                    pipeline.send_deletion();
                    break;
                }
                ConsentNow::Unreadable => {
                    diagnostics::choice_unreadable();
                    let obstacle = Some(Obstacle::ChoiceUnreadable);
                    match work {
                        Work::Send(events) => {
                            pipeline.queue.postpone(tickets(&events), Failure::Temporary, obstacle);
                        }
                        Work::Chores => pipeline.postpone_chores(),
                    }
                    continue;
                }
            }
            let mut events = match work {
                Work::Send(events) => events,
                Work::Chores => {
                    pipeline.do_chores();
                    continue;
                }
            };
            if let Some(pause) = pipeline.wait_for_deletion() {
                pipeline.queue.postpone(tickets(&events), Failure::Behind(pause), None);
                pipeline.store(&pipeline.queue.volatile());
                continue;
            }
            if pipeline.hands_over() || self.obeys_others() {
                continue;
            }
            // After a pause that another process left there may be fewer.
            events.truncate(self.most().lines);
            if pipeline.leaves_to_others() {
                self.leave(&mut events);
                // That takes time, in which the user may have said no.
                if !pipeline.consent.holds() {
                    continue;
                }
                pipeline.take_back();
            }
            self.deliver(&events);
        }
    }

    fn rest(&mut self) {
        catch(|| self.sink.rest());
    }

    fn most(&mut self) -> Most {
        let now = Clock::default().now().instant;
        if self.sink.batches().is_some() { self.batching.most(now) } else { Most::ONE }
    }

    /// Goes by what earlier processes have learned of batches.
    fn learn_of_batches(&mut self) {
        if self.sink.batches().is_some()
            && let Some(rest) = self.pipeline.journal.rest()
        {
            self.learn_of_others(&rest);
        }
    }

    /// A process that knows something of batches by itself goes by that.
    fn learn_of_others(&mut self, rest: &Rest) {
        let now = Clock::default().now();
        if let (None, Some(lesson)) = (self.batching.lesson(&now), &rest.batches) {
            self.batching = Batching::after(lesson, &now);
        }
    }

    /// Tells other processes of batches, and of a pause. A pause of this process is over unless it is given.
    fn tell_others(&mut self, pause: Option<Rest>) {
        let journal = &self.pipeline.journal;
        let now = Clock::default().now();
        let lesson = self.batching.lesson(&now);
        self.batching.take_changed();
        let is_own = pause.is_some();
        let has_rested = std::mem::replace(&mut self.has_rested, is_own);
        // One that another process has left meanwhile holds.
        let pause = pause.or_else(|| journal.rest().filter(|rest| !has_rested && rest.is_pause()));
        let rest = match (pause, lesson) {
            (None, None) => None,
            (pause, batches) => {
                let rest = pause.unwrap_or_else(|| Rest::without_pause(&now));
                Some(rest.with_batches(batches))
            }
        };
        journal.set_rest(rest.as_ref(), &self.pipeline.consent);
        self.own_rest = rest.filter(|_| is_own);
    }

    /// Learns of batches from what became of so many of these events, counted from the first.
    fn learn(&mut self, events: &[Arc<Waiting>], count: usize, answer: Answer) {
        let size = Size::of(events.iter().take(count).map(|waiting| waiting.len()));
        self.batching.learn(size, answer, Clock::default().now().instant);
    }

    /// Leaves these events on disk, as far as the uploader process is there. The others remain.
    fn leave(&self, events: &mut Vec<Arc<Waiting>>) {
        events.retain(|waiting| {
            let is_left = self.pipeline.leave(waiting);
            if is_left {
                self.pipeline.queue.settle(waiting.ticket, Fate::Spooled);
            }
            !is_left
        });
    }

    /// Whether another process has left a pause. If so, all waiting events go to disk.
    fn obeys_others(&mut self) -> bool {
        let Some(rest) = self.pipeline.journal.rest().filter(Rest::is_pause) else { return false };
        if self.own_rest.as_ref() == Some(&rest) {
            return false;
        }
        self.has_rested = true;
        self.learn_of_others(&rest);
        self.batching.one_by_one();
        let is_paused = self.pipeline.queue.obey(&rest);
        if is_paused {
            self.pipeline.store(&self.pipeline.queue.volatile());
        }
        is_paused
    }

    fn deliver(&mut self, events: &[Arc<Waiting>]) {
        let Some(outgoing) = self.prepare(events) else { return };
        let begin = Clock::default().now().instant;
        let sent = catch(|| sink::send(&mut *self.sink, &outgoing));
        self.pipeline.queue.took(begin.elapsed());
        self.pipeline.attempted(sent.as_ref().is_none_or(|sent| self.may_have_left(sent)));
        match sent {
            Some(Sent::Outcomes(outcomes)) => self.conclude(events, outgoing, outcomes),
            Some(Sent::TooLarge) => self.send_otherwise(events, outgoing.len(), Answer::TooLarge),
            Some(Sent::NoBatches) => self.send_otherwise(events, outgoing.len(), Answer::NoBatches),
            // Which of them it was is seen when each is sent alone.
            None if outgoing.len() > 1 => self.batching.one_by_one(),
            None => {
                let fate = Fate::Lost(Loss::SinkPanicked);
                let lost = events.iter().zip(outgoing);
                self.settle(lost.map(|(waiting, outgoing)| Settled::sent(waiting, outgoing, fate)).collect());
            }
        }
    }

    /// The first of these events as they are sent, all under one anonymous id: a request with two ids would link them. `None` if the user has
    /// said no, which the next check of consent finds out, or if they have to wait.
    fn prepare(&mut self, events: &[Arc<Waiting>]) -> Option<Vec<Outgoing>> {
        let pipeline = self.pipeline;
        if events.first()?.lacks_context() {
            pipeline.identity.detect(&pipeline.consent);
            // That takes time, in which the user may have said no.
            if !pipeline.consent.holds() {
                return None;
            }
        }
        // An event that still has to wait for the context holds up none before it.
        let is_context_known = pipeline.identity.shared_context().is_some();
        let now = Clock::default().stamp();
        let mut outgoing = Vec::new();
        for (at, waiting) in events.iter().enumerate() {
            if at > 0 && waiting.lacks_context() && !is_context_known {
                break;
            }
            // An event cannot be finished once the user has said no.
            let event = pipeline.finish(waiting)?;
            if outgoing.first().is_some_and(|first: &Outgoing| id_of(first.body()) != id_of(&event.body)) {
                break;
            }
            let age = retry::time_since(&event.at, &now);
            let event = Outgoing::new(event.id, event.schema, age, event.body).with_ephemeral_id(event.is_ephemeral);
            outgoing.push(event);
        }
        // Last, so that no id is written down for events that are not sent.
        if outgoing.first().is_none_or(|first| pipeline.prepare_deletion(first)) {
            return Some(outgoing);
        }
        if pipeline.consent.holds() {
            let failed: Vec<_> =
                events.iter().zip(outgoing).map(|(waiting, outgoing)| (waiting.ticket, outgoing.id)).collect();
            self.retry(&failed, Failure::Temporary, Obstacle::DeletionUnprepared);
        }
        None
    }

    /// Whether anything of these events may have left this machine.
    fn may_have_left(&self, sent: &Sent) -> bool {
        let Sent::Outcomes(outcomes) = sent else { return true };
        let is_before = || catch(|| self.sink.obstacle()).flatten().is_some_and(Obstacle::is_before_any_request);
        !outcomes.iter().all(|outcome| *outcome == Err(SendError::Retry)) || !is_before()
    }

    /// Lets these events wait, to be sent at once in another way.
    fn send_otherwise(&mut self, events: &[Arc<Waiting>], count: usize, answer: Answer) {
        self.learn(events, count, answer);
        if self.batching.take_changed() {
            self.tell_others(None);
        }
    }

    /// Gives each event its outcome, as far as there is one. The others still wait.
    fn conclude(&mut self, events: &[Arc<Waiting>], outgoing: Vec<Outgoing>, outcomes: Vec<Result<(), SendError>>) {
        let (mut settled, mut failed) = (Vec::new(), Vec::new());
        let mut failure = None;
        let count = outcomes.len();
        for ((waiting, outgoing), outcome) in events.iter().zip(outgoing).zip(outcomes) {
            let was_sent = outcome != Err(SendError::Unsendable);
            match outcome.map_err(Failure::of) {
                Ok(()) => settled.push(Settled::sent(waiting, outgoing, Fate::Delivered)),
                Err(None) => {
                    let refused = Settled::sent(waiting, outgoing, Fate::Lost(Loss::Refused));
                    settled.push(Settled { was_sent, ..refused });
                }
                Err(reason) => {
                    failure = failure.or(reason);
                    failed.push((waiting.ticket, outgoing.id));
                }
            }
        }
        let answer = match failure {
            None if settled.is_empty() => Answer::NoBatches,
            None => Answer::Complete,
            Some(_) if settled.is_empty() => Answer::Failure,
            Some(_) => Answer::Partial,
        };
        self.learn(events, count, answer);
        self.settle(settled);
        if let Some(failure) = failure {
            let obstacle = catch(|| self.sink.obstacle()).flatten().unwrap_or(Obstacle::Other);
            self.retry(&failed, failure, obstacle);
        } else if self.batching.take_changed() {
            self.tell_others(None);
        }
    }

    /// Writes the journal first, at once for all: an event that is counted as settled must not be sent again by another process, and the
    /// program may end meanwhile.
    fn settle(&mut self, events: Vec<Settled<'_>>) {
        let pipeline = self.pipeline;
        let ids: Vec<_> = events.iter().map(|event| (event.waiting, event.outgoing.id.as_str())).collect();
        pipeline.journal.done(&ids);
        if events.iter().any(Settled::is_answered) {
            pipeline.queue.answered();
            if self.has_rested {
                self.tell_others(None);
            }
        }
        // The user can read the last ones only.
        let mut unread = events.iter().filter(|event| event.was_sent).count().saturating_sub(SENT_EVENTS);
        for Settled { waiting, outgoing, fate, was_sent } in events {
            if was_sent {
                if unread == 0 {
                    let at = Clock::default().stamp().at;
                    pipeline.record(&SentEvent { at, id: outgoing.id, body: outgoing.body });
                } else {
                    unread -= 1;
                }
            }
            if pipeline.queue.is_last_recovered(waiting.ticket) {
                // There was no room for all events of other processes. Now there is, and no waiting thread has been told yet that the queue is empty.
                pipeline.recover();
            }
            fate.tell();
            pipeline.queue.settle(waiting.ticket, fate);
        }
    }

    /// A receiver that fails once may fail for long. So all waiting events and the pause go to disk, where they survive this process.
    fn retry(&mut self, failed: &[(u64, String)], failure: Failure, obstacle: Obstacle) {
        let pipeline = self.pipeline;
        let pause = pipeline.queue.postpone(failed.iter().map(|(ticket, _)| *ticket), failure, Some(obstacle));
        diagnostics::postponed(pause);
        pipeline.store(&pipeline.queue.volatile());
        let rest = failed.first().and_then(|(_, id)| pipeline.queue.rest(id));
        self.tell_others(rest);
        self.has_rested = true;
    }
}

/// An event with its outcome.
struct Settled<'a> {
    waiting: &'a Waiting,
    outgoing: Outgoing,
    fate: Fate,
    /// It has left this machine, or may have.
    was_sent: bool,
}

impl<'a> Settled<'a> {
    const fn sent(waiting: &'a Waiting, outgoing: Outgoing, fate: Fate) -> Self {
        Self { waiting, outgoing, fate, was_sent: true }
    }

    /// Whether the receiver has judged it.
    fn is_answered(&self) -> bool {
        self.was_sent && matches!(self.fate, Fate::Delivered | Fate::Lost(Loss::Refused))
    }
}

fn tickets(events: &[Arc<Waiting>]) -> impl Iterator<Item = u64> {
    events.iter().map(|waiting| waiting.ticket)
}

/// Stops sending. Data on disk is deleted if the user said no, but not if their choice cannot be read.
fn withdraw(pipeline: &Pipeline) {
    // A no that a yes has followed has already deleted the data. The files that are there now belong to the new yes.
    pipeline.queue.withdraw(pipeline.consent.was_withdrawn());
    if pipeline.consent.is_withdrawn() {
        pipeline.journal.erase(&pipeline.consent);
    }
    // They are lost, and told to be.
    pipeline.write_counts(TIME_TO_STORE);
}
