use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::about::About;
use super::builder::Builder;
use super::error::ConfigError;
use super::fork::Birthplace;
use super::outcome::Outcome;
use super::status::Status;
use crate::consent::Consent;
use crate::delivery::{self, Accepted, Account, Counts, Flushed, Loss, Pipeline};
use crate::diagnostics;
use crate::event::{Draft, TelemetryEvent};
use crate::identity::Origin;
use crate::panics::catch;
use crate::storage::SentEvent;

/// Publishes events, in the background and only with consent.
///
/// Clones are handles to the same client. None of its methods panics, and none needs an asynchronous runtime or harms
/// one; only [`flush`](Self::flush) and [`shutdown`](Self::shutdown) wait, for as long as they are told to, and
/// dropping the last handle, for at most the [exit wait](Builder::exit_wait). In a child that was forked, a client does nothing, see
/// [`after_fork`](Self::after_fork).
///
/// ```
/// use telemetry::{Consent, Telemetry};
/// # use telemetry::schema::{Field, Kind, Schema};
/// # use telemetry::snapshot::Recorder;
/// # struct Started { by_hand: bool }
/// # impl telemetry::TelemetrySnapshot for Started {
/// #     const SCHEMA: Schema = Schema::group(&[Field::new("byHand", Kind::flag())]);
/// #     fn record(&self, recorder: &mut Recorder<'_>) { recorder.flag(self.by_hand); }
/// # }
/// # impl telemetry::TelemetryEvent for Started { const NAME: &'static str = "started"; }
/// # let telemetry_option = None;
///
/// const CONSENT: Consent = Consent::new("ACME", "acme-cli");
///
/// let telemetry = Telemetry::builder(CONSENT)
///     .endpoint("https://telemetry.acme.dev/v1/events")
///     .configured(telemetry_option)
///     .build();
/// telemetry.publish(&Started { by_hand: true });
/// ```
#[derive(Clone)]
pub struct Telemetry {
    client: Option<Arc<Client>>,
    /// Nothing for a client that is off whatever anybody says.
    about: Option<Arc<About>>,
}

/// A client that is on. Dropping it is its end.
struct Client {
    pipeline: Arc<Pipeline>,
    error: Option<ConfigError>,
    exit_wait: Duration,
    birthplace: Birthplace,
}

impl Telemetry {
    /// Begins to make a client for the application that this consent names.
    pub fn builder(consent: Consent) -> Builder {
        Builder::new(consent)
    }

    /// A client that is off, whatever anybody says.
    #[must_use]
    pub const fn disabled() -> Self {
        Self { client: None, about: None }
    }

    pub(super) fn off(about: About) -> Self {
        Self { client: None, about: Some(Arc::new(about)) }
    }

    pub(super) fn on(about: About, pipeline: Pipeline, error: Option<ConfigError>, exit_wait: Duration) -> Self {
        let client = Client { pipeline: Arc::new(pipeline), error, exit_wait, birthplace: Birthplace::here() };
        Self { client: Some(Arc::new(client)), about: Some(Arc::new(about)) }
    }

    /// A client that works in this process, with the settings of this one.
    ///
    /// A child that was forked has neither the worker of its parent's client nor what waited in its memory, which the parent
    /// sends. There a client does nothing, and says so: [`publish`](Self::publish) returns [`Outcome::Forked`], and
    /// [`error`](Self::error) and [`status`](Self::status) tell [`ConfigError::Forked`]. A child that goes on, such as a daemon, calls this
    /// once and uses what it gets. Consent is asked again, and events get ids of their own. In the process that made
    /// the client it gives another handle to it. A client with a [sink](Builder::sink) cannot be made again: the child builds one.
    ///
    /// ```
    /// # use telemetry::{Consent, Telemetry};
    /// let telemetry = Telemetry::builder(Consent::new("ACME", "acme")).build();
    /// // … the program forks, and its child goes on here …
    /// let telemetry = telemetry.after_fork();
    /// # let _ = telemetry;
    /// ```
    #[must_use = "it is the client to go on with"]
    pub fn after_fork(&self) -> Self {
        let settings = self.about.as_ref().and_then(|about| about.settings.as_ref()?.try_lock().ok());
        match settings {
            Some(settings) if self.is_forked() => settings.again().build(),
            _ => self.clone(),
        }
    }

    /// Whether events are looked at, and sent if there is a way to.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.live().is_some()
    }

    /// Why there is nowhere to send events, if that is so.
    #[must_use]
    pub fn error(&self) -> Option<ConfigError> {
        let client = self.client.as_deref()?;
        if client.is_forked() { Some(ConfigError::Forked) } else { client.error }
    }

    fn is_forked(&self) -> bool {
        self.client.as_deref().is_some_and(Client::is_forked)
    }

    /// Takes a snapshot of the event and leaves it to the worker.
    ///
    /// At most 500 events and 1 MiB wait; when they do, the new event is lost, counted as
    /// [`Loss::QueueFull`]. The first event starts the worker, a thread named `telemetry`. The answer may be ignored: it is
    /// counted too, see [`counts`](Self::counts).
    #[inline]
    pub fn publish<E: TelemetryEvent + ?Sized>(&self, event: &E) -> Outcome {
        if cfg!(telemetry_off) {
            return Outcome::Off;
        }
        self.client.as_ref().map_or(Outcome::Off, |client| client.publish(event))
    }

    /// Waits until every event that was published before has an outcome, at most for `timeout`.
    ///
    /// The sum of what it returns is the number of events that were waiting.
    pub fn flush(&self, timeout: Duration) -> Flushed {
        self.live().map(|client| client.pipeline.flush(timeout)).unwrap_or_default()
    }

    /// Ends the client, for all of its handles: accepts nothing more, waits as [`flush`](Self::flush) does, and leaves what then
    /// still waits on disk, or counts it as lost. While sending is paused for longer than `timeout`, because the receiver
    /// could not take an event, and all that waits is on disk, it does not wait. A second call finds nothing to do.
    pub fn shutdown(&self, timeout: Duration) -> Flushed {
        self.live().map(|client| client.pipeline.close(timeout)).unwrap_or_default()
    }

    /// What became of the events so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.live().map(|client| client.pipeline.counts()).unwrap_or_default()
    }

    /// Exactly what would be sent of this event, whether telemetry is on or off. Nothing is sent.
    ///
    /// Without consent no anonymous id is made; in its place stands `only-in-previews-since-no-consent-was-given=`. An event that
    /// carries the context waits here until that is found out, which otherwise the worker does.
    ///
    /// # Errors
    ///
    /// [`Loss::SnapshotInvalid`], [`Loss::SnapshotPanicked`] and [`Loss::OverBudget`], as publishing it would count.
    pub fn preview<E: TelemetryEvent + ?Sized>(&self, event: &E) -> Result<String, Loss> {
        let draft = draft(event)?;
        if !draft.schema().is_within_budget() {
            return Err(Loss::OverBudget);
        }
        Ok(match self.live() {
            Some(client) => client.pipeline.preview(&draft),
            None => delivery::preview(&Origin::of_nobody(self.about.as_ref().and_then(|about| about.app)), &draft),
        })
    }

    /// All that can be told about the client, for the user and for whoever debugs the application. It reads
    /// everything anew, from the disk too.
    #[must_use]
    pub fn status(&self) -> Status {
        let last_sent = self.last_sent();
        Status::of(self.about.as_deref(), self.error(), &self.account(), last_sent.last())
    }

    /// The last events that this application sent from this machine, at most 20, the newest last. They are kept in a file that
    /// only the user may read, and are deleted when the user says no. What a sink takes is not among them, unless
    /// it is [durable](Builder::durability).
    #[must_use]
    pub fn last_sent(&self) -> Vec<SentEvent> {
        let state = self.about.as_ref().and_then(|about| about.state());
        state.map(|state| state.last_sent()).unwrap_or_default()
    }

    /// Sends what other processes left on disk, for at most so long, and says whether there was anything; nothing when that is over.
    #[cfg(feature = "http")]
    pub(super) fn send_recovered(&self, timeout: Duration) -> Option<bool> {
        self.live()?.pipeline.upload(timeout)
    }

    fn account(&self) -> Account {
        match (self.live(), &self.about) {
            (Some(client), _) => client.pipeline.account(),
            (None, Some(about)) => Account::of_disk(&about.journal()),
            (None, None) => Account::default(),
        }
    }

    fn live(&self) -> Option<&Client> {
        self.client.as_deref().filter(|client| !client.is_forked())
    }
}

impl Client {
    fn publish<E: TelemetryEvent + ?Sized>(&self, event: &E) -> Outcome {
        if self.is_forked() {
            return Outcome::Forked;
        }
        let accepted = match self.error {
            Some(_) => Err(self.pipeline.lose(Loss::NotConfigured)),
            None => draft(event).map_err(|loss| self.pipeline.lose(loss)).and_then(|draft| self.pipeline.accept(draft)),
        };
        match accepted {
            Ok(Accepted::AsAsked) => Outcome::Accepted,
            Ok(Accepted::InMemory) => Outcome::InMemory,
            Err(loss) => {
                diagnostics::not_taken(loss.name());
                Outcome::Dropped(loss)
            }
        }
    }

    /// A forked child has neither the worker nor a sound lock. It lets go of what its parent holds, so that it does not hold
    /// it for longer.
    fn is_forked(&self) -> bool {
        let is_forked = self.birthplace.is_elsewhere();
        if is_forked {
            self.pipeline.journal.abandon();
        }
        is_forked
    }
}

fn draft<E: TelemetryEvent + ?Sized>(event: &E) -> Result<Draft, Loss> {
    catch(|| Draft::of(event)).ok_or(Loss::SnapshotPanicked)?.map_err(|_| Loss::SnapshotInvalid)
}

impl Drop for Client {
    fn drop(&mut self) {
        if !self.is_forked() {
            self.pipeline.close(self.exit_wait);
        }
    }
}

impl fmt::Debug for Telemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telemetry")
            .field("is_enabled", &self.is_enabled())
            .field("error", &self.error())
            .field("counts", &self.counts())
            .finish()
    }
}

#[cfg(test)]
mod tests;
