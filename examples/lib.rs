//! Support code that several examples share.

pub mod auth;
mod collector;
mod settings;

pub use collector::{Collector, Request};
pub use settings::{SettingsError, read};
