//! `init` of version 1.1.0.

use std::collections::BTreeMap;

use telemetry::TelemetrySnapshot;

use super::SECRET;
use super::shared::{self, Callbacks, EmailAndPassword, LogLevel, PROVIDERS, Provider, Session, secret};
use crate::demo::settings;

/// The settings of an application that signs its users in.
#[derive(TelemetrySnapshot)]
#[telemetry(event = "init", rename_all = "camelCase")]
pub(super) struct Init {
    /// The name that users see.
    #[telemetry(presence)]
    app_name: Option<&'static str>,
    /// The key that signs cookies.
    #[telemetry(presence)]
    secret: &'static str,
    /// Origins that may call the application.
    trusted_origins: Vec<String>,
    /// How much is logged.
    log_level: Option<LogLevel>,
    /// The oldest client version that may sign in.
    #[telemetry(version)]
    minimum_client_version: Option<&'static str>,
    /// The enabled plugins.
    #[telemetry(each(one_of("magic-link", "organization", "passkey", "two-factor", other = "custom"), max = 8))]
    plugins: Vec<String>,
    /// Where users and sessions are stored.
    database: Database,
    /// How long users stay signed in.
    session: Session,
    /// Signing in with an email address and a password.
    email_and_password: Option<EmailAndPassword>,
    /// Signing in with another account.
    #[telemetry(each(key = "id", one_of(PROVIDERS), max = 16))]
    social_providers: BTreeMap<String, Provider>,
    /// Addresses that are called on events.
    callbacks: Callbacks,
    /// Where sessions are cached.
    #[telemetry(one_of("memory", "redis", "valkey"))]
    cache: Option<&'static str>,
}

#[derive(TelemetrySnapshot)]
#[telemetry(rename_all = "camelCase")]
struct Database {
    /// The kind of database.
    #[telemetry(one_of("postgres", "mysql", "sqlite", "mssql"))]
    engine: &'static str,
    /// The address, with name and password.
    #[telemetry(presence)]
    url: Option<&'static str>,
    /// The maximum number of connections.
    #[telemetry(bucket(2, 10, 50, 200))]
    pool_size: Option<u32>,
    /// Whether connections are encrypted.
    tls: Option<bool>,
}

impl Init {
    pub(super) fn of(settings: &settings::Settings) -> Self {
        let database = &settings.database;
        Self {
            app_name: secret(settings.app_name),
            secret: SECRET,
            trusted_origins: shared::origins(settings.trusted_origins),
            log_level: settings.log_level.map(LogLevel::of),
            minimum_client_version: settings.minimum_client_version,
            plugins: shared::texts(&settings.plugins),
            database: Database {
                engine: database.engine,
                url: secret(database.url),
                pool_size: database.pool_size,
                tls: database.tls,
            },
            session: Session::of(&settings.session),
            email_and_password: settings.password.as_ref().map(EmailAndPassword::of),
            social_providers: shared::providers(&settings.providers),
            callbacks: Callbacks::of(settings),
            cache: settings.cache,
        }
    }
}
