//! Support code that several examples share.

pub mod auth;
mod collector;
#[cfg(feature = "collector")]
mod served;
mod settings;

pub use collector::{Collector, Request};
#[cfg(feature = "collector")]
pub use served::Served;
pub use settings::{SettingsError, read};
