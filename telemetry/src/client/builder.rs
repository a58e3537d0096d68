//! The settings of a client.

mod build;
mod destination;

use std::fmt;
use std::time::Duration;

use self::destination::Destination;
use super::about::Upload;
use super::error::ConfigError;
use super::handle::Telemetry;
use crate::consent::Consent;
use crate::context::App;
use crate::delivery::Durability;
use crate::identity::anonymous_id::AnonymousId;
#[cfg(any(feature = "otlp", feature = "posthog"))]
use crate::sink;
use crate::sink::form::Form;
#[cfg(feature = "http")]
use crate::sink::http::{Endpoint, Headers};
use crate::sink::{Guarded, Sink};

/// Configures and builds a client. See [`Telemetry::builder`].
#[must_use = "nothing is sent before `build`"]
pub struct Builder {
    consent: Consent,
    destination: Destination,
    #[cfg(feature = "http")]
    headers: Headers,
    #[cfg(feature = "http")]
    batches: bool,
    form: Form,
    error: Option<ConfigError>,
    exit_wait: Duration,
    durability: Durability,
    upload: Upload,
    debug: bool,
    receiver: Option<&'static str>,
    app: Option<App>,
    id: AnonymousId,
    project: Option<String>,
    is_one_a_directory: bool,
    base_url: Option<String>,
}

/// Default time that the last handle waits for pending events when it is dropped.
const EXIT_WAIT: Duration = Duration::from_millis(50);

impl Builder {
    pub(crate) fn new(consent: Consent) -> Self {
        Self {
            consent,
            destination: Destination::None,
            #[cfg(feature = "http")]
            headers: Headers::default(),
            #[cfg(feature = "http")]
            batches: false,
            form: Form::default(),
            error: None,
            exit_wait: EXIT_WAIT,
            durability: Durability::default(),
            upload: Upload::default(),
            debug: false,
            receiver: None,
            app: None,
            id: AnonymousId::default(),
            project: None,
            is_one_a_directory: false,
            base_url: None,
        }
    }

    /// Sends events to this address, one per request unless the receiver takes [several](Self::batches).
    ///
    /// It must be an `https` address, except on this machine (`localhost`, `127.0.0.0/8`, `[::1]`), and must not contain credentials, which
    /// belong in a [`header`](Self::header). Requests to this machine are sent directly; all others use the proxy of the environment
    /// (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`). Redirects are not followed. The time limit is 3 seconds for connecting, and 10 for the
    /// whole request. Everything runs on the worker thread, except name lookups, which use a second thread. This replaces a previously set
    /// [`sink`](Self::sink).
    ///
    /// | the receiver answers | what happens to the event |
    /// |---|---|
    /// | 200 to 299 | it is delivered |
    /// | 400, 413, 422 | it is lost, counted as [`Loss::Refused`](super::Loss) |
    /// | 408, 429, 500 to 599, or no answer | it is sent again, after a pause that grows from a second to an hour, or the one that `Retry-After` asks for |
    /// | anything else, such as 401, 403 or 404 | it is sent again, after a pause that grows from a minute to an hour, since somebody must first mend the receiver or a token |
    #[cfg(feature = "http")]
    pub fn endpoint(mut self, address: &str) -> Self {
        match Endpoint::parse(address) {
            Ok(endpoint) => self.destination = Destination::Endpoint(endpoint),
            Err(error) => self.found(error.into()),
        }
        self
    }

    /// Adds a header to each request, such as a collector's token. Its value is never printed.
    ///
    /// The value travels as it is, so it must be the same for all users, as the page says of it: take it from the source code or the
    /// author's configuration, never from a user.
    ///
    /// It replaces an earlier header of the same name. Headers set by telemetry or the connection are refused: `Accept`, `Content-Encoding`, `Content-Type`,
    /// `Host`, `Idempotency-Key`, `User-Agent`, those that begin with `Telemetry-`, and those that control the connection.
    #[cfg(feature = "http")]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Err(error) = self.headers.add(name, value) {
            self.found(error.into());
        }
        self
    }

    /// Sets whether the receiver takes several events in one request: at most 100, and at most 64 KiB. By default each event is a request
    /// of its own.
    ///
    /// `telemetry-collector` takes them. [Batches](super#batches) says what another receiver has to answer. A receiver that takes none, or
    /// fails at them, loses no event: it gets smaller batches or single events, and a larger batch after an hour, later after up to a day. This has no effect with a sink, and none where events go in the form of another
    /// protocol, which always takes several.
    ///
    /// ```no_run
    /// # use telemetry::{Consent, Telemetry};
    /// let telemetry = Telemetry::builder(Consent::new("ACME", "acme"))
    ///     .endpoint("https://telemetry.acme.dev/v1/events")
    ///     .batches(true)
    ///     .build();
    /// ```
    #[cfg(feature = "http")]
    pub fn batches(mut self, batches: bool) -> Self {
        self.batches = batches;
        self
    }

    /// Sends events to the endpoint as log records of OpenTelemetry, up to 100 in one request. See [`Otlp`](sink::Otlp) for what is in them.
    ///
    /// The address is that of the receiver's logs, usually one that ends in `/v1/logs`. [`preview`](Telemetry::preview) and
    /// [`debug`](Self::debug) show requests in this form; [`last_sent`](Telemetry::last_sent) has events as they were before that. A [name of
    /// the service](sink::Otlp::service_name) that cannot be used is a mistake. Tell users with [`Disclosure::otlp`](crate::page::Disclosure::otlp). This has no effect with a sink.
    #[cfg(feature = "otlp")]
    pub fn otlp(mut self, otlp: sink::Otlp) -> Self {
        if !otlp.has_valid_name() {
            self.found(ConfigError::ServiceNameInvalid);
        }
        self.form = otlp.into();
        self
    }

    /// Sends events to the endpoint in the form of PostHog's batches, up to 100 in one request. See [`PostHog`](sink::PostHog) for what is in
    /// them.
    ///
    /// The address ends in `/batch/`. [`preview`](Telemetry::preview) and [`debug`](Self::debug) show requests in this form;
    /// [`last_sent`](Telemetry::last_sent) has events as they were before that. Tell users with
    /// [`Disclosure::posthog`](crate::page::Disclosure::posthog). This has no effect with a sink.
    #[cfg(feature = "posthog")]
    pub fn posthog(mut self, posthog: sink::PostHog) -> Self {
        self.form = posthog.into();
        self
    }

    /// The form of a client in another process.
    #[cfg(feature = "http")]
    pub(super) fn with_form(mut self, form: Form) -> Self {
        self.form = form;
        self
    }

    /// Passes events to this sink instead of sending them. This replaces a previously set endpoint.
    pub fn sink(mut self, sink: impl Sink) -> Self {
        self.destination = Destination::Sink(Guarded::new(sink));
        self
    }

    /// Sets what the operator's configuration says about telemetry: yes, no, or nothing. See [`Consent::configured`].
    pub fn configured(mut self, configured: Option<bool>) -> Self {
        self.consent = self.consent.configured(configured);
        self
    }

    /// Sets which failures an event survives. By default it survives none, see [`Durability`].
    ///
    /// With an endpoint, undelivered events wait on disk in either case. With a sink, they do so only with [`Durability::WriteAhead`], for
    /// which the sink must name its [destination](Sink::destination). They are stored in the user's [state
    /// directory](super#what-is-kept-on-the-machine): at most 1 MiB, 500 events and 7 days, in files that only the user may read. Each line
    /// is authenticated, so that nothing else is ever sent.
    pub fn durability(mut self, durability: Durability) -> Self {
        self.durability = durability;
        self
    }

    /// Sets which process sends: by default this one, see [`Upload`]. It has no effect with a sink.
    pub fn upload(mut self, upload: Upload) -> Self {
        self.upload = upload;
        self
    }

    /// Prints events to standard error, indented, exactly as they would be sent, and sends nothing. No endpoint or sink receives anything.
    /// Neither is required, and consent is not required either. `<PREFIX>_TELEMETRY_DEBUG=1` has the same effect.
    pub fn debug(mut self, debug: bool) -> Self {
        self.debug = debug;
        self
    }

    /// Sets the recipient of the data, such as `Acme Inc.`. It is only shown in [`Status`](super::Status).
    pub fn receiver(mut self, receiver: &'static str) -> Self {
        self.receiver = Some(receiver);
        self
    }

    /// Sets the compile-time facts about the application, for events that carry the context. An application passes
    /// [`telemetry::app!()`](crate::app); a library takes the value from its caller.
    pub fn app(mut self, app: App) -> Self {
        self.app = Some(app);
        self
    }

    /// Sets what the anonymous id is derived from: by default the installation, see [`AnonymousId`].
    pub fn anonymous_id(mut self, id: AnonymousId) -> Self {
        self.id = id;
        if self.id.check().is_err() {
            self.found(ConfigError::ProjectKeyWeak);
        }
        self
    }

    /// Sets the project's name, which is used only for the [anonymous id](Self::anonymous_id). The default is the package's name if an
    /// [`app`](Self::app) was given. Otherwise an id [of a project](AnonymousId::PerProject) takes the name in `package.json` in the working
    /// directory, if that exists; an id of an installation is the same in every directory.
    pub fn project(mut self, name: impl Into<String>) -> Self {
        self.project = Some(name.into());
        self
    }

    /// Lets an installation have an id for each project in whose directory it runs, as the original has.
    #[cfg(feature = "auth")]
    pub(crate) const fn with_one_id_a_directory(mut self) -> Self {
        self.is_one_a_directory = true;
        self
    }

    /// Sets the project's address, which is used only for the [anonymous id](Self::anonymous_id). It is not normalized.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Sets how long dropping the last handle may wait for pending events. The default is 50 ms. Events still pending after that are left
    /// on disk for a later process, or counted as lost if that is not possible. A disk that does not respond adds at most 0.2 s, and
    /// as much again if counted events wait. Within the wait, and for at most 50 ms, it also sends events left by earlier processes. It does
    /// not wait if sending is paused for longer, because the receiver could not take an event.
    pub fn exit_wait(mut self, wait: Duration) -> Self {
        self.exit_wait = wait;
        self
    }

    /// The first configuration mistake, whether telemetry is on or not. This is for the application's own tests: a client that is built
    /// despite the mistake loses its events, counted as [`Loss::NotConfigured`](super::Loss).
    ///
    /// # Errors
    ///
    /// [`ConfigError`] says what to change.
    pub fn check(&self) -> Result<(), ConfigError> {
        match (self.error, &self.destination) {
            (Some(error), _) => Err(error),
            (None, Destination::None) => Err(ConfigError::NoEndpoint),
            #[cfg(feature = "http")]
            (None, Destination::Endpoint(_)) if !self.form.is_own() && self.consent.asks_for_deletion() => {
                Err(ConfigError::DeletionImpossible)
            }
            (None, Destination::Sink(sink))
                if self.durability == Durability::WriteAhead && sink.destination().is_none() =>
            {
                Err(ConfigError::SinkWithoutDestination)
            }
            (None, _) => Ok(()),
        }
    }

    /// Builds the client. This never fails, since telemetry must not break its host: without consent the client is off, and a mistake is
    /// reported by [`check`](Self::check) and [`Telemetry::error`].
    ///
    /// With consent, it draws 16 random bytes. Before the first event, it starts no thread, creates no anonymous id, and performs no lookup
    /// or connection. After a stored no, a client whose consent [asks for deletion](Consent::with_deletion_request) sends the request that
    /// is due on a thread named `telemetry-deletion`.
    #[must_use = "a client that is dropped is shut down"]
    pub fn build(self) -> Telemetry {
        let consent = self.consent.live();
        self.build_under(consent)
    }

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

#[cfg(test)]
mod tests;
