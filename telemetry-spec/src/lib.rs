//! Rules and limits that the `telemetry` crate and its derive macros share.
//!
//! The macros check literals in the source. `telemetry` checks hand-written implementations, and applies the same rules
//! at run time. Each rule is stated only here. Use `telemetry`, which documents them; this crate changes without
//! notice.

#![no_std]

pub mod batch;
pub mod bucket;
pub mod counted;
pub mod key;
pub mod limit;
pub mod name;
pub mod packages;
pub mod time;
pub mod word;
