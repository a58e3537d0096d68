//! The way from a draft to the receiver, and the counts of lost events by reason.
//!
//! Callers of `publish` fill a [`Pipeline`]; one worker thread, which the first event starts, empties it.
//! Requests to the worker (flush, shut down) do not queue behind the events.

mod batching;
mod counted;
mod counting;
mod counts;
#[cfg(any(test, feature = "http"))]
mod deletion;
mod finish;
mod heartbeat;
mod journal;
mod pipeline;
mod publish;
mod queue;
mod retry;
mod spool;
#[cfg(feature = "http")]
mod uploader;
mod waiting;
mod worker;

pub(crate) use self::counted::CountSurvey;
pub use self::counts::{Counts, Flushed, Loss};
#[cfg(feature = "http")]
pub(crate) use self::deletion::{Deletion, DeletionSurvey};
pub(crate) use self::finish::{Schemas, preview};
pub use self::heartbeat::Every;
pub(crate) use self::heartbeat::{Beat, HeartbeatSurvey, Heartbeats};
pub(crate) use self::publish::draft;
#[cfg(all(feature = "http", any(fuzzing, test)))]
pub(crate) use self::{counted::fuzz as fuzz_counted, spool::fuzz as fuzz_spool};

pub use self::journal::Problem;
pub(crate) use self::journal::{Journal, Place};
pub use self::pipeline::Durability;
pub(crate) use self::pipeline::{Accepted, Account, Pipeline};
pub(crate) use self::queue::{MAX_BYTES, MAX_EVENTS, Queue};
#[cfg(feature = "http")]
pub(crate) use self::retry::PATIENCE_TO_DELETE;
#[cfg(test)]
pub(crate) use self::spool::Survey;
#[cfg(feature = "http")]
pub(crate) use self::uploader::{Task, Uploader, finish, lock, repeat, run};
