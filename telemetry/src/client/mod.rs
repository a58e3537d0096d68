//! The handle that an application holds.

mod builder;
mod error;
mod handle;
mod outcome;

pub use self::builder::Builder;
pub use self::error::ConfigError;
pub use self::handle::Telemetry;
pub use self::outcome::Outcome;
pub use crate::delivery::{Counts, Flushed, Loss};
