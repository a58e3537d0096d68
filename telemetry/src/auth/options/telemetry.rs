//! `telemetry` and `experimental`.

use serde::Deserialize;

/// The options of telemetry itself.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TelemetryOptions {
    /// Whether telemetry is on; `None` leaves it to others. `Some(false)` wins over every yes, and `BETTER_AUTH_TELEMETRY=0` and
    /// `DO_NOT_TRACK=1` win over `Some(true)`.
    pub enabled: Option<bool>,
    /// Whether events are printed to standard error instead of being sent.
    pub debug: bool,
    /// The address to which events are sent. The default is the variable `BETTER_AUTH_TELEMETRY_ENDPOINT`.
    pub endpoint: Option<String>,
    /// The key of the anonymous id, at least 32 hexadecimal digits. The default is the variable
    /// `BETTER_AUTH_TELEMETRY_PROJECT_KEY`. Generate it at random, and never reuse the secret that signs.
    pub project_key: Option<String>,
}

/// Options that may change without notice.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Experimental {
    /// Tracing spans of the library's work.
    pub instrumentation: Instrumentation,
}

/// Tracing spans of the library's work.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Instrumentation {
    /// Whether spans are recorded.
    pub enabled: Option<bool>,
}
