//! `socialProviders`.

use serde::Deserialize;

use super::callback::{Callback, Record, TextCallback, Tokens};
use crate::auth::vocabulary::PROMPTS;
use telemetry_derive::TelemetrySnapshot;

/// A provider with which users sign in.
///
/// This type has the options of all providers. Each provider uses those that it knows.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate)]
pub struct SocialProvider {
    /// The application's id at the provider.
    #[telemetry(skip = "it names the application")]
    pub client_id: Option<ClientId>,
    /// The secret that belongs to the id.
    #[telemetry(skip = "a secret, and nearly always set")]
    pub client_secret: Option<String>,
    /// The id, under the name that some providers use.
    #[telemetry(skip = "it names the application")]
    pub client_key: Option<String>,
    /// Turns the provider's profile into a user.
    #[serde(skip)]
    #[telemetry(presence)]
    pub map_profile_to_user: Option<Callback<Record, Record>>,
    /// Whether the provider's default scopes are left out.
    pub disable_default_scope: bool,
    /// Whether signing in with an id token is disabled.
    pub disable_id_token_sign_in: bool,
    /// Whether an unknown user must request a sign-up.
    pub disable_implicit_sign_up: Option<bool>,
    /// Whether signing up with this provider is disabled.
    pub disable_sign_up: Option<bool>,
    /// Replaces the function that fetches the profile.
    #[serde(skip)]
    #[telemetry(presence)]
    pub get_user_info: Option<Callback<Tokens, Option<Record>>>,
    /// Whether the profile is copied again at each sign-in.
    pub override_user_info_on_sign_in: bool,
    /// What the provider asks the user to do.
    #[telemetry(one_of(PROMPTS))]
    pub prompt: Option<String>,
    /// Replaces the function that verifies an id token.
    #[serde(skip)]
    #[telemetry(presence)]
    pub verify_id_token: Option<TextCallback<bool>>,
    /// How many scopes are requested; never their names.
    pub scope: Option<Vec<String>>,
    /// Replaces the function that refreshes an access token.
    #[serde(skip)]
    #[telemetry(presence)]
    pub refresh_access_token: Option<TextCallback<Tokens>>,
    /// Whether the provider is used.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub enabled: Option<bool>,
    /// The address to which the provider sends the user back.
    #[serde(rename = "redirectURI")]
    #[telemetry(skip = "an address of the application")]
    pub redirect_uri: Option<String>,
    /// The address to which the user is sent.
    #[telemetry(skip = "an address of the operator's choice")]
    pub authorization_endpoint: Option<String>,
    /// The address from which tokens are fetched.
    #[telemetry(skip = "an address of the operator's choice")]
    pub token_endpoint: Option<String>,
    /// The tenant of the provider.
    #[telemetry(skip = "it names the operator")]
    pub tenant_id: Option<String>,
    /// The issuer of tokens.
    #[telemetry(skip = "an address of the operator's choice")]
    pub issuer: Option<String>,
    /// The authority of a tenant.
    #[telemetry(skip = "an address of the operator's choice")]
    pub authority: Option<String>,
    /// The team that owns the application.
    #[telemetry(skip = "it names the operator")]
    pub team_id: Option<String>,
    /// The id of the private key.
    #[telemetry(skip = "it names a secret")]
    pub key_id: Option<String>,
    /// The private key.
    #[telemetry(skip = "a secret")]
    pub private_key: Option<String>,
    /// The id of the application's bundle.
    #[telemetry(skip = "it names the application")]
    pub app_bundle_identifier: Option<String>,
    /// The only domain whose users may sign in.
    #[telemetry(skip = "it names the operator")]
    pub hd: Option<String>,
    /// The domain of the provider.
    #[telemetry(skip = "it names the operator")]
    pub domain: Option<String>,
    /// The region of the provider.
    #[telemetry(skip = "it tells where the operator is")]
    pub region: Option<String>,
    /// The user pool.
    #[telemetry(skip = "it names the operator")]
    pub user_pool_id: Option<String>,
    /// The environment of the provider, such as `sandbox`.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub environment: Option<String>,
    /// The id of a configuration at the provider.
    #[telemetry(skip = "it names the application")]
    pub config_id: Option<String>,
    /// The page on which the user signs in.
    #[telemetry(skip = "an address of the operator's choice")]
    pub login_url: Option<String>,
    /// Whether the provider must have verified the email address.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub require_email_verification: Option<bool>,
    /// How the provider answers: `query` or `form_post`.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub response_mode: Option<String>,
}

impl SocialProvider {
    /// A provider with this id and secret, and defaults for the rest.
    #[must_use]
    pub fn new(client_id: impl Into<ClientId>, client_secret: impl Into<String>) -> Self {
        Self { client_id: Some(client_id.into()), client_secret: Some(client_secret.into()), ..Self::default() }
    }
}

/// The application's id at a provider. Some providers accept one for each platform.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub enum ClientId {
    /// One for all platforms.
    One(String),
    /// One for each platform.
    Several(Vec<String>),
}

impl From<&str> for ClientId {
    fn from(id: &str) -> Self {
        Self::One(id.to_owned())
    }
}

impl From<String> for ClientId {
    fn from(id: String) -> Self {
        Self::One(id)
    }
}
