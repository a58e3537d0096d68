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
const PROJECT_KEY: &str = "BETTER_AUTH_TELEMETRY_PROJECT_KEY";

/// What the application says besides its options.
#[derive(Default)]
pub struct TelemetryContext<'a> {
    /// What was known of the application when it was compiled: `Some(telemetry::app!())`.
    pub app: Option<App>,
    /// Which database is used, as in `postgres`.
    pub database: Option<&'a str>,
    /// Which adapter connects to it, as in `drizzle`.
    pub adapter: Option<&'a str>,
    /// Takes events in the place of an endpoint.
    pub custom_track: Option<CustomTrack>,
    /// Whether telemetry may be on in tests, for tests of telemetry itself.
    pub skip_test_check: bool,
}

/// Starts telemetry, and tells that the library was started.
///
/// It never fails, never waits and never panics. Without a yes of the operator or user nothing happens, and a no of either wins, see
/// [`consent`](crate::consent). Where events go, in this order:
///
/// 1. to the [`custom_track`](TelemetryContext::custom_track), on a thread of its own. When it fails or panics, the event is counted as lost, and nothing else happens;
/// 2. to the endpoint in [the options](super::TelemetryOptions::endpoint);
/// 3. to the endpoint in `BETTER_AUTH_TELEMETRY_ENDPOINT`, unless that is empty;
/// 4. nowhere, which [`Telemetry::error`] tells. There is no address of ours.
///
/// The anonymous id is [one for the project](AnonymousId::PerProject) when there is a key for it, in
/// [the options](super::TelemetryOptions::project_key) or in `BETTER_AUTH_TELEMETRY_PROJECT_KEY`, and otherwise
/// [one for the installation](AnonymousId::PerInstall). The [base URL](AuthOptions::base_url) goes into it when it is fixed.
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

/// What [`create_telemetry`] makes its client of, for those who change more of it, such as the [durability](Builder::durability) for a
/// command line. [`Init`] is then theirs to publish.
pub fn builder(options: &AuthOptions, context: TelemetryContext<'_>) -> Builder {
    let said = &options.telemetry;
    let consent = if context.skip_test_check { CONSENT.skip_test_check() } else { CONSENT };
    let mut builder = Telemetry::builder(consent).configured(said.enabled).debug(said.debug);
    if let Some(app) = context.app {
        builder = builder.app(app);
    }
    if let Some(key) = said.project_key.clone().or_else(|| variable(PROJECT_KEY)) {
        builder = builder.anonymous_id(AnonymousId::PerProject { key });
    }
    if let Some(BaseUrl::Fixed(url)) = &options.base_url
        && !url.is_empty()
    {
        builder = builder.base_url(url);
    }
    match context.custom_track {
        Some(track) => builder.sink(sink::from_fn(track)),
        None => to_endpoint(builder, said.endpoint.clone().or_else(|| variable(ENDPOINT))),
    }
}

#[cfg(feature = "http")]
fn to_endpoint(builder: Builder, address: Option<String>) -> Builder {
    match address {
        Some(address) => builder.endpoint(&address),
        None => builder,
    }
}

/// Without `http` no address can be reached.
#[cfg(not(feature = "http"))]
fn to_endpoint(builder: Builder, _: Option<String>) -> Builder {
    builder
}

/// A variable that is set and not empty. What is no Unicode is no address and no key, which the builder will say.
fn variable(name: &str) -> Option<String> {
    env::var_os(name).map(|value| value.to_string_lossy().into_owned()).filter(|value| !value.is_empty())
}
