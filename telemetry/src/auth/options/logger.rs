//! `logger`.

use serde::Deserialize;

use super::callback::TextCallback;
use crate::auth::vocabulary::LOGGER_LEVEL;
use telemetry_derive::TelemetrySnapshot;

/// What the library says of its work.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate, rename_all = "camelCase")]
pub struct Logger {
    /// Whether nothing is logged.
    pub disabled: Option<bool>,
    /// From which level on messages are logged.
    #[telemetry(one_of(LOGGER_LEVEL))]
    pub level: Option<String>,
    /// Logs messages in place of the default.
    #[serde(skip)]
    #[telemetry(presence)]
    pub log: Option<TextCallback<()>>,
    /// Whether messages have no colours.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub disable_colors: Option<bool>,
}
