use std::fmt;
use std::sync::Mutex;
use std::time::Duration;

use super::about::{About, Upload};
use super::error::ConfigError;
use super::handle::Telemetry;
use crate::consent::{Consent, LiveConsent};
use crate::context::App;
use crate::delivery::{Durability, Pipeline, Queue, Schemas};
#[cfg(feature = "http")]
use crate::delivery::{Task, Uploader};
use crate::identity::anonymous_id::AnonymousId;
use crate::identity::series;
use crate::identity::{Identity, Origin};
#[cfg(feature = "http")]
use crate::sink::http::{Endpoint, Headers, Http};
use crate::sink::{self, Guarded, Sink};

/// How a client is made. See [`Telemetry::builder`].
#[must_use = "nothing is sent before `build`"]
pub struct Builder {
    consent: Consent,
    destination: Destination,
    #[cfg(feature = "http")]
    headers: Headers,
    error: Option<ConfigError>,
    exit_wait: Duration,
    durability: Durability,
    upload: Upload,
    debug: bool,
    receiver: Option<&'static str>,
    app: Option<App>,
    id: AnonymousId,
    project: Option<String>,
    base_url: Option<String>,
}

/// How long the last handle waits for what is still on its way, unless it is told otherwise.
const EXIT_WAIT: Duration = Duration::from_millis(50);

#[derive(Default)]
enum Destination {
    #[default]
    None,
    #[cfg(feature = "http")]
    Endpoint(Endpoint),
    Sink(Guarded),
}

impl Builder {
    pub(crate) fn new(consent: Consent) -> Self {
        Self {
            consent,
            destination: Destination::None,
            #[cfg(feature = "http")]
            headers: Headers::default(),
            error: None,
            exit_wait: EXIT_WAIT,
            durability: Durability::default(),
            upload: Upload::default(),
            debug: false,
            receiver: None,
            app: None,
            id: AnonymousId::default(),
            project: None,
            base_url: None,
        }
    }

    /// Sends events to this address, one a request.
    ///
    /// It must be an `https` address, but on this machine (`localhost`, `127.0.0.0/8`, `[::1]`), and must not hold
    /// credentials, which belong in a [`header`](Self::header). What is sent to this machine goes there directly; for
    /// all else the proxy of the environment is used (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`). Redirects are not
    /// followed. Connecting may take 3 seconds, the whole request 10. All of it is done on the worker's thread; only
    /// names are looked up on a second one. It replaces a [`sink`](Self::sink) that was given before.
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
    /// A header of the same name that was given before is replaced. Headers that telemetry or the connection sets are refused: `Accept`,
    /// `Content-Type`, `Host`, `Idempotency-Key`, `User-Agent`, those that begin with `Telemetry-`, and those that steer the connection.
    #[cfg(feature = "http")]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Err(error) = self.headers.add(name, value) {
            self.found(error.into());
        }
        self
    }

    /// Hands events to this sink instead of sending them. It replaces an endpoint that was given before.
    pub fn sink(mut self, sink: impl Sink) -> Self {
        self.destination = Destination::Sink(Guarded::new(sink));
        self
    }

    /// What the operator's configuration says of telemetry: yes, no, or nothing. See [`Consent::configured`].
    pub fn configured(mut self, configured: Option<bool>) -> Self {
        self.consent = self.consent.configured(configured);
        self
    }

    /// What an event outlives: by default nothing, see [`Durability`].
    ///
    /// With an endpoint, events that could not be delivered wait on disk in either case; with a sink, only with
    /// [`Durability::WriteAhead`], for which the sink names its [destination](Sink::destination). They lie in the user's
    /// [state directory](super#what-is-kept-on-the-machine): at most 1 MiB, 500 events and 7 days, in files that only the user may read, each
    /// line authenticated so that nothing else is ever sent.
    pub fn durability(mut self, durability: Durability) -> Self {
        self.durability = durability;
        self
    }

    /// Which process sends: by default this one, see [`Upload`]. It has no meaning for a sink.
    pub fn upload(mut self, upload: Upload) -> Self {
        self.upload = upload;
        self
    }

    /// Prints events to standard error, indented, exactly as they would be sent, and sends nothing: no endpoint and no sink gets
    /// anything, and neither is needed, nor is consent. `<PREFIX>_TELEMETRY_DEBUG=1` does the same.
    pub fn debug(mut self, debug: bool) -> Self {
        self.debug = debug;
        self
    }

    /// Who receives the data, as in `Acme Inc.`, for [`Status`](super::Status) alone.
    pub fn receiver(mut self, receiver: &'static str) -> Self {
        self.receiver = Some(receiver);
        self
    }

    /// What was known of the application when it was compiled, for events that carry the context. The application itself passes
    /// [`telemetry::app!()`](crate::app); a library takes it from its caller.
    pub fn app(mut self, app: App) -> Self {
        self.app = Some(app);
        self
    }

    /// What the anonymous id is made of: by default the installation, see [`AnonymousId`].
    pub fn anonymous_id(mut self, id: AnonymousId) -> Self {
        self.id = id;
        if self.id.check().is_err() {
            self.found(ConfigError::ProjectKeyWeak);
        }
        self
    }

    /// The name of the project, which goes into the [anonymous id](Self::anonymous_id) and nowhere else. By default that is the package's name, if an
    /// [`app`](Self::app) was given, and otherwise the name in `package.json` in the working directory, if there is one.
    pub fn project(mut self, name: impl Into<String>) -> Self {
        self.project = Some(name.into());
        self
    }

    /// The address of the project, which goes into the [anonymous id](Self::anonymous_id) and nowhere else. It is taken as it is.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// How long dropping the last handle may take, for what is still on its way: 50 ms, unless it is told otherwise. What
    /// then still waits is left on disk for a later process, or counted as lost when that is not possible; for a disk that does not answer
    /// this waits 0.2 s longer at most. Within that time, and for at most 50 ms, it also sends what earlier processes left. It does not
    /// wait while sending is paused for longer, since the receiver could not take an event.
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
            (None, Destination::Sink(sink))
                if self.durability == Durability::WriteAhead && sink.destination().is_none() =>
            {
                Err(ConfigError::SinkWithoutDestination)
            }
            (None, _) => Ok(()),
        }
    }

    /// Makes the client. This never fails, since telemetry must not break its host: without
    /// consent the client is off, and a mistake is reported by [`check`](Self::check) and [`Telemetry::error`].
    ///
    /// With consent it draws 16 random bytes; it starts no thread, makes no anonymous id, and looks up and connects to nothing, before the first event.
    #[must_use = "a client that is dropped is shut down"]
    pub fn build(self) -> Telemetry {
        let standing = self.consent.live();
        self.build_under(standing)
    }

    pub(super) fn build_under(mut self, standing: LiveConsent) -> Telemetry {
        let decision = standing.decision();
        let debug = !cfg!(telemetry_off) && (self.debug || decision.debug);
        let about = self.about(debug);
        if cfg!(telemetry_off) || !(decision.enabled || debug) {
            return Telemetry::off(about);
        }
        let journal = about.journal();
        #[cfg(feature = "http")]
        let uploader = self.uploader(&about);
        let (series, randomness) = match series::random() {
            Ok(series) => (series, Ok(())),
            Err(_) => (String::new(), Err(ConfigError::NoRandomness)),
        };
        let identity = Identity::new(self.origin(&about, decision.enabled), series);
        let (exit_wait, durability) = (self.exit_wait, self.durability);
        let sink = if debug { Ok(Box::new(sink::Debug) as Box<dyn Sink>) } else { self.into_sink() };
        let error = randomness.and(sink.as_ref().map(drop).map_err(|error| *error)).err();
        let pipeline = Pipeline {
            queue: Queue::default(),
            journal,
            identity,
            schemas: Schemas::default(),
            standing: if debug { standing.without_sending() } else { standing },
            sink: Mutex::new(sink.ok()),
            durability,
            #[cfg(feature = "http")]
            uploader,
        };
        Telemetry::on(about, pipeline, error, exit_wait)
    }

    /// A builder with the same settings, unless it has a sink.
    pub(super) fn again(&self) -> Self {
        Self {
            consent: self.consent,
            destination: self.destination.again(),
            #[cfg(feature = "http")]
            headers: self.headers.clone(),
            error: self.error,
            exit_wait: self.exit_wait,
            durability: self.durability,
            upload: self.upload,
            debug: self.debug,
            receiver: self.receiver,
            app: self.app,
            id: self.id.clone(),
            project: self.project.clone(),
            base_url: self.base_url.clone(),
        }
    }

    fn about(&self, debug: bool) -> About {
        About {
            settings: (!matches!(self.destination, Destination::Sink(_))).then(|| Mutex::new(self.again())),
            consent: self.consent,
            receiver: self.receiver,
            endpoint: self.destination.host(),
            destination: self.destination.binding(self.durability),
            durability: self.durability,
            upload: self.upload,
            debug,
            app: self.app,
        }
    }

    fn origin(&mut self, about: &About, has_consent: bool) -> Origin {
        Origin {
            app: self.app,
            application: self.consent.application(),
            project: self.project.take(),
            base_url: self.base_url.take(),
            // Without consent no id is made.
            id: has_consent.then(|| std::mem::take(&mut self.id)),
            state: about.state(),
        }
    }

    #[cfg(feature = "http")]
    fn uploader(&self, about: &About) -> Option<Uploader> {
        match (&self.destination, self.upload) {
            (Destination::Endpoint(endpoint), Upload::Detached) if self.error.is_none() && !about.debug => {
                let (configured, skip_test_check) = self.consent.options();
                let task = Task {
                    prefix: self.consent.prefix().to_owned(),
                    application: self.consent.application().to_owned(),
                    configured,
                    skip_test_check,
                    endpoint: endpoint.url().to_string(),
                    headers: self.headers.pairs(),
                };
                Uploader::new(about.state()?, &task)
            }
            _ => None,
        }
    }

    fn into_sink(self) -> Result<Box<dyn Sink>, ConfigError> {
        self.check()?;
        match self.destination {
            Destination::None => Err(ConfigError::NoEndpoint),
            #[cfg(feature = "http")]
            Destination::Endpoint(endpoint) => Ok(Box::new(Http::new(endpoint, self.headers))),
            Destination::Sink(sink) => Ok(Box::new(sink)),
        }
    }

    fn found(&mut self, error: ConfigError) {
        self.error.get_or_insert(error);
    }
}

impl Destination {
    fn again(&self) -> Self {
        match self {
            #[cfg(feature = "http")]
            Self::Endpoint(endpoint) => Self::Endpoint(endpoint.clone()),
            Self::None | Self::Sink(_) => Self::None,
        }
    }

    fn host(&self) -> Option<String> {
        match self {
            #[cfg(feature = "http")]
            Self::Endpoint(endpoint) => Some(endpoint.host().to_owned()),
            _ => None,
        }
    }

    /// What events on disk are bound to, so that they never go elsewhere; nothing when they are not kept there.
    fn binding(&self, durability: Durability) -> Option<String> {
        match self {
            Self::None => None,
            #[cfg(feature = "http")]
            Self::Endpoint(endpoint) => Some(endpoint.url().to_string()),
            Self::Sink(sink) if durability == Durability::WriteAhead => Some(format!("sink {}", sink.destination()?)),
            Self::Sink(_) => None,
        }
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
