//! Support code that several examples share.

mod collector;
mod settings;

pub use collector::{Collector, Request};
pub use settings::{SettingsError, read};
