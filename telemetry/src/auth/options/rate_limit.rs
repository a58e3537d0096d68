//! `rateLimit`.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::callback::Storage;
use crate::auth::vocabulary::RATE_LIMIT_STORAGE;
use telemetry_derive::TelemetrySnapshot;

/// How many requests are taken, in which time.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate, rename_all = "camelCase")]
pub struct RateLimit {
    /// Where requests are counted.
    #[telemetry(one_of(RATE_LIMIT_STORAGE))]
    pub storage: Option<String>,
    /// Whether the table of counts is renamed; never its name.
    #[telemetry(presence)]
    pub model_name: Option<String>,
    /// In how many seconds requests are counted.
    #[telemetry(number(max = 4_294_967_295, unit = "s"))]
    pub window: Option<u64>,
    /// Counts requests in place of the default.
    #[serde(skip)]
    #[telemetry(presence)]
    pub custom_storage: Option<Arc<dyn Storage>>,
    /// Whether requests are counted.
    pub enabled: Option<bool>,
    /// How many requests are taken in that time.
    #[telemetry(number(max = 4_294_967_295))]
    pub max: Option<u64>,
    /// Rules for single paths.
    #[telemetry(skip = "its keys are paths of the application")]
    pub custom_rules: Option<BTreeMap<String, RateLimitRule>>,
    /// Columns of the table of counts that are renamed.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub fields: Option<BTreeMap<String, String>>,
}

/// How many requests of one path are taken, in which time.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub struct RateLimitRule {
    /// In how many seconds requests are counted.
    pub window: u64,
    /// How many requests are taken in that time.
    pub max: u64,
}
