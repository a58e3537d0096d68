//! `#[telemetry(...)]` as it is written.

pub(crate) mod arguments;
pub(crate) mod attr;
