//! `#[telemetry(...)]` and doc comments, as they are written.

pub(crate) mod arguments;
pub(crate) mod attr;
pub(crate) mod doc;
