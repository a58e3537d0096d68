use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::thread;
use std::time::Duration;

use super::counts::{Fate, Loss};
use super::pipeline::Pipeline;
use super::waiting::{Waiting, now};
use crate::diagnostics;
use crate::panics::catch as contain;
use crate::sink::{Outgoing, SendError, Sink};
use crate::storage::SentEvent as Sent;

/// Starts the thread that empties the queue until it is closed.
pub(super) fn start(pipeline: &Arc<Pipeline>) -> Result<(), Loss> {
    let pipeline = Arc::clone(pipeline);
    let started = thread::Builder::new().name("telemetry".into()).spawn(move || run(&pipeline));
    started.map(drop).map_err(|_| Loss::NoWorker)
}

/// Finds out the context while the worker is busy: what waits for it should not have to wait for a slow receiver too.
pub(super) fn start_detection(pipeline: &Arc<Pipeline>) {
    if pipeline.detecting.swap(true, Ordering::SeqCst) {
        return;
    }
    let pipeline = Arc::clone(pipeline);
    // Where no thread can be had, the worker finds it out later.
    let _ = thread::Builder::new().name("telemetry-context".into()).spawn(move || pipeline.detect());
}

fn run(pipeline: &Pipeline) {
    let sink = pipeline.sink.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(mut sink) = sink else { return };
    if !pipeline.leaves_to_others() {
        pipeline.recover();
    }
    while let Some(waiting) = pipeline.queue.next() {
        // The choice is the user's, at any time.
        if !pipeline.standing.holds() {
            diagnostics::withdrawn();
            withdraw(pipeline);
            break;
        }
        if waiting.carries_context() && pipeline.identity.context().is_none() {
            pipeline.detect();
        }
        if pipeline.leave(&waiting) {
            pipeline.queue.settle(waiting.ticket, Fate::Spooled);
        } else {
            deliver(pipeline, &mut *sink, &waiting);
        }
    }
    pipeline.journal.release();
    contain(|| drop(sink));
}

/// Sends nothing more. What is on disk is deleted when that is what the user chose, and not when their choice cannot be read.
fn withdraw(pipeline: &Pipeline) {
    let erases = pipeline.standing.is_withdrawn();
    pipeline.queue.withdraw(erases);
    if erases {
        pipeline.journal.erase();
    }
}

fn deliver(pipeline: &Pipeline, sink: &mut dyn Sink, waiting: &Waiting) {
    // It cannot be finished once the user has said no, which is the next that is found out.
    let Some(event) = pipeline.finish(waiting) else { return };
    let outgoing = Outgoing::new(event.id, event.schema, Duration::ZERO, event.body);
    match contain(|| sink.send(&outgoing)) {
        Some(Ok(())) => settle(pipeline, waiting, outgoing, Fate::Delivered),
        Some(Err(SendError::Retry)) => retry(pipeline, waiting, Duration::ZERO),
        Some(Err(SendError::RetryAfter(pause))) => retry(pipeline, waiting, pause),
        Some(Err(SendError::Refused)) => settle(pipeline, waiting, outgoing, Fate::Lost(Loss::Refused)),
        None => settle(pipeline, waiting, outgoing, Fate::Lost(Loss::SinkPanicked)),
    }
}

/// The journal comes first: what is counted as settled must not be sent again by another process.
fn settle(pipeline: &Pipeline, waiting: &Waiting, outgoing: Outgoing, fate: Fate) {
    pipeline.journal.done(waiting, &outgoing.id);
    if fate == Fate::Delivered {
        pipeline.record(&Sent { at: now(), id: outgoing.id, body: outgoing.body });
    }
    if pipeline.queue.is_last_recovered(waiting.ticket) {
        // There was no room for all that others left behind. Now there is, and nobody has been told yet that it is over.
        pipeline.recover();
    }
    diagnostics::settled(fate);
    pipeline.queue.settle(waiting.ticket, fate);
}

/// Who fails once may fail for long, so all that waits goes to disk, where it survives this process.
fn retry(pipeline: &Pipeline, waiting: &Waiting, at_least: Duration) {
    let pause = pipeline.queue.postpone(waiting.ticket, at_least);
    diagnostics::postponed(pause);
    pipeline.store(&pipeline.queue.volatile());
}
