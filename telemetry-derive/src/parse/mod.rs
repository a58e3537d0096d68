//! `#[telemetry(...)]` and doc comments, as written in the source.

pub(crate) mod arguments;
pub(crate) mod attr;
pub(crate) mod doc;
pub(crate) mod expression;
