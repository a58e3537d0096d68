//! From a draft to the receiver, and the counts of what was lost and why.
//!
//! A [`Pipeline`] is filled by whoever publishes and emptied by one worker thread, which is started by the first event.
//! What the application asks of the worker (flush, shut down) does not wait in the queue behind the events.

mod clock;
mod counts;
mod finish;
mod journal;
mod pipeline;
mod queue;
mod retry;
mod spool;
#[cfg(feature = "http")]
mod uploader;
mod waiting;
mod worker;

pub(crate) use self::clock::Stamp;
pub use self::counts::{Counts, Flushed, Loss};
pub(crate) use self::finish::{Schemas, preview};

pub use self::journal::Problem;
pub(crate) use self::journal::{Journal, Place};
pub use self::pipeline::Durability;
pub(crate) use self::pipeline::{Accepted, Account, Pipeline};
pub(crate) use self::queue::{MAX_BYTES, MAX_EVENTS, Queue};
#[cfg(test)]
pub(crate) use self::spool::Survey;
#[cfg(feature = "http")]
pub(crate) use self::uploader::{Task, Uploader, finish, lock, repeat, run};
