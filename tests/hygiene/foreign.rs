//! Names from the attributes of serde.

use ::std::collections::BTreeMap;
use ::std::string::String;

/// The root of a configuration.
#[derive(Debug, ::serde::Deserialize, ::signals::TelemetrySnapshot)]
#[telemetry(crate = ::signals)]
#[serde(rename_all = "camelCase")]
pub struct Named {
    /// Members of its own.
    #[serde(flatten)]
    pub inner: Inner,
    /// Not read.
    #[serde(skip)]
    pub at_run_time: String,
    /// Everything else.
    #[serde(flatten)]
    pub all_others: BTreeMap<String, String>,
}

/// A part of it.
#[derive(Debug, ::serde::Deserialize, ::signals::TelemetrySnapshot)]
#[telemetry(crate = ::signals)]
#[serde(rename_all = "UPPERCASE")]
pub struct Inner {
    /// A switch.
    pub on: bool,
}
