//! `#[telemetry(...)]`, doc comments, and the attributes of other macros, as written in the source.

pub(crate) mod arguments;
pub(crate) mod attr;
pub(crate) mod doc;
pub(crate) mod expression;
pub(crate) mod foreign;
