//! `rateLimit`.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::callback::Storage;
use crate::auth::vocabulary::RATE_LIMIT_STORAGE;
use telemetry_derive::TelemetrySnapshot;

/// How many requests are accepted in which time.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate)]
pub struct RateLimit {
    /// Where requests are counted.
    #[telemetry(one_of(RATE_LIMIT_STORAGE))]
    pub storage: Option<String>,
    /// Whether the table of counts is renamed; never its name.
    #[telemetry(presence)]
    pub model_name: Option<String>,
    /// The time in which requests are counted, in seconds.
    #[telemetry(number(max = 4_294_967_295, unit = "s"))]
    pub window: Option<u64>,
    /// Replaces the storage of the counts.
    #[serde(skip)]
    #[telemetry(presence)]
    pub custom_storage: Option<Arc<dyn Storage>>,
    /// Whether requests are counted.
    pub enabled: Option<bool>,
    /// How many requests are accepted in that time.
    #[telemetry(number(max = 4_294_967_295))]
    pub max: Option<u64>,
    /// Rules for individual paths.
    #[telemetry(skip = "its keys are paths of the application")]
    pub custom_rules: Option<BTreeMap<String, RateLimitRule>>,
    /// Columns of the table of counts that are renamed.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub fields: Option<BTreeMap<String, String>>,
}

/// How many requests for one path are accepted in which time.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub struct RateLimitRule {
    /// The time in which requests are counted, in seconds.
    pub window: u64,
    /// How many requests are accepted in that time.
    pub max: u64,
}
