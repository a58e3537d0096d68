use super::options::AuthOptions;
use super::vocabulary::{ADAPTERS, DATABASES};
use telemetry_derive::TelemetrySnapshot;

/// The configuration as events carry it: the application's database and adapter, then the options.
///
/// ```
/// use telemetry::Snapshot;
/// use telemetry::auth::{AuthOptions, Config};
///
/// let options = AuthOptions::default();
/// let config = Config { database: Some("postgres"), adapter: Some("acme-adapter"), options: &options };
/// let sent = Snapshot::of(&config)?;
/// assert!(sent.as_json().starts_with(r#"{"database":"postgres","adapter":"other","emailVerification":{"#));
/// # Ok::<(), telemetry::snapshot::RecordError>(())
/// ```
#[derive(Clone, Copy, TelemetrySnapshot)]
#[telemetry(crate = crate)]
pub struct Config<'a> {
    /// The database.
    #[telemetry(one_of(DATABASES))]
    pub database: Option<&'a str>,
    /// The adapter that connects to the database.
    #[telemetry(one_of(ADAPTERS))]
    pub adapter: Option<&'a str>,
    /// The options.
    #[telemetry(flatten)]
    pub options: &'a AuthOptions,
}
