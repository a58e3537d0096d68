//! `session`.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::Deserialize;

use super::field::FieldAttribute;
use crate::auth::vocabulary::COOKIE_CACHE_STRATEGY;
use telemetry_derive::TelemetrySnapshot;

/// How long sessions last, and where they are kept.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate, rename_all = "camelCase")]
pub struct Session {
    /// Whether the table of sessions is renamed; never its name.
    #[telemetry(presence)]
    pub model_name: Option<String>,
    /// How many fields the application adds to sessions; never what they are.
    pub additional_fields: Option<IndexMap<String, FieldAttribute>>,
    /// The copy of the session in a cookie.
    pub cookie_cache: CookieCache,
    /// Whether sessions are not made longer while they are used.
    pub disable_session_refresh: Option<bool>,
    /// For how many seconds a session lasts.
    #[telemetry(number(max = 4_294_967_295, unit = "s"))]
    pub expires_in: Option<u64>,
    /// How many columns of sessions are renamed; never their names.
    pub fields: Option<BTreeMap<String, String>>,
    /// For how many seconds after the sign-in a session counts as fresh.
    #[telemetry(number(max = 4_294_967_295, unit = "s"))]
    pub fresh_age: Option<u64>,
    /// Whether sessions stay in the database when they leave the secondary storage.
    pub preserve_session_in_database: Option<bool>,
    /// Whether sessions are kept in the database beside the secondary storage.
    pub store_session_in_database: Option<bool>,
    /// After how many seconds a session in use is made longer.
    #[telemetry(number(max = 4_294_967_295, unit = "s"))]
    pub update_age: Option<u64>,
    /// Whether a request that only reads leaves the refresh to one that writes.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub defer_session_refresh: Option<bool>,
}

/// The copy of the session in a cookie.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate, rename_all = "camelCase")]
pub struct CookieCache {
    /// Whether there is a copy of the session in a cookie.
    pub enabled: Option<bool>,
    /// For how many seconds the copy counts.
    #[telemetry(number(max = 4_294_967_295, unit = "s"))]
    pub max_age: Option<u64>,
    /// How the copy is written.
    #[telemetry(one_of(COOKIE_CACHE_STRATEGY))]
    pub strategy: Option<String>,
    /// Whether the copy is made anew without the database.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub refresh_cache: Option<bool>,
    /// The version of the copy; copies of another version do not count.
    #[telemetry(skip = "a text of the operator's choice")]
    pub version: Option<String>,
}
