//! Exports of a schema: JSON Schema for validators, rows for people, a hash for comparison.

mod hash;
mod json_schema;
mod rows;

pub use rows::{Row, What, rows};

pub(crate) use rows::{Style, grouped};
