//! Tokens of generated code, and what is written for any field.

pub(crate) mod field;
pub(crate) mod tokens;
