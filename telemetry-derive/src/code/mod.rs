//! Tokens of generated code, and the code that is written for any field.

pub(crate) mod field;
pub(crate) mod tokens;
pub(crate) mod types;
