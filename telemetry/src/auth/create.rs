use std::env;

use super::config::Config;
use super::events::Init;
use super::options::{AuthOptions, BaseUrl};
use super::{CONSENT, CustomTrack};
use crate::client::Telemetry;
use crate::client::{AnonymousId, Builder};
use crate::context::App;
use crate::sink;

const ENDPOINT: &str = "BETTER_AUTH_TELEMETRY_ENDPOINT";
pub(super) const PROJECT_KEY: &str = "BETTER_AUTH_TELEMETRY_PROJECT_KEY";

/// What the application passes besides its options.
#[derive(Default)]
pub struct TelemetryContext<'a> {
    /// Facts from the compilation of the application: `Some(telemetry::app!())`.
    pub app: Option<App>,
    /// The database, such as `postgres`.
    pub database: Option<&'a str>,
    /// The adapter that connects to the database, such as `drizzle`.
    pub adapter: Option<&'a str>,
    /// Receives events instead of an endpoint.
    pub custom_track: Option<CustomTrack>,
    /// Whether telemetry may be on in tests; meant for tests of telemetry itself.
    pub skip_test_check: bool,
}

/// Starts telemetry and publishes [`Init`].
///
/// It never fails, waits or panics. Nothing is sent unless the operator or the user said yes, and a no from either of them wins,
/// see [`consent`](crate::consent). Events go to the first of these that is set:
///
/// 1. [`custom_track`](TelemetryContext::custom_track), which is called on a thread of its own. If it fails or panics, the event
///    is counted as lost and the application is not affected;
/// 2. the endpoint in [the options](super::TelemetryOptions::endpoint);
/// 3. the endpoint in the variable `BETTER_AUTH_TELEMETRY_ENDPOINT`, unless it is empty.
///
/// Without any of them nothing is sent, and [`Telemetry::error`] says so. This crate has no default receiver.
///
/// The anonymous id is [one for the project](AnonymousId::PerProject) if a key is set in
/// [the options](super::TelemetryOptions::project_key) or in the variable `BETTER_AUTH_TELEMETRY_PROJECT_KEY`. Otherwise it is
/// [one for the installation](AnonymousId::PerInstall). A fixed [base URL](AuthOptions::base_url) becomes part of the id.
///
/// ```
/// use std::sync::mpsc;
/// use telemetry::auth::{AuthOptions, Config, GenerateOutcome, CliGenerate, TelemetryContext, create_telemetry};
///
/// let (sender, events) = mpsc::channel();
/// let mut options = AuthOptions::default();
/// options.telemetry.enabled = Some(true);
/// let context = TelemetryContext {
///     database: Some("sqlite"),
///     custom_track: Some(Box::new(move |event| {
///         let _ = sender.send(event.body().to_owned());
///         Ok(())
///     })),
/// #   skip_test_check: true,
///     ..TelemetryContext::default()
/// };
/// let telemetry = create_telemetry(&options, context);
/// telemetry.publish(&CliGenerate {
///     outcome: GenerateOutcome::NoChanges,
///     config: Config { database: Some("sqlite"), adapter: None, options: &options },
/// });
/// # if telemetry.is_enabled() {
/// assert!(events.recv()?.starts_with(r#"{"type":"init","payload":{"config":{"database":"sqlite","#));
/// assert!(events.recv()?.starts_with(r#"{"type":"cli_generate","payload":{"outcome":"no_changes","config":{"#));
/// # }
/// # Ok::<(), std::sync::mpsc::RecvError>(())
/// ```
#[must_use = "a client that is dropped is shut down"]
pub fn create_telemetry(options: &AuthOptions, context: TelemetryContext<'_>) -> Telemetry {
    let config = Config { database: context.database, adapter: context.adapter, options };
    let telemetry = builder(options, context).build();
    telemetry.publish(&Init { config });
    telemetry
}

/// The builder that [`create_telemetry`] uses, for applications that change more of it: a command line sets its
/// [durability](Builder::durability), for instance. The application then publishes [`Init`] itself.
pub fn builder(options: &AuthOptions, context: TelemetryContext<'_>) -> Builder {
    let settings = &options.telemetry;
    let consent = if context.skip_test_check { CONSENT.skip_test_check() } else { CONSENT };
    let builder = Telemetry::builder(consent).configured(settings.enabled).debug(settings.debug);
    let mut builder = builder.with_one_id_a_directory();
    if let Some(app) = context.app {
        builder = builder.app(app);
    }
    if let Some(key) = settings.project_key.clone().or_else(|| variable(PROJECT_KEY)) {
        builder = builder.anonymous_id(AnonymousId::PerProject { key });
    }
    if let Some(BaseUrl::Fixed(url)) = &options.base_url
        && !url.is_empty()
    {
        builder = builder.base_url(url);
    }
    match context.custom_track {
        Some(track) => builder.sink(sink::from_fn(track)),
        None => to_endpoint(builder, settings.endpoint.clone().or_else(|| variable(ENDPOINT))),
    }
}

#[cfg(feature = "http")]
fn to_endpoint(builder: Builder, address: Option<String>) -> Builder {
    match address {
        Some(address) => builder.endpoint(&address),
        None => builder,
    }
}

/// Without the feature `http`, endpoints are ignored.
#[cfg(not(feature = "http"))]
fn to_endpoint(builder: Builder, _: Option<String>) -> Builder {
    builder
}

/// A variable that is set and not empty. The builder rejects a value that is not Unicode as an address or a key.
fn variable(name: &str) -> Option<String> {
    env::var_os(name).map(|value| value.to_string_lossy().into_owned()).filter(|value| !value.is_empty())
}
