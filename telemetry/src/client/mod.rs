//! The handle that an application holds.
//!
//! # What becomes of events when the program ends
//!
//! | the program | [`Durability::Relaxed`] | [`Durability::WriteAhead`] |
//! |---|---|---|
//! | drops the last handle, as at the end of `main` | sent within the [exit wait](Builder::exit_wait), the rest is on disk | the same |
//! | panics in `main` | the same, since unwinding drops the handle | the same |
//! | calls [`shutdown`](Telemetry::shutdown) | sent within its timeout, the rest is on disk | the same |
//! | calls `process::exit`, or keeps the handle in a `static` | what was not sent yet is lost | on disk |
//! | is ended by SIGTERM, SIGKILL or an abort | what was not sent yet is lost | on disk |
//!
//! What is on disk is sent by the next program of the same application that publishes, or, with [`Upload::Detached`], by a process
//! of its own. What is lost in the second half of the table nobody can count: call [`flush`](Telemetry::flush) before.
//!
//! # What is kept on the machine
//!
#![doc = include_str!("../../docs/files.md")]
//! # What happens where files are not as they should be
//!
#![doc = include_str!("../../docs/situations.md")]
//!
//! # What a log is told
//!
//! With the feature `tracing`, the fate of events is told under the target `telemetry`: at the level `warn` that one was lost on its way,
//! at `info` that consent was withdrawn, at `debug` all else, such as answers, failures, pauses and the end. Only names of this crate and
//! numbers are told, never a payload, an address, a header or an id. The libraries that send the events tell more under targets of
//! their own: host names and ports, and nothing of path, query, headers or body.

mod about;
mod builder;
mod error;
mod fork;
mod handle;
mod outcome;
mod status;
#[cfg(feature = "http")]
mod uploader;

pub use self::about::Upload;
pub use self::builder::Builder;
pub use self::error::ConfigError;
pub use self::handle::Telemetry;
pub use self::outcome::Outcome;
pub use self::status::{QueueStatus, SpoolStatus, Status};
#[cfg(feature = "http")]
pub use self::uploader::run_uploader;
pub use crate::delivery::{Counts, Durability, Flushed, Loss, Problem};
pub use crate::identity::anonymous_id::AnonymousId;
pub use crate::storage::SentEvent;
