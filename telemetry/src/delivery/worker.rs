use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::counts::Loss;
use super::queue::{Queue, Waiting};
use crate::sink::{Outgoing, SendError, Sink};

/// Everything that the worker needs to hand over an event. It outlives a thread that could not be started.
pub(crate) struct Courier {
    pub(crate) sink: Box<dyn Sink>,
    pub(crate) anonymous_id: String,
    /// Drawn once, so that with an event's number it names the event.
    pub(crate) series: String,
}

/// Starts the thread that empties the queue until the queue is closed.
pub(crate) fn start(queue: &Arc<Queue>, courier: &Arc<Mutex<Courier>>) -> Result<(), Loss> {
    let (queue, courier) = (Arc::clone(queue), Arc::clone(courier));
    thread::Builder::new()
        .name("telemetry".into())
        .spawn(move || {
            let mut courier = courier.lock().unwrap_or_else(PoisonError::into_inner);
            while let Some(waiting) = queue.next() {
                queue.settle(courier.deliver(&waiting));
            }
        })
        .map(drop)
        .map_err(|_| Loss::NoWorker)
}

impl Courier {
    fn deliver(&mut self, waiting: &Waiting) -> Result<(), Loss> {
        let outgoing = Outgoing {
            id: format!("{}-{}", self.series, waiting.number),
            body: waiting.draft.finish(&self.anonymous_id),
        };
        let sent = catch_unwind(AssertUnwindSafe(|| self.sink.send(&outgoing)));
        match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(SendError::Retry)) => Err(Loss::Undelivered),
            Ok(Err(SendError::Refused)) => Err(Loss::Refused),
            Err(_) => Err(Loss::SinkPanicked),
        }
    }
}
