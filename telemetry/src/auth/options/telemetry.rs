//! `telemetry` and `experimental`.

use serde::Deserialize;

/// What is said of telemetry itself.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TelemetryOptions {
    /// Yes, no, or nothing said. No wins over every yes, and `BETTER_AUTH_TELEMETRY=0` and `DO_NOT_TRACK=1` over this.
    pub enabled: Option<bool>,
    /// Whether events are printed to standard error instead of being sent.
    pub debug: bool,
    /// Where events are sent; without it, to the address in `BETTER_AUTH_TELEMETRY_ENDPOINT`.
    pub endpoint: Option<String>,
    /// The key of the anonymous id, at least 32 hexadecimal digits; without it, the one in `BETTER_AUTH_TELEMETRY_PROJECT_KEY`.
    /// Make it at random, and never use the secret that signs.
    pub project_key: Option<String>,
}

/// What may change without notice.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Experimental {
    /// Spans around the library's work.
    pub instrumentation: Instrumentation,
}

/// Spans around the library's work.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Instrumentation {
    /// Whether there are spans.
    pub enabled: Option<bool>,
}
