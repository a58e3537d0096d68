//! The options, a section a file.

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

/// All that can be configured.
///
/// Everything has a default, so name what you set:
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
/// In a file the names are those of the original, as in `emailAndPassword`. What is a function here cannot stand in one.
///
/// `Debug` prints what telemetry would send.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate, rename_all = "camelCase")]
pub struct AuthOptions {
    /// The application's name.
    #[telemetry(skip = "it names the application")]
    pub app_name: Option<String>,
    /// Where the application is reached.
    #[serde(rename = "baseURL")]
    #[telemetry(skip = "it names the operator; a hash with a secret key of it is part of the anonymous id")]
    pub base_url: Option<BaseUrl>,
    /// Where in the application the library is mounted, as in `/api/auth`.
    #[telemetry(skip = "a path of the application")]
    pub base_path: Option<String>,
    /// The key that signs and encrypts.
    #[telemetry(skip = "a secret, and always set")]
    pub secret: Option<String>,
    /// The keys that sign and encrypt, while one takes the place of the other.
    #[telemetry(skip = "secrets")]
    pub secrets: Option<Vec<Secret>>,
    /// Where rows are kept.
    #[telemetry(skip = "it holds passwords; which database it is comes with the context")]
    pub database: Database,
    /// How addresses are verified.
    pub email_verification: EmailVerification,
    /// How users sign in with an address and a password.
    pub email_and_password: EmailAndPassword,
    /// The providers with which users sign in.
    #[telemetry(each(key = "id", one_of(SOCIAL_PROVIDERS)))]
    pub social_providers: IndexMap<String, SocialProvider>,
    /// The plugins that are known; others are counted by a word for all of them.
    #[telemetry(each(one_of(PLUGINS)), with = Plugin::ids)]
    pub plugins: Option<Vec<Plugin>>,
    /// Users, and what they may change.
    pub user: User,
    /// Where verifications in progress are kept.
    pub verification: Verification,
    /// How long sessions last, and where they are kept.
    pub session: Session,
    /// The accounts by which a user signs in.
    pub account: Account,
    /// What runs around each request.
    #[serde(skip)]
    pub hooks: Hooks,
    /// Whether there is a storage beside the database.
    #[serde(skip)]
    #[telemetry(presence)]
    pub secondary_storage: Option<Arc<dyn Storage>>,
    /// What few applications need to change.
    pub advanced: Advanced,
    /// How many other origins may send requests; never which.
    pub trusted_origins: Option<TrustedOrigins>,
    /// How many requests are taken, in which time.
    pub rate_limit: RateLimit,
    /// What happens when a request fails.
    #[serde(rename = "onAPIError")]
    #[telemetry(rename = "onAPIError")]
    pub on_api_error: OnApiError,
    /// What the library says of its work.
    pub logger: Logger,
    /// What runs around each change in the database.
    #[serde(skip)]
    pub database_hooks: DatabaseHooks,
    /// Paths of the library that answer nothing.
    #[telemetry(skip = "paths of the application")]
    pub disabled_paths: Option<Vec<String>>,
    /// What is said of telemetry itself.
    #[telemetry(skip = "it decides whether anything is sent, and where")]
    pub telemetry: TelemetryOptions,
    /// What may change without notice.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub experimental: Experimental,
}

/// What telemetry would send, since the options hold secrets.
impl fmt::Debug for AuthOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Snapshot::of(self) {
            Ok(snapshot) => write!(f, "AuthOptions {snapshot}"),
            Err(_) => f.write_str("AuthOptions"),
        }
    }
}
