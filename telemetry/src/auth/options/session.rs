//! `session`.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::Deserialize;

use super::field::FieldAttribute;
use crate::auth::vocabulary::COOKIE_CACHE_STRATEGY;
use telemetry_derive::TelemetrySnapshot;

/// How long sessions last, and where they are stored.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate)]
pub struct Session {
    /// Whether the table of sessions is renamed; never its name.
    #[telemetry(presence)]
    pub model_name: Option<String>,
    /// How many fields the application adds to sessions; never what they are.
    pub additional_fields: Option<IndexMap<String, FieldAttribute>>,
    /// The copy of the session in a cookie.
    pub cookie_cache: CookieCache,
    /// Whether sessions are not extended while they are used.
    pub disable_session_refresh: Option<bool>,
    /// How long a session lasts, in seconds.
    #[telemetry(number(max = 4_294_967_295, unit = "s"))]
    pub expires_in: Option<u64>,
    /// How many columns of sessions are renamed; never their names.
    pub fields: Option<BTreeMap<String, String>>,
    /// How long a session counts as fresh after the sign-in, in seconds.
    #[telemetry(number(max = 4_294_967_295, unit = "s"))]
    pub fresh_age: Option<u64>,
    /// Whether sessions stay in the database when the secondary storage deletes them.
    pub preserve_session_in_database: Option<bool>,
    /// Whether sessions are stored in the database as well as in the secondary storage.
    pub store_session_in_database: Option<bool>,
    /// After how much time a session in use is extended, in seconds.
    #[telemetry(number(max = 4_294_967_295, unit = "s"))]
    pub update_age: Option<u64>,
    /// Whether a request that only reads leaves the refresh to one that writes.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub defer_session_refresh: Option<bool>,
}

/// The copy of the session in a cookie.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate)]
pub struct CookieCache {
    /// Whether a cookie holds a copy of the session.
    pub enabled: Option<bool>,
    /// How long the copy is valid, in seconds.
    #[telemetry(number(max = 4_294_967_295, unit = "s"))]
    pub max_age: Option<u64>,
    /// How the copy is encoded.
    #[telemetry(one_of(COOKIE_CACHE_STRATEGY))]
    pub strategy: Option<String>,
    /// Whether the copy is renewed without asking the database.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub refresh_cache: Option<bool>,
    /// The version of the copy; copies of other versions are invalid.
    #[telemetry(skip = "a text of the operator's choice")]
    pub version: Option<String>,
}
