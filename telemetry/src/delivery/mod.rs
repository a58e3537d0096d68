//! The way from a draft to the receiver, and the counts of lost events by reason.
//!
//! Callers of `publish` fill a [`Pipeline`]; one worker thread, which the first event starts, empties it.
//! Requests to the worker (flush, shut down) do not queue behind the events.

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
