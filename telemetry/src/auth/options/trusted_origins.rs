//! `trustedOrigins`.

use serde::Deserialize;

use super::callback::{Callback, Request};
use telemetry_derive::TelemetrySnapshot;

/// Other origins that may send requests.
#[derive(Clone, Deserialize, TelemetrySnapshot)]
#[serde(from = "Vec<String>")]
#[telemetry(crate = crate, untagged, rename_all = "lowercase")]
pub enum TrustedOrigins {
    /// A fixed list, in which `*` matches any text.
    Listed(#[telemetry(count(max = 4_294_967_295))] Vec<String>),
    /// A function that returns the origins for a request.
    Dynamic(#[telemetry(skip = "a function of the application")] Callback<Request, Vec<String>>),
}

impl From<Vec<String>> for TrustedOrigins {
    fn from(origins: Vec<String>) -> Self {
        Self::Listed(origins)
    }
}
