//! `user`, `verification`, and the fields that an application adds to tables.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::Deserialize;

use super::callback::{Callback, Mail, Record};
use super::field::FieldAttribute;
use telemetry_derive::TelemetrySnapshot;

/// Users, and what they may change.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate)]
pub struct User {
    /// Whether the table of users is renamed; never its name.
    #[telemetry(presence)]
    pub model_name: Option<String>,
    /// How many columns of users are renamed; never their names.
    pub fields: Option<BTreeMap<String, String>>,
    /// How many fields the application adds to users; never what they are.
    pub additional_fields: Option<IndexMap<String, FieldAttribute>>,
    /// How users change their email address.
    pub change_email: ChangeEmail,
    /// How users delete themselves.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub delete_user: DeleteUser,
    /// Decides whether a user may be stored with this information.
    #[serde(skip)]
    #[telemetry(skip = "not part of the original's snapshot")]
    pub validate_user_info: Option<Callback<Record, bool>>,
}

/// How users change their email address.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate)]
pub struct ChangeEmail {
    /// Whether users can change their email address.
    pub enabled: Option<bool>,
    /// Sends the mail that asks the owner of the old email address to confirm the change.
    #[serde(skip)]
    #[telemetry(presence)]
    pub send_change_email_confirmation: Option<Callback<Mail>>,
    /// Whether an unverified email address is changed at once.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub update_email_without_verification: Option<bool>,
}

/// How users delete themselves.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DeleteUser {
    /// Whether users can delete themselves.
    pub enabled: Option<bool>,
    /// Sends the mail that asks to confirm the deletion.
    #[serde(skip)]
    pub send_delete_account_verification: Option<Callback<Mail>>,
    /// Runs before a user is deleted.
    #[serde(skip)]
    pub before_delete: Option<Callback<Record>>,
    /// Runs after a user was deleted.
    #[serde(skip)]
    pub after_delete: Option<Callback<Record>>,
    /// How long the link in that mail is valid, in seconds.
    pub delete_token_expires_in: Option<u64>,
}

/// Where verifications in progress are stored.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate)]
pub struct Verification {
    /// Whether the table of verifications is renamed; never its name.
    #[telemetry(presence)]
    pub model_name: Option<String>,
    /// Whether expired verifications stay in the table.
    pub disable_cleanup: Option<bool>,
    /// How many columns of verifications are renamed; never their names.
    pub fields: Option<BTreeMap<String, String>>,
    /// Fields that the application adds to verifications.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub additional_fields: Option<IndexMap<String, FieldAttribute>>,
    /// Whether verifications are stored in the database as well as in the secondary storage.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub store_in_database: Option<bool>,
    /// How the identifier is stored: `plain` or `hashed`.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub store_identifier: Option<String>,
}
