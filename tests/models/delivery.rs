//! The queue between publishing threads and the worker.

#[path = "counted.rs"]
pub mod counted;
#[path = "../../telemetry/src/delivery/counts.rs"]
mod counts;
#[rustfmt::skip] // It would look for the file's tests beside it.
#[path = "../../telemetry/src/delivery/queue.rs"]
mod queue;
#[rustfmt::skip]
#[path = "../../telemetry/src/delivery/retry.rs"]
mod retry;
#[path = "../../telemetry/src/delivery/waiting.rs"]
mod waiting;

use std::sync::Arc;
use std::time::Duration;

use loom::thread::{self, JoinHandle};

use self::batching::Most;
use self::counts::{Fate, Loss};
use self::queue::{Queue, Work};
use self::waiting::{Content, Waiting};

mod batching {
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Copy)]
    pub(super) struct Most {
        pub(super) lines: usize,
        pub(super) bytes: usize,
    }

    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub(super) struct Lesson;
}

mod spool {
    use crate::clock::Stamp;

    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct StoredEvent {
        pub(crate) id: String,
        pub(crate) at: Stamp,
        pub(crate) schema: String,
        pub(crate) body: String,
        pub(crate) lacks_context: bool,
        pub(crate) by_operator: bool,
    }
}

const MOST: Most = Most { lines: 1, bytes: 64 };
const LONG: Duration = Duration::from_secs(3600);

/// As `pipeline.rs` does.
fn publish(queue: &Arc<Queue>, workers: &Workers) -> Result<(), Loss> {
    let waiting = queue.admit(crate::event::Draft)?;
    queue.push(waiting, || {
        let queue = Arc::clone(queue);
        workers.lock().unwrap().push(thread::spawn(move || work(&queue, || {})));
        Ok(())
    })
}

/// The threads that were started, which is at most one.
type Workers = Arc<std::sync::Mutex<Vec<JoinHandle<u64>>>>;

/// As `worker.rs` does. Returns how many events it has sent, or told by their count.
fn work(queue: &Queue, do_chores: impl Fn()) -> u64 {
    let mut sent = 0;
    while let Some(work) = queue.next(MOST, || {}) {
        match work {
            Work::Send(events) => {
                for event in events {
                    if queue.is_withdrawn() {
                        break;
                    }
                    sent += match &event.content {
                        Content::Fresh(_) => 1,
                        Content::Recovered(event) => event.body.parse().unwrap(),
                    };
                    queue.settle(event.ticket, Fate::Delivered);
                }
            }
            Work::Chores => do_chores(),
        }
    }
    queue.worker_ended();
    sent
}

fn end(queue: &Queue, workers: &Workers) -> u64 {
    let workers = std::mem::take(&mut *workers.lock().unwrap());
    assert!(workers.len() <= 1);
    let sent = workers.into_iter().map(|worker| worker.join().unwrap()).sum();
    let counts = queue.counts();
    assert_eq!(counts.pending(), 0);
    assert_eq!((queue.load().events, queue.load().bytes), (0, 0));
    sent
}

fn beside(queue: &Arc<Queue>, workers: &Workers) -> JoinHandle<Result<(), Loss>> {
    let (queue, workers) = (Arc::clone(queue), Arc::clone(workers));
    thread::spawn(move || publish(&queue, &workers))
}

/// Two threads publish the first events at the same time: one worker sends both, and the end waits for it.
pub fn two_publish() {
    let (queue, workers) = (Arc::new(Queue::default()), Workers::default());
    let other = beside(&queue, &workers);
    assert_eq!(publish(&queue, &workers), Ok(()));
    assert_eq!(other.join().unwrap(), Ok(()));
    queue.close(LONG, false, |_| ());
    assert_eq!((end(&queue, &workers), queue.counts().delivered()), (2, 2));
}

/// A flush waits for what was published before it, and not for ever.
pub fn flush_beside_publish() {
    let (queue, workers) = (Arc::new(Queue::default()), Workers::default());
    assert_eq!(publish(&queue, &workers), Ok(()));
    let other = beside(&queue, &workers);
    let flushed = queue.flush(LONG);
    assert!(flushed.pending == 0 && flushed.delivered <= 2, "{flushed:?}");
    assert!(queue.counts().delivered() >= 1);
    assert_eq!(other.join().unwrap(), Ok(()));
    queue.close(LONG, false, |_| ());
    assert_eq!((end(&queue, &workers), queue.counts().delivered()), (2, 2));
}

/// An event that is published beside the end is refused, or it has an outcome.
pub fn close_beside_publish() {
    let (queue, workers) = (Arc::new(Queue::default()), Workers::default());
    let other = beside(&queue, &workers);
    queue.close(LONG, false, |_| ());
    let outcome = other.join().unwrap();
    let sent = end(&queue, &workers);
    let counts = queue.counts();
    assert_eq!((counts.published(), counts.delivered()), (1, sent));
    assert_eq!(outcome, if sent == 1 { Ok(()) } else { Err(Loss::ShutDown) });
}

/// After a no, the worker ends by itself, and each event has one outcome.
pub fn withdraw() {
    let (queue, workers) = (Arc::new(Queue::default()), Workers::default());
    let other = beside(&queue, &workers);
    queue.withdraw(true);
    let outcome = other.join().unwrap();
    let sent = end(&queue, &workers);
    let counts = queue.counts();
    assert_eq!(counts.delivered() + counts.dropped(), 1);
    assert!(sent >= counts.delivered());
    assert!(outcome.is_ok() || sent == 0);
    assert_eq!(queue.flush(LONG).pending, 0);
}
