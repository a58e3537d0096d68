//! The handle that an application holds.

mod about;
mod builder;
mod error;
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
pub use crate::state::Sent;
