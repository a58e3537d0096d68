//! From a draft to the receiver, and the counts of what was lost and why.
//!
//! A [`Queue`] is filled by whoever publishes and emptied by one worker thread, which is started by the first event.
//! What the application asks of the worker (flush, shut down) does not wait in the queue behind the events.

mod counts;
mod queue;
mod spool;
mod worker;

pub use self::counts::{Counts, Flushed, Loss};

pub(crate) use self::queue::Queue;
pub(crate) use self::worker::{Courier, start};
