//! The client handle that an application holds.
//!
//! # What becomes of events when the program ends
//!
//! | the program | [`Durability::Relaxed`] | [`Durability::WriteAhead`] |
//! |---|---|---|
//! | drops the last handle, as at the end of `main` | sent within the [exit wait](Builder::exit_wait), the rest is on disk | the same |
//! | panics in `main` | the same, since unwinding drops the handle | the same |
//! | calls [`shutdown`](Telemetry::shutdown) | sent within its timeout, the rest is on disk | the same |
//! | calls `process::exit`, or keeps the handle in a `static` | what was not sent yet is lost | on disk |
//! | calls `exec`, so that another program takes its place | what was not sent yet is lost | on disk |
//! | is ended by SIGTERM, SIGKILL or an abort | what was not sent yet is lost | on disk |
//!
//! Events on disk are sent by the next program of the same application that publishes, or, with [`Upload::Detached`], by a separate
//! process. Events lost in the second half of the table cannot be counted: call [`flush`](Telemetry::flush) first.
//!
//! Every program that sends also takes the events that earlier ones left, the oldest first, and marks each one as soon as the receiver has
//! it. An event is sent twice only if a program ends between these two steps.
//!
//! # Batches
//!
#![doc = include_str!("../../docs/batches.md")]
//!
//! # What becomes of the host
//!
//! | situation | what happens |
//! |---|---|
//! | a connection breaks, a file may not grow (`ulimit -f`) | an error that is counted; SIGPIPE and SIGXFSZ end no program, whatever it does on them |
//! | signals | the threads of this crate block all of them, so they arrive where the program wants them |
//! | nothing is left to send | the connection is closed, and no timer wakes the process |
//! | no thread can be had | [`Loss::NoWorker`]; the next event tries again. Names are then looked up on the worker itself |
//! | the program forks | the child's client does nothing and says so. With [`Telemetry::after_fork`] the child goes on; what the parent publishes [in each period](Telemetry::every) it is given again |
//! | a daemon that was forked lives on | it keeps the spool files of its parent locked only if the parent ended without dropping the client |
//! | the clock is wrong | ages and pauses are measured by the time since the system started; across a restart, an event of unknown age has seven days from then on |
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
//! With the feature `tracing`, events are logged under the target `telemetry`: at level `warn` if one is lost in transit, at `info` if
//! consent is withdrawn, and at `debug` for everything else, such as answers, failures, pauses and the end. Logs contain only names from
//! this crate and numbers, never a payload, an address, a header or an id. What a subscriber publishes while it is told this is
//! lost, counted as [`Loss::FromSubscriber`]; otherwise an event could lead to another without end. A subscriber that publishes
//! what other crates log, such as the HTTP libraries, leaves out the thread `telemetry`. The HTTP libraries log more under targets of their own: host
//! names and ports, but no path, query, headers or body.

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
pub use self::status::{CountedStatus, DeletionStatus, HeartbeatStatus, QueueStatus, SpoolStatus, Status};
#[cfg(feature = "http")]
pub use self::uploader::run_uploader;
pub use crate::delivery::{Counts, Durability, Every, Flushed, Loss, Problem};
pub use crate::identity::anonymous_id::AnonymousId;
pub use crate::storage::SentEvent;
