//! What a schema becomes for others: JSON Schema for validators, rows for people.

mod json_schema;
mod rows;

pub(crate) use rows::{Row, code, grouped, rows};
