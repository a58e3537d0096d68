//! The parts of `init` that are the same in all versions.

use std::collections::BTreeMap;

use telemetry::TelemetrySnapshot;
use telemetry::schema::Words;

use super::SECRET;
use crate::demo::settings;

/// The providers that are sent by name. All others are `custom`.
pub(super) const PROVIDERS: Words =
    Words::new(&["apple", "discord", "facebook", "github", "gitlab", "google", "microsoft", "twitter"]).other("custom");

pub(super) fn secret(is_set: bool) -> Option<&'static str> {
    is_set.then_some(SECRET)
}

#[derive(TelemetrySnapshot)]
#[telemetry(rename_all = "lowercase")]
pub(super) enum LogLevel {
    Debug,
    Info,
    Warn,
    Error,
}

#[derive(TelemetrySnapshot)]
#[telemetry(rename_all = "camelCase")]
pub(super) struct Session {
    /// How long a session lasts.
    #[telemetry(number(max = 31_536_000, unit = "s"))]
    expires_in_seconds: u64,
    /// How old a session is when it is renewed.
    #[telemetry(bucket(3_600, 86_400, 604_800, unit = "s"))]
    refresh_after_seconds: Option<u64>,
    /// Whether the table is renamed.
    #[telemetry(presence)]
    table_name: Option<&'static str>,
    /// The cookie that holds the session.
    cookie: Cookie,
}

#[derive(TelemetrySnapshot)]
#[telemetry(rename_all = "camelCase")]
struct Cookie {
    /// Whether it is sent over https only.
    secure: bool,
    /// Whether it is sent with requests from other sites.
    #[telemetry(one_of("strict", "lax", "none"))]
    same_site: Option<&'static str>,
    /// Whether it is shared with subdomains.
    #[telemetry(presence)]
    domain: Option<&'static str>,
}

#[derive(TelemetrySnapshot)]
#[telemetry(rename_all = "camelCase")]
pub(super) struct EmailAndPassword {
    /// Whether users can sign in this way.
    enabled: bool,
    /// Whether an email address must be verified first.
    #[telemetry(flag)]
    require_verification: Option<bool>,
    /// The minimum length of a password.
    #[telemetry(number(max = 128))]
    min_password_length: Option<u16>,
    /// How mail is sent.
    smtp: bool,
}

#[derive(TelemetrySnapshot)]
#[telemetry(rename_all = "camelCase")]
pub(super) struct Provider {
    /// Whether the application is registered at the provider.
    #[telemetry(presence)]
    client_id: &'static str,
    /// Whether it has a secret to authenticate with.
    #[telemetry(presence)]
    client_secret: Option<&'static str>,
    /// Whether the operator runs the provider.
    #[telemetry(presence)]
    issuer: Option<&'static str>,
    /// The scopes that are requested.
    #[telemetry(count(max = 50))]
    scopes: Vec<String>,
    /// Whether only existing users can sign in.
    #[telemetry(flag)]
    disable_sign_up: Option<bool>,
}

#[derive(TelemetrySnapshot)]
#[telemetry(rename_all = "camelCase")]
pub(super) struct Callbacks {
    /// Called after a user has signed up.
    #[telemetry(presence)]
    after_sign_up: Option<&'static str>,
    /// Called before a user is deleted.
    #[telemetry(presence)]
    before_delete_user: Option<&'static str>,
}

impl LogLevel {
    pub(super) const fn of(level: settings::Level) -> Self {
        match level {
            settings::Level::Debug => Self::Debug,
            settings::Level::Info => Self::Info,
            settings::Level::Warn => Self::Warn,
            settings::Level::Error => Self::Error,
        }
    }
}

impl Session {
    pub(super) fn of(session: &settings::Session) -> Self {
        Self {
            expires_in_seconds: session.expires,
            refresh_after_seconds: session.refresh,
            table_name: secret(session.table_name),
            cookie: Cookie { secure: session.secure, same_site: session.same_site, domain: secret(session.domain) },
        }
    }
}

impl EmailAndPassword {
    pub(super) const fn of(password: &settings::Password) -> Self {
        Self {
            enabled: true,
            require_verification: password.verification,
            min_password_length: password.min_length,
            smtp: password.smtp,
        }
    }
}

impl Callbacks {
    pub(super) fn of(settings: &settings::Settings) -> Self {
        Self { after_sign_up: secret(settings.after_sign_up), before_delete_user: secret(settings.before_delete_user) }
    }
}

pub(super) fn providers(providers: &BTreeMap<&'static str, settings::Provider>) -> BTreeMap<String, Provider> {
    let provider = |provider: &settings::Provider| Provider {
        client_id: SECRET,
        client_secret: secret(provider.secret),
        issuer: secret(provider.issuer),
        scopes: vec![SECRET.to_owned(); provider.scopes],
        disable_sign_up: provider.disable_sign_up,
    };
    providers.iter().map(|(name, settings)| ((*name).to_owned(), provider(settings))).collect()
}

pub(super) fn origins(count: usize) -> Vec<String> {
    vec![format!("https://{SECRET}.example"); count]
}

pub(super) fn texts(words: &[&'static str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
