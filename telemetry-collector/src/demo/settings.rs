//! The settings of a simulated installation, as its operator made them. What of them is sent depends on the [version](super::app).

use std::collections::BTreeMap;

/// All settings. Texts are words here; every secret is only there or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Whether the application has a name.
    pub app_name: bool,
    /// How many origins may call it.
    pub trusted_origins: usize,
    /// How much is logged.
    pub log_level: Option<Level>,
    /// The oldest client that may sign in.
    pub minimum_client_version: Option<&'static str>,
    /// The enabled plugins, each once. A version may know only some of their names.
    pub plugins: Vec<&'static str>,
    /// The database.
    pub database: Database,
    /// The session.
    pub session: Session,
    /// Signing in with a password, if that is configured.
    pub password: Option<Password>,
    /// The configured providers, by name.
    pub providers: BTreeMap<&'static str, Provider>,
    /// Whether something is called after a sign-up.
    pub after_sign_up: bool,
    /// Whether something is called before a user is deleted.
    pub before_delete_user: bool,
    /// Where sessions are cached: known since version 1.1.0.
    pub cache: Option<&'static str>,
    /// How many requests a minute are allowed: known since version 2.0.0.
    pub requests_per_minute: Option<u32>,
}

/// How much is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Everything.
    Debug,
    /// What is worth knowing.
    Info,
    /// What may be wrong.
    Warn,
    /// What is wrong.
    Error,
}

/// The database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Database {
    /// Its kind. A version may know only some of them.
    pub engine: &'static str,
    /// Whether it has an address.
    pub url: bool,
    /// The maximum number of connections.
    pub pool_size: Option<u32>,
    /// Whether connections are encrypted.
    pub tls: Option<bool>,
}

/// The session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// How long it lasts, in seconds.
    pub expires: u64,
    /// How old it is when it is renewed, in seconds.
    pub refresh: Option<u64>,
    /// Whether the table is renamed.
    pub table_name: bool,
    /// Whether the cookie is sent over https only.
    pub secure: bool,
    /// Whether the cookie is sent with requests from other sites.
    pub same_site: Option<&'static str>,
    /// Whether the cookie is shared with subdomains.
    pub domain: bool,
}

/// Signing in with a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Password {
    /// Whether an address must be verified first.
    pub verification: Option<bool>,
    /// The minimum length.
    pub min_length: Option<u16>,
    /// Whether mail can be sent.
    pub smtp: bool,
}

/// A provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Whether it has a secret.
    pub secret: bool,
    /// Whether the operator runs it.
    pub issuer: bool,
    /// How many scopes are requested.
    pub scopes: usize,
    /// Whether only existing users can sign in.
    pub disable_sign_up: Option<bool>,
}
