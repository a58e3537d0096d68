//! The options, one file for each section.

mod account;
mod advanced;
mod api_error;
mod callback;
mod connection;
mod email;
mod field;
mod hooks;
mod logger;
mod plugin;
mod rate_limit;
mod session;
mod social;
mod telemetry;
mod trusted_origins;
mod user;

pub use account::{Account, AccountLinking, TrustedProviders};
pub use advanced::{
    Advanced, AdvancedDatabase, BackgroundTasks, Cookie, CookieAttributes, CrossSubDomainCookies, GenerateId, IpAddress,
};
pub use api_error::{ErrorPage, ErrorPageColors, ErrorPageFont, ErrorPageSize, OnApiError};
pub use callback::{Callback, Mail, Opaque, PasswordCheck, Record, Request, Storage, TextCallback, Tokens};
pub use connection::{BaseUrl, Database, Secret};
pub use email::{EmailAndPassword, EmailVerification, Password};
pub use field::{DefaultValue, FieldAttribute, FieldType, Reference, Transform, Validator};
pub use hooks::{DatabaseHooks, Hooks, ModelHooks, RecordHooks};
pub use logger::Logger;
pub use plugin::Plugin;
pub use rate_limit::{RateLimit, RateLimitRule};
pub use session::{CookieCache, Session};
pub use social::{ClientId, SocialProvider};
pub use telemetry::{Experimental, TelemetryOptions};
pub use trusted_origins::TrustedOrigins;
pub use user::{ChangeEmail, DeleteUser, User, Verification};

use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::Deserialize;

use super::vocabulary::{PLUGINS, SOCIAL_PROVIDERS};
use telemetry_derive::TelemetrySnapshot;

use crate::snapshot::Snapshot;

/// All options.
///
/// Each has a default, so state only those that you set:
///
/// ```
/// use telemetry::Snapshot;
/// use telemetry::auth::{AuthOptions, EmailAndPassword, Plugin, SocialProvider};
///
/// let options = AuthOptions {
///     secret: Some("Zk3v-9tQw1XhYb7L".into()),
///     email_and_password: EmailAndPassword { enabled: true, ..Default::default() },
///     social_providers: [("github".into(), SocialProvider::new("Iv1.a1b2c3d4", "gho-4f9d1c7b"))].into(),
///     plugins: Some(vec![Plugin::new("two-factor"), Plugin::new("acme-badge-reader")]),
///     ..Default::default()
/// };
///
/// let sent = Snapshot::of(&options)?.to_value();
/// assert_eq!(sent["emailAndPassword"]["enabled"], true);
/// assert_eq!(sent["socialProviders"][0]["id"], "github");
/// assert_eq!(sent["plugins"], serde_json::json!(["two-factor", "custom"]));
/// # Ok::<(), telemetry::snapshot::RecordError>(())
/// ```
///
/// In a file, options have the names of the original, such as `emailAndPassword`. Functions cannot be set in a file.
///
/// `Debug` prints only what telemetry would send.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
// Hooks are told, although they are not read from a file.
#[telemetry(crate = crate, names = "rust", rename_all = "camelCase")]
pub struct AuthOptions {
    /// The application's name.
    #[telemetry(skip = "it names the application")]
    pub app_name: Option<String>,
    /// The address of the application.
    #[serde(rename = "baseURL")]
    #[telemetry(skip = "it names the operator; it goes into the anonymous id, under a key")]
    pub base_url: Option<BaseUrl>,
    /// The path at which the library is mounted, such as `/api/auth`.
    #[telemetry(skip = "a path of the application")]
    pub base_path: Option<String>,
    /// The key that signs and encrypts.
    #[telemetry(skip = "a secret, and always set")]
    pub secret: Option<String>,
    /// The keys that sign and encrypt, while secrets are rotated.
    #[telemetry(skip = "secrets")]
    pub secrets: Option<Vec<Secret>>,
    /// The database.
    #[telemetry(skip = "it holds passwords; the kind of database is in the context")]
    pub database: Database,
    /// How email addresses are verified.
    pub email_verification: EmailVerification,
    /// How users sign in with an email address and a password.
    pub email_and_password: EmailAndPassword,
    /// The providers with which users sign in.
    #[telemetry(each(key = "id", one_of(SOCIAL_PROVIDERS)))]
    pub social_providers: IndexMap<String, SocialProvider>,
    /// The plugins; all unknown ones are sent as the same word.
    #[telemetry(each(one_of(PLUGINS)), with = Plugin::ids)]
    pub plugins: Option<Vec<Plugin>>,
    /// Users, and what they may change.
    pub user: User,
    /// Where verifications in progress are stored.
    pub verification: Verification,
    /// How long sessions last, and where they are stored.
    pub session: Session,
    /// The accounts with which a user signs in.
    pub account: Account,
    /// Functions that run before and after each request.
    #[serde(skip)]
    pub hooks: Hooks,
    /// Whether there is a storage besides the database.
    #[serde(skip)]
    #[telemetry(presence)]
    pub secondary_storage: Option<Arc<dyn Storage>>,
    /// Options that few applications need to change.
    pub advanced: Advanced,
    /// How many other origins may send requests; never which.
    pub trusted_origins: Option<TrustedOrigins>,
    /// How many requests are accepted in which time.
    pub rate_limit: RateLimit,
    /// What happens when a request fails.
    #[serde(rename = "onAPIError")]
    #[telemetry(rename = "onAPIError")]
    pub on_api_error: OnApiError,
    /// What the library logs.
    pub logger: Logger,
    /// Functions that run before and after each change in the database.
    #[serde(skip)]
    pub database_hooks: DatabaseHooks,
    /// Paths of the library that are disabled.
    #[telemetry(skip = "paths of the application")]
    pub disabled_paths: Option<Vec<String>>,
    /// The options of telemetry itself.
    #[telemetry(skip = "it decides whether anything is sent, and where")]
    pub telemetry: TelemetryOptions,
    /// Options that may change without notice.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub experimental: Experimental,
}

/// Prints only what telemetry would send, since the options hold secrets.
impl fmt::Debug for AuthOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Snapshot::of(self) {
            Ok(snapshot) => write!(f, "AuthOptions {snapshot}"),
            Err(_) => f.write_str("AuthOptions"),
        }
    }
}
