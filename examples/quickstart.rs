//! From a configuration file to what a collector receives.
//!
//! ```text
//! cargo run --example quickstart
//! cargo run --example quickstart -- path/to/other.toml
//! cargo run --example quickstart -- --serve
//! ```
//!
//! With `--serve` the event goes to `telemetry-collector`, which then shows it on a page. That needs the feature `collector`, with which the example
//! is built again: the collector brings a database, and takes a minute or two to compile.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use serde::Deserialize;
use telemetry::page::Disclosure;
use telemetry::schema::Words;
use telemetry::{Consent, Snapshot, Telemetry, TelemetrySnapshot};
use telemetry_examples::Collector;

/// The providers that are sent by name. All others are `custom`.
const PROVIDERS: Words =
    Words::new(&["apple", "discord", "facebook", "github", "gitlab", "google", "microsoft", "twitter"]).other("custom");

/// The settings of an application that signs its users in.
#[derive(Deserialize, TelemetrySnapshot)]
#[telemetry(event = "init", rename_all = "camelCase")]
struct Settings {
    /// The name that users see.
    #[telemetry(presence)]
    app_name: Option<String>,
    /// Where the application runs.
    #[telemetry(skip = "it names the operator and says nothing else")]
    #[expect(dead_code, reason = "this example signs nobody in")]
    base_url: String,
    /// The key that signs cookies.
    #[telemetry(presence)]
    secret: String,
    /// Origins that may call the application.
    #[serde(default)]
    trusted_origins: Vec<String>,
    /// How much is logged.
    log_level: Option<LogLevel>,
    /// The oldest client version that may sign in.
    #[telemetry(version)]
    minimum_client_version: Option<String>,
    /// The enabled plugins.
    #[telemetry(each(one_of("magic-link", "organization", "passkey", "two-factor", other = "custom"), max = 8))]
    #[serde(default)]
    plugins: Vec<String>,
    /// Where users and sessions are stored.
    database: Database,
    /// How long users stay signed in.
    session: Session,
    /// Signing in with an email address and a password.
    email_and_password: Option<EmailAndPassword>,
    /// Signing in with another account.
    #[telemetry(each(key = "id", one_of(PROVIDERS), max = 16))]
    #[serde(default)]
    social_providers: BTreeMap<String, Provider>,
    /// Addresses that are called on events.
    #[serde(default)]
    callbacks: Callbacks,
    #[telemetry(skip = "it decides whether anything is sent")]
    #[serde(default)]
    telemetry: TelemetryTable,
}

#[derive(Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "lowercase")]
enum LogLevel {
    Debug,
    Info,
    Warn,
    Error,
}

#[derive(Deserialize, TelemetrySnapshot)]
#[telemetry(rename_all = "camelCase")]
struct Database {
    /// The kind of database.
    #[telemetry(one_of("postgres", "mysql", "sqlite", "mssql"))]
    engine: String,
    /// The address, with name and password.
    #[telemetry(presence)]
    url: Option<String>,
    /// The maximum number of connections.
    #[telemetry(bucket(2, 10, 50, 200))]
    pool_size: Option<u32>,
    /// Whether connections are encrypted.
    tls: Option<bool>,
}

#[derive(Deserialize, TelemetrySnapshot)]
#[telemetry(rename_all = "camelCase")]
struct Session {
    /// How long a session lasts.
    #[telemetry(number(max = 31_536_000, unit = "s"))]
    expires_in_seconds: u64,
    /// How old a session is when it is renewed.
    #[telemetry(bucket(3_600, 86_400, 604_800, unit = "s"))]
    refresh_after_seconds: Option<u64>,
    /// Whether the table is renamed.
    #[telemetry(presence)]
    table_name: Option<String>,
    /// The cookie that holds the session.
    cookie: Cookie,
}

#[derive(Deserialize, TelemetrySnapshot)]
#[telemetry(rename_all = "camelCase")]
struct Cookie {
    /// Whether it is sent over https only.
    secure: bool,
    /// Whether it is sent with requests from other sites.
    #[telemetry(one_of("strict", "lax", "none"))]
    same_site: Option<String>,
    /// Whether it is shared with subdomains.
    #[telemetry(presence)]
    domain: Option<String>,
}

#[derive(Deserialize, TelemetrySnapshot)]
#[telemetry(rename_all = "camelCase")]
struct EmailAndPassword {
    /// Whether users can sign in this way.
    enabled: bool,
    /// Whether an email address must be verified first.
    #[telemetry(flag)]
    require_verification: Option<bool>,
    /// The minimum length of a password.
    #[telemetry(number(max = 128))]
    min_password_length: Option<u16>,
    /// How mail is sent.
    #[telemetry(flag, with = Option::is_some)]
    smtp: Option<Smtp>,
}

/// Telemetry never reads these fields, so the type needs no derive.
#[derive(Deserialize)]
#[expect(dead_code, reason = "this example sends no mail")]
struct Smtp {
    host: String,
    port: u16,
    user: String,
    password: String,
    from: String,
}

#[derive(Deserialize, TelemetrySnapshot)]
#[telemetry(rename_all = "camelCase")]
struct Provider {
    /// Whether the application is registered at the provider.
    #[telemetry(presence)]
    client_id: String,
    /// Whether it has a secret to authenticate with.
    #[telemetry(presence)]
    client_secret: Option<String>,
    /// Whether the operator runs the provider.
    #[telemetry(presence)]
    issuer: Option<String>,
    /// The scopes that are requested.
    #[telemetry(count(max = 50))]
    #[serde(default)]
    scopes: Vec<String>,
    /// Whether only existing users can sign in.
    #[telemetry(flag)]
    disable_sign_up: Option<bool>,
}

#[derive(Default, Deserialize, TelemetrySnapshot)]
#[telemetry(rename_all = "camelCase")]
struct Callbacks {
    /// Called after a user has signed up.
    #[telemetry(presence)]
    after_sign_up: Option<String>,
    /// Called before a user is deleted.
    #[telemetry(presence)]
    before_delete_user: Option<String>,
}

#[derive(Default, Deserialize)]
struct TelemetryTable {
    enabled: Option<bool>,
}

/// The released schemas of its event.
#[cfg(feature = "collector")]
const SCHEMAS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/quickstart");

/// The consent of the user: `ACME_TELEMETRY=0` switches telemetry off, whatever the file says.
const CONSENT: Consent = Consent::new("ACME", "acme-console");

fn main() -> ExitCode {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/config/acme.toml");
    let (flags, paths): (Vec<_>, Vec<_>) = std::env::args_os().skip(1).partition(|argument| argument == "--serve");
    let path = paths.first().map_or_else(|| default.into(), PathBuf::from);
    let done = if flags.is_empty() { run(&path) } else { serve(&path) };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("quickstart: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(path: &Path) -> Result<(), Box<dyn Error>> {
    let settings: Settings = telemetry_examples::read(path)?;
    println!("# What the settings in {} become\n\n{:#}\n", path.display(), Snapshot::of(&settings)?);
    println!("They reveal at most {} bits.\n", Settings::SCHEMA.bits());

    // A real application sends to a server. Here the collector is a thread of the same process.
    let collector = Collector::start()?;
    println!("{}", disclosure().to_markdown());

    if is_sent(&settings, &collector.url()) {
        let request = collector.received()?;
        println!("# What the collector received\n\n{}\n\n{}", request.head, request.body);
    }
    Ok(())
}

/// Sends the settings to this address, if the user agrees.
fn is_sent(settings: &Settings, url: &str) -> bool {
    let telemetry = Telemetry::builder(CONSENT).endpoint(url).configured(settings.telemetry.enabled).build();
    telemetry.publish(settings);
    telemetry.shutdown(Duration::from_secs(10));
    let is_sent = telemetry.counts().delivered() > 0;
    if !is_sent {
        println!("# Nothing was sent\n\n{}", CONSENT.configured(settings.telemetry.enabled).decide());
    }
    is_sent
}

/// Sends the settings to a real collector in this process, and serves its page.
#[cfg(feature = "collector")]
fn serve(path: &Path) -> Result<(), Box<dyn Error>> {
    let settings: Settings = telemetry_examples::read(path)?;
    let collector = telemetry_examples::Served::start(Path::new(SCHEMAS))?;
    if is_sent(&settings, &collector.url()) {
        let page = collector.page();
        println!("The event is stored. See {page}, and {page}live for its values. Ctrl-C ends the collector.");
        collector.wait()?;
    }
    Ok(())
}

/// Runs the same again, with the collector.
#[cfg(not(feature = "collector"))]
fn serve(path: &Path) -> Result<(), Box<dyn Error>> {
    const AGAIN: &[&str] =
        &["run", "-p", "telemetry-examples", "--features", "collector", "--example", "quickstart", "--", "--serve"];
    // Cargo says where it is to the programs that it runs.
    let Some(cargo) = std::env::var_os("CARGO") else {
        return Err(format!("`--serve` needs the collector: cargo {}", AGAIN.join(" ")).into());
    };
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    println!("Building the example again, with the collector. The first time, that takes a minute or two.");
    let mut again = std::process::Command::new(cargo);
    again.args(&AGAIN[..1]).arg("--manifest-path").arg(manifest).args(&AGAIN[1..]);
    let status = again.arg(std::path::absolute(path)?).status()?;
    if status.success() { Ok(()) } else { Err("the example did not end well with the collector".into()) }
}

/// The page for the application's documentation. The example `snapshot_tests` shows the test that locks such a page.
fn disclosure() -> Disclosure {
    Disclosure::new(CONSENT)
        .receiver("Acme Inc.")
        .endpoint("https://telemetry.acme.dev/v1/events")
        .retention("90 days")
        .contact("privacy@acme.dev")
        .event::<Settings>()
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_sent_changes_only_in_a_reviewed_diff() {
        telemetry::testing::assert_schemas(super::disclosure().scope(), "schemas/quickstart");
    }
}
