//! Exports of a schema: JSON Schema for validators, rows for people, a hash for comparison, and the difference of two.

mod difference;
#[cfg(all(feature = "http", any(fuzzing, test)))]
mod fuzz;
mod hash;
mod json_schema;
pub mod released;
mod rows;
mod told_once;

pub use difference::{Change, Difference, Effect, difference};
pub use rows::{Row, What, rows};

pub(crate) use difference::added;
#[cfg(all(feature = "http", any(fuzzing, test)))]
pub(crate) use fuzz::released as fuzz;
pub(crate) use rows::{Style, grouped};
pub(crate) use told_once::rows_told_once;
