//! Rules and limits that the `telemetry` crate and its derive macros share.
//!
//! The macros check literals where they stand in the source; `telemetry` checks what is written by hand, and works by the same facts
//! at run time. Each of these facts is stated here and nowhere else. Use `telemetry`, which documents them; this crate changes without
//! notice.

#![no_std]

pub mod bucket;
pub mod key;
pub mod limit;
pub mod name;
pub mod packages;
pub mod time;
pub mod word;
