//! `account`.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::Deserialize;

use super::callback::{Callback, Request};
use super::field::FieldAttribute;
use crate::auth::vocabulary::TRUSTED_PROVIDERS;
use telemetry_derive::TelemetrySnapshot;

/// The accounts with which a user signs in, one for each provider.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate)]
pub struct Account {
    /// Whether the table of accounts is renamed; never its name.
    #[telemetry(presence)]
    pub model_name: Option<String>,
    /// How many columns of accounts are renamed; never their names.
    pub fields: Option<BTreeMap<String, String>>,
    /// Whether the tokens of providers are encrypted in the database.
    #[serde(rename = "encryptOAuthTokens")]
    #[telemetry(rename = "encryptOAuthTokens")]
    pub encrypt_oauth_tokens: Option<bool>,
    /// Whether an account is updated at each sign-in.
    pub update_account_on_sign_in: Option<bool>,
    /// How the accounts of one person are linked.
    pub account_linking: AccountLinking,
    /// Fields that the application adds to accounts.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub additional_fields: Option<IndexMap<String, FieldAttribute>>,
    /// Whether the state cookie of a sign-in in progress is not checked.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub skip_state_cookie_check: Option<bool>,
    /// Whether the account is kept in a cookie.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub store_account_cookie: Option<bool>,
    /// Where the state of a sign-in in progress is kept: `cookie` or `database`.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub store_state_strategy: Option<String>,
}

/// How the accounts of one person are linked.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate)]
pub struct AccountLinking {
    /// Whether accounts with the same email address are linked.
    pub enabled: Option<bool>,
    /// Providers whose accounts are linked without a verified email address.
    pub trusted_providers: Option<TrustedProviders>,
    /// Whether linking copies the provider's profile.
    pub update_user_info_on_link: Option<bool>,
    /// Whether a user may unlink the last account.
    pub allow_unlinking_all: Option<bool>,
    /// Whether accounts are linked only at the user's request.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub disable_implicit_linking: Option<bool>,
    /// Whether the email address must also be verified by this application.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub require_local_email_verified: Option<bool>,
    /// Whether accounts with different email addresses may be linked.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub allow_different_emails: Option<bool>,
}

/// Providers whose accounts are linked without a verified email address.
#[derive(Clone, Deserialize, TelemetrySnapshot)]
#[serde(from = "Vec<String>")]
#[telemetry(crate = crate, untagged, rename_all = "lowercase")]
pub enum TrustedProviders {
    /// A fixed list.
    Listed(#[telemetry(each(one_of(TRUSTED_PROVIDERS)))] Vec<String>),
    /// A function that returns the providers for a request.
    Dynamic(#[telemetry(skip = "a function of the application")] Callback<Request, Vec<String>>),
}

impl From<Vec<String>> for TrustedProviders {
    fn from(providers: Vec<String>) -> Self {
        Self::Listed(providers)
    }
}
