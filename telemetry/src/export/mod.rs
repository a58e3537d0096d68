//! What a schema becomes for others: JSON Schema for validators, rows for people, a hash for comparing.

mod hash;
mod json_schema;
mod rows;

pub use rows::{Row, What, rows};

pub(crate) use rows::{Style, grouped};
