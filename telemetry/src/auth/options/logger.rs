//! `logger`.

use serde::Deserialize;

use super::callback::TextCallback;
use crate::auth::vocabulary::LOGGER_LEVEL;
use telemetry_derive::TelemetrySnapshot;

/// What the library logs.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate)]
pub struct Logger {
    /// Whether logging is off.
    pub disabled: Option<bool>,
    /// The lowest level of messages that are logged.
    #[telemetry(one_of(LOGGER_LEVEL))]
    pub level: Option<String>,
    /// Replaces the function that logs a message.
    #[serde(skip)]
    #[telemetry(presence)]
    pub log: Option<TextCallback<()>>,
    /// Whether messages are printed without colours.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub disable_colors: Option<bool>,
}
