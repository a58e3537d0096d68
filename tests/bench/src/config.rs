//! A configuration of 60 leaves, and three ways to its redacted view: derived, a view by hand with `serde_json`, and
//! bytes pushed by hand. All three yield the same text.

use serde::Serialize;
use telemetry::TelemetrySnapshot;

#[derive(Clone, Copy, TelemetrySnapshot, Serialize)]
#[telemetry(rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Debug,
    Info,
    Warn,
}

#[derive(TelemetrySnapshot)]
#[telemetry(rename_all = "camelCase")]
pub struct Part {
    enabled: bool,
    #[telemetry(flag)]
    secure: Option<bool>,
    #[telemetry(presence)]
    secret: String,
    #[telemetry(presence)]
    callback_url: Option<String>,
    trusted_origins: Vec<String>,
    #[telemetry(number(max = 31_536_000, unit = "s"))]
    expires_in: u64,
    #[telemetry(bucket(2, 10, 50, 200))]
    pool_size: u32,
    #[telemetry(one_of("postgres", "mysql", "sqlite"))]
    database: String,
    log_level: Level,
    #[telemetry(number(min = -10, max = 100_000))]
    weight: i32,
}

#[derive(TelemetrySnapshot)]
#[telemetry(event = "bench", rename_all = "camelCase")]
pub struct Config {
    session: Part,
    account: Part,
    email_and_password: Part,
    rate_limit: Part,
    advanced: Part,
    logger: Part,
}

impl Part {
    fn example(seed: u32) -> Self {
        Self {
            enabled: seed.is_multiple_of(2),
            secure: (seed.is_multiple_of(3)).then_some(true),
            secret: "Zk3v-9tQw1XhYb7LrN0sPe4uMf2aCj8d".into(),
            callback_url: (seed.is_multiple_of(2)).then(|| "https://hooks.acme.example/sign-up".into()),
            trusted_origins: vec!["https://jane-doe.example".into(); seed as usize % 4],
            expires_in: 604_800 * u64::from(seed),
            pool_size: 24 * seed,
            database: ["postgres", "mysql", "oracle at acme"][seed as usize % 3].into(),
            log_level: [Level::Debug, Level::Info, Level::Warn][seed as usize % 3],
            weight: 1_234 * seed as i32,
        }
    }
}

impl Config {
    pub fn example() -> Self {
        let mut seed = 0;
        let mut part = || {
            seed += 1;
            Part::example(seed)
        };
        Self {
            session: part(),
            account: part(),
            email_and_password: part(),
            rate_limit: part(),
            advanced: part(),
            logger: part(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PartView {
    enabled: bool,
    secure: bool,
    secret: bool,
    callback_url: bool,
    trusted_origins: usize,
    expires_in: u64,
    pool_size: &'static str,
    database: &'static str,
    log_level: Level,
    weight: i32,
}

/// The view by hand.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct View {
    session: PartView,
    account: PartView,
    email_and_password: PartView,
    rate_limit: PartView,
    advanced: PartView,
    logger: PartView,
}

fn database(text: &str) -> &'static str {
    match text {
        "postgres" => "postgres",
        "mysql" => "mysql",
        "sqlite" => "sqlite",
        _ => "other",
    }
}

fn pool_size(size: u32) -> &'static str {
    match size {
        0..2 => "<2",
        2..10 => "2-9",
        10..50 => "10-49",
        50..200 => "50-199",
        _ => "200+",
    }
}

impl From<&Part> for PartView {
    fn from(part: &Part) -> Self {
        Self {
            enabled: part.enabled,
            secure: part.secure.unwrap_or(false),
            secret: !part.secret.is_empty(),
            callback_url: part.callback_url.as_ref().is_some_and(|url| !url.is_empty()),
            trusted_origins: part.trusted_origins.len().min(1_000),
            expires_in: part.expires_in.min(31_536_000),
            pool_size: pool_size(part.pool_size),
            database: database(&part.database),
            log_level: part.log_level,
            weight: part.weight.clamp(-10, 100_000),
        }
    }
}

impl From<&Config> for View {
    fn from(config: &Config) -> Self {
        Self {
            session: (&config.session).into(),
            account: (&config.account).into(),
            email_and_password: (&config.email_and_password).into(),
            rate_limit: (&config.rate_limit).into(),
            advanced: (&config.advanced).into(),
            logger: (&config.logger).into(),
        }
    }
}

/// As the derive does it.
pub fn derived(config: &Config) -> String {
    telemetry::Snapshot::of(config).map(|snapshot| snapshot.as_json().to_owned()).unwrap_or_default()
}

/// The derived snapshot, kept as it is.
pub fn snapshot(config: &Config) -> Option<telemetry::Snapshot> {
    telemetry::Snapshot::of(config).ok()
}

/// A view by hand, and `serde_json`.
pub fn viewed(config: &Config) -> Option<String> {
    serde_json::to_string(&View::from(config)).ok()
}

/// Bytes pushed by hand into a buffer that is large enough: what can be reached.
pub fn pushed(config: &Config) -> Vec<u8> {
    let mut out = Vec::with_capacity(2_048);
    push(&mut out, br#"{"session":"#, &config.session);
    push(&mut out, br#","account":"#, &config.account);
    push(&mut out, br#","emailAndPassword":"#, &config.email_and_password);
    push(&mut out, br#","rateLimit":"#, &config.rate_limit);
    push(&mut out, br#","advanced":"#, &config.advanced);
    push(&mut out, br#","logger":"#, &config.logger);
    out.push(b'}');
    out
}

fn push(out: &mut Vec<u8>, key: &[u8], part: &Part) {
    let flag = |value| if value { &b"true"[..] } else { b"false" };
    let mut digits = itoa::Buffer::new();
    out.extend_from_slice(key);
    out.extend_from_slice(br#"{"enabled":"#);
    out.extend_from_slice(flag(part.enabled));
    out.extend_from_slice(br#","secure":"#);
    out.extend_from_slice(flag(part.secure.unwrap_or(false)));
    out.extend_from_slice(br#","secret":"#);
    out.extend_from_slice(flag(!part.secret.is_empty()));
    out.extend_from_slice(br#","callbackUrl":"#);
    out.extend_from_slice(flag(part.callback_url.as_ref().is_some_and(|url| !url.is_empty())));
    out.extend_from_slice(br#","trustedOrigins":"#);
    out.extend_from_slice(digits.format(part.trusted_origins.len().min(1_000)).as_bytes());
    out.extend_from_slice(br#","expiresIn":"#);
    out.extend_from_slice(digits.format(part.expires_in.min(31_536_000)).as_bytes());
    out.extend_from_slice(br#","poolSize":""#);
    out.extend_from_slice(pool_size(part.pool_size).as_bytes());
    out.extend_from_slice(br#"","database":""#);
    out.extend_from_slice(database(&part.database).as_bytes());
    out.extend_from_slice(br#"","logLevel":""#);
    out.extend_from_slice(match part.log_level {
        Level::Debug => b"debug",
        Level::Info => b"info",
        Level::Warn => b"warn",
    });
    out.extend_from_slice(br#"","weight":"#);
    out.extend_from_slice(digits.format(part.weight.clamp(-10, 100_000)).as_bytes());
    out.push(b'}');
}
