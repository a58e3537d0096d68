use std::fmt;
use std::time::Duration;

use super::error::ConfigError;
use super::handle::Telemetry;
use crate::consent::Consent;
use crate::sink::Sink;
#[cfg(feature = "http")]
use crate::sink::http::{Endpoint, Headers, Http};

/// How a client is made. See [`Telemetry::builder`].
#[must_use = "nothing is sent before `build`"]
pub struct Builder {
    consent: Consent,
    destination: Destination,
    #[cfg(feature = "http")]
    headers: Headers,
    error: Option<ConfigError>,
    exit_wait: Duration,
}

/// How long the last handle waits for what is still on its way, unless it is told otherwise.
const EXIT_WAIT: Duration = Duration::from_millis(50);

#[derive(Default)]
enum Destination {
    #[default]
    None,
    #[cfg(feature = "http")]
    Endpoint(Endpoint),
    Sink(Box<dyn Sink>),
}

impl Builder {
    pub(super) fn new(consent: Consent) -> Self {
        Self {
            consent,
            destination: Destination::None,
            #[cfg(feature = "http")]
            headers: Headers::default(),
            error: None,
            exit_wait: EXIT_WAIT,
        }
    }

    /// Sends events to this address, one a request.
    ///
    /// It must be an `https` address, but on this machine (`localhost`, `127.0.0.0/8`, `[::1]`), and must not hold
    /// credentials, which belong in a [`header`](Self::header). What is sent to this machine goes there directly; for
    /// all else the proxy of the environment is used (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`). Redirects are not followed. Connecting may take 3 seconds,
    /// the whole request 10. It replaces a [`sink`](Self::sink) that was given before.
    #[cfg(feature = "http")]
    pub fn endpoint(mut self, address: &str) -> Self {
        match Endpoint::parse(address) {
            Ok(endpoint) => self.destination = Destination::Endpoint(endpoint),
            Err(error) => self.found(error.into()),
        }
        self
    }

    /// Adds a header to each request, such as the token of a collector. Its value is never printed.
    ///
    /// A header of the same name that was given before is replaced.
    #[cfg(feature = "http")]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Err(error) = self.headers.add(name, value) {
            self.found(error.into());
        }
        self
    }

    /// Hands events to this sink instead of sending them. It replaces an endpoint that was given before.
    pub fn sink(mut self, sink: impl Sink) -> Self {
        self.destination = Destination::Sink(Box::new(sink));
        self
    }

    /// What the operator's configuration says of telemetry: yes, no, or nothing. See [`Consent::configured`].
    pub fn configured(mut self, configured: Option<bool>) -> Self {
        self.consent = self.consent.configured(configured);
        self
    }

    /// How long dropping the last handle may take, for what is still on its way: 50 ms, unless it is told otherwise. What
    /// then still waits is counted as lost.
    pub fn exit_wait(mut self, wait: Duration) -> Self {
        self.exit_wait = wait;
        self
    }

    /// The first mistake in what was given, whether telemetry is on or not. For the application's own tests: a
    /// client that is built all the same loses its events, counted as [`Loss::NotConfigured`](super::Loss).
    ///
    /// # Errors
    ///
    /// [`ConfigError`] says what to change.
    pub fn check(&self) -> Result<(), ConfigError> {
        match (self.error, &self.destination) {
            (Some(error), _) => Err(error),
            (None, Destination::None) => Err(ConfigError::NoEndpoint),
            (None, _) => Ok(()),
        }
    }

    /// Makes the client. This never fails, since telemetry must not break its host: without
    /// consent the client is off, and a mistake is reported by [`check`](Self::check) and [`Telemetry::error`].
    ///
    /// With consent it draws 48 random bytes; it starts no thread, and looks up and connects to nothing, before the first event.
    #[must_use = "a client that is dropped is shut down"]
    pub fn build(self) -> Telemetry {
        if cfg!(telemetry_off) || !self.consent.decide().enabled {
            return Telemetry::disabled();
        }
        let exit_wait = self.exit_wait;
        Telemetry::start(self.into_sink(), exit_wait)
    }

    fn into_sink(self) -> Result<Box<dyn Sink>, ConfigError> {
        self.check()?;
        match self.destination {
            Destination::None => Err(ConfigError::NoEndpoint),
            #[cfg(feature = "http")]
            Destination::Endpoint(endpoint) => Ok(Box::new(Http::new(endpoint, self.headers))),
            Destination::Sink(sink) => Ok(sink),
        }
    }

    #[cfg(feature = "http")]
    fn found(&mut self, error: ConfigError) {
        self.error.get_or_insert(error);
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut builder = f.debug_struct("Builder");
        builder.field("consent", &self.consent);
        match &self.destination {
            Destination::None => builder.field("destination", &"none"),
            #[cfg(feature = "http")]
            Destination::Endpoint(endpoint) => builder.field("destination", endpoint),
            Destination::Sink(_) => builder.field("destination", &"sink"),
        };
        #[cfg(feature = "http")]
        builder.field("headers", &self.headers);
        builder.field("error", &self.error).finish()
    }
}
