use std::sync::{Arc, PoisonError};

use super::counts::{Fate, Loss};
use super::pipeline::Pipeline;
use super::retry::{self, Failure};
use super::waiting::Waiting;
use crate::clock::Clock;
use crate::consent::ConsentNow;
use crate::diagnostics;
use crate::panics::{catch, discard};
use crate::sink::{Obstacle, Outgoing, SendError, Sink};
use crate::storage::SentEvent;
use crate::threads;

/// Starts the thread that empties the queue until it is closed.
pub(super) fn start(pipeline: &Arc<Pipeline>) -> Result<(), Loss> {
    let pipeline = Arc::clone(pipeline);
    threads::spawn("telemetry", move || run(&pipeline)).map_err(|_| Loss::NoWorker)
}

fn run(pipeline: &Pipeline) {
    let sink = pipeline.sink.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(sink) = sink {
        let mut worker = Worker { pipeline, sink, has_rested: false };
        worker.work();
        discard(worker);
    }
    pipeline.store(&pipeline.queue.volatile());
    pipeline.journal.release();
    pipeline.queue.worker_ended();
}

struct Worker<'a> {
    pipeline: &'a Pipeline,
    sink: Box<dyn Sink>,
    /// The disk may hold a pause, which is over once an event is delivered.
    has_rested: bool,
}

impl Worker<'_> {
    fn work(&mut self) {
        let Self { pipeline, .. } = *self;
        pipeline.recover();
        while let Some(waiting) = pipeline.queue.next(|| self.rest()) {
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
                    pipeline.queue.postpone(waiting.ticket, Failure::Temporary, Some(Obstacle::ChoiceUnreadable));
                    continue;
                }
            }
            if let Some(pause) = pipeline.wait_for_deletion() {
                pipeline.queue.postpone(waiting.ticket, Failure::Asked(pause), None);
                pipeline.store(&pipeline.queue.volatile());
                continue;
            }
            if pipeline.hands_over() || self.obeys_others() {
                continue;
            }
            if pipeline.leave(&waiting) {
                pipeline.queue.settle(waiting.ticket, Fate::Spooled);
            } else {
                self.deliver(&waiting);
            }
        }
    }

    fn rest(&mut self) {
        catch(|| self.sink.rest());
    }

    /// Whether another process has left a pause. If so, all waiting events go to disk.
    fn obeys_others(&mut self) -> bool {
        let Some(rest) = self.pipeline.journal.rest() else { return false };
        self.has_rested = true;
        let is_paused = self.pipeline.queue.obey(&rest);
        if is_paused {
            self.pipeline.store(&self.pipeline.queue.volatile());
        }
        is_paused
    }

    fn deliver(&mut self, waiting: &Waiting) {
        let pipeline = self.pipeline;
        if waiting.lacks_context() {
            pipeline.identity.detect(&pipeline.consent);
            // That takes time, in which the user may have said no. The next check of consent finds that out.
            if !pipeline.consent.holds() {
                return;
            }
        }
        // An event cannot be finished once the user has said no. The next check of consent finds that out.
        let Some(event) = pipeline.finish(waiting) else { return };
        if !pipeline.prepare_deletion(&event) {
            return;
        }
        let clock = Clock::default();
        let before = clock.now();
        let age = retry::time_since(&event.at, &before.stamp);
        let outgoing = Outgoing::new(event.id, event.schema, age, event.body).with_ephemeral_id(event.is_ephemeral);
        let sent = catch(|| self.sink.send(&outgoing));
        pipeline.queue.took(before.instant.elapsed());
        match sent {
            Some(Ok(())) => self.settle(waiting, outgoing, Fate::Delivered),
            Some(Err(SendError::Retry)) => self.retry(waiting, &outgoing, Failure::Temporary),
            Some(Err(SendError::RetryAfter(pause))) => self.retry(waiting, &outgoing, Failure::Asked(pause)),
            Some(Err(SendError::NotNow)) => self.retry(waiting, &outgoing, Failure::NotNow),
            Some(Err(SendError::Refused)) => self.settle(waiting, outgoing, Fate::Lost(Loss::Refused)),
            None => self.settle(waiting, outgoing, Fate::Lost(Loss::SinkPanicked)),
        }
    }

    /// Writes the journal first: an event that is counted as settled must not be sent again by another process.
    fn settle(&mut self, waiting: &Waiting, outgoing: Outgoing, fate: Fate) {
        let pipeline = self.pipeline;
        pipeline.journal.done(waiting, &outgoing.id);
        if fate == Fate::Delivered {
            if std::mem::take(&mut self.has_rested) {
                pipeline.journal.set_rest(None);
            }
            let at = Clock::default().stamp().at;
            pipeline.record(&SentEvent { at, id: outgoing.id, body: outgoing.body });
        }
        if pipeline.queue.is_last_recovered(waiting.ticket) {
            // There was no room for all events of other processes. Now there is, and no waiting thread has been told yet that the queue is empty.
            pipeline.recover();
        }
        fate.tell();
        pipeline.queue.settle(waiting.ticket, fate);
    }

    /// A receiver that fails once may fail for long. So all waiting events and the pause go to disk, where they survive this process.
    fn retry(&mut self, waiting: &Waiting, outgoing: &Outgoing, failure: Failure) {
        let pipeline = self.pipeline;
        let obstacle = catch(|| self.sink.obstacle()).flatten().or(Some(Obstacle::Other));
        let pause = pipeline.queue.postpone(waiting.ticket, failure, obstacle);
        diagnostics::postponed(pause);
        pipeline.store(&pipeline.queue.volatile());
        self.has_rested = true;
        pipeline.journal.set_rest(pipeline.queue.rest(&outgoing.id).as_ref());
    }
}

/// Stops sending. Data on disk is deleted if the user said no, but not if their choice cannot be read.
fn withdraw(pipeline: &Pipeline) {
    // A no that a yes has followed has already deleted the data. The files that are there now belong to the new yes.
    pipeline.queue.withdraw(pipeline.consent.was_withdrawn());
    if pipeline.consent.is_withdrawn() {
        pipeline.journal.erase(&pipeline.consent);
    }
}
