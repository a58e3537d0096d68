//! What each version sends of the settings, as the page of its application tells it. It is written apart from the application's types.

use std::collections::{BTreeMap, BTreeSet};

use telemetry_collector::demo::app::{SignIn, Upgraded, Version};
use telemetry_collector::demo::settings::{Level, Settings};

/// The value of a field in one event.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Sent {
    /// A flag, a word or a version, as text. `None` if nothing is sent.
    Text(Option<String>),
    /// A number. The report has ranges for it.
    Number(Option<i64>),
    /// Words of a set.
    Set(Vec<String>),
    /// The items of a list: the values of each path in them.
    Items(Vec<BTreeMap<&'static str, Sent>>),
}

fn flag(flag: bool) -> Sent {
    Sent::Text(Some(flag.to_string()))
}

fn some_flag(flag: Option<bool>) -> Sent {
    Sent::Text(flag.map(|flag| flag.to_string()))
}

fn number(number: usize) -> Sent {
    Sent::Number(Some(i64::try_from(number).unwrap()))
}

/// A word of a list, or what stands for all others.
fn word(word: &str, known: &[&str], other: &str) -> String {
    if known.contains(&word) { word } else { other }.to_owned()
}

fn engines(version: Version) -> &'static [&'static str] {
    match version {
        Version::V1_0 | Version::V1_1 => &["postgres", "mysql", "sqlite", "mssql"],
        Version::V1_2 | Version::V2_0 => &["postgres", "mysql", "sqlite", "mssql", "mariadb", "cockroachdb"],
    }
}

fn plugins(version: Version) -> &'static [&'static str] {
    match version {
        Version::V1_0 | Version::V1_1 => &["magic-link", "organization", "passkey", "two-factor"],
        Version::V1_2 | Version::V2_0 => &["magic-link", "organization", "passkey", "two-factor", "api-key"],
    }
}

/// The fields of `init` by their paths. A field that a version does not have is not there.
pub(super) fn init(version: Version, settings: &Settings) -> BTreeMap<&'static str, Sent> {
    let Settings { database, session, password, .. } = settings;
    let level = settings.log_level.map(|level| match level {
        Level::Debug => "debug",
        Level::Info => "info",
        Level::Warn => "warn",
        Level::Error => "error",
    });
    let text = |text: Option<&str>| Sent::Text(text.map(str::to_owned));
    let known_plugins: BTreeSet<String> =
        settings.plugins.iter().map(|plugin| word(plugin, plugins(version), "custom")).collect();
    let same_site = session.same_site.map(|site| word(site, &["strict", "lax", "none"], "other"));
    let mut all = BTreeMap::from([
        ("appName", flag(settings.app_name)),
        ("secret", flag(true)),
        ("trustedOrigins", number(settings.trusted_origins)),
        ("logLevel", text(level)),
        ("minimumClientVersion", text(settings.minimum_client_version)),
        ("plugins", Sent::Set(known_plugins.into_iter().collect())),
        ("database.engine", Sent::Text(Some(word(database.engine, engines(version), "other")))),
        ("database.url", flag(database.url)),
        ("database.poolSize", Sent::Number(database.pool_size.map(i64::from))),
        ("database.tls", some_flag(database.tls)),
        ("session.expiresInSeconds", Sent::Number(Some(session.expires.try_into().unwrap()))),
        ("session.refreshAfterSeconds", Sent::Number(session.refresh.map(|seconds| seconds.try_into().unwrap()))),
        ("session.tableName", flag(session.table_name)),
        ("session.cookie.secure", flag(session.secure)),
        ("session.cookie.sameSite", Sent::Text(same_site)),
        ("session.cookie.domain", flag(session.domain)),
        ("emailAndPassword.enabled", some_flag(password.as_ref().map(|_| true))),
        (
            "emailAndPassword.requireVerification",
            some_flag(password.as_ref().map(|password| password.verification == Some(true))),
        ),
        (
            "emailAndPassword.minPasswordLength",
            Sent::Number(password.as_ref().and_then(|password| password.min_length).map(i64::from)),
        ),
        ("emailAndPassword.smtp", some_flag(password.as_ref().map(|password| password.smtp))),
        ("socialProviders", providers(settings)),
        ("callbacks.afterSignUp", flag(settings.after_sign_up)),
        ("callbacks.beforeDeleteUser", flag(settings.before_delete_user)),
    ]);
    let cache = settings.cache.map(|cache| word(cache, &["memory", "redis", "valkey"], "other"));
    all.insert("cache", Sent::Text(cache.filter(|_| version >= Version::V1_1)));
    let limit = settings.requests_per_minute.filter(|_| version >= Version::V2_0);
    all.insert("rateLimit.requestsPerMinute", Sent::Number(limit.map(i64::from)));
    all
}

fn providers(settings: &Settings) -> Sent {
    const KNOWN: &[&str] = &["apple", "discord", "facebook", "github", "gitlab", "google", "microsoft", "twitter"];
    let item = |(name, provider): (&&str, &telemetry_collector::demo::settings::Provider)| {
        BTreeMap::from([
            ("id", Sent::Text(Some(word(name, KNOWN, "custom")))),
            ("clientId", flag(true)),
            ("clientSecret", flag(provider.secret)),
            ("issuer", flag(provider.issuer)),
            ("scopes", number(provider.scopes)),
            ("disableSignUp", flag(provider.disable_sign_up == Some(true))),
        ])
    };
    Sent::Items(settings.providers.iter().map(item).collect())
}

/// The fields of `upgraded`.
pub(super) fn upgraded(event: &Upgraded) -> BTreeMap<&'static str, Sent> {
    BTreeMap::from([
        ("from", Sent::Text(Some(event.from.to_owned()))),
        ("migrations", Sent::Number(Some(event.migrations.into()))),
        ("duration", Sent::Number(Some(event.duration.into()))),
        ("rolledBack", flag(event.rolled_back)),
    ])
}

/// The fields of `signIn`.
pub(super) fn sign_in(event: SignIn) -> BTreeMap<&'static str, Sent> {
    BTreeMap::from([("method", Sent::Text(Some(event.method.to_owned()))), ("refused", flag(event.refused))])
}
