use std::sync::Arc;
use std::time::{Duration, SystemTime};
use std::{fmt, slice};

use super::about::About;
use super::builder::Builder;
use super::error::ConfigError;
use super::fork::Birthplace;
use super::outcome::Outcome;
use super::status::{DeletionStatus, Status};
#[cfg(feature = "http")]
use crate::consent::DeletionEnd;
use crate::consent::{Consent, LiveConsent};
use crate::delivery::{self, Accepted, Account, Beat, Counts, Every, Flushed, Loss, Pipeline, Problem};
#[cfg(feature = "http")]
use crate::delivery::{Deletion, PATIENCE_TO_DELETE};
use crate::diagnostics;
use crate::event::TelemetryEvent;
use crate::identity::Origin;
use crate::sink;
use crate::storage::SentEvent;

/// Publishes events, in the background and only with consent.
///
/// Clones are handles to the same client. Its methods do not panic, and they neither need an asynchronous runtime nor disturb one. In a
/// forked child a client does nothing, see [`after_fork`](Self::after_fork).
///
/// [`publish`](Self::publish) never waits for the network. With [`Durability::WriteAhead`](super::Durability) it writes a line to disk, and
/// with [`Upload::Detached`](super::Upload) it may also start a process. [`flush`](Self::flush) and [`shutdown`](Self::shutdown) wait up to
/// the given timeout, and dropping the last handle waits for the [exit wait](Builder::exit_wait). [`status`](Self::status),
/// [`preview`](Self::preview) and [`last_sent`](Self::last_sent) read files. Asynchronous programs call all but `publish` where blocking
/// is allowed, such as in Tokio's `spawn_blocking`.
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
    /// The request for deletion that a client sends that is off after a no.
    #[cfg(feature = "http")]
    deletion: Option<Arc<DeletionWait>>,
    /// `None` for a client that is always off.
    about: Option<Arc<About>>,
}

/// A client that is on. Dropping it shuts it down.
struct Client {
    pipeline: Arc<Pipeline>,
    error: Option<ConfigError>,
    exit_wait: Duration,
    birthplace: Birthplace,
}

impl Telemetry {
    /// Starts building a client for the application that this consent names.
    pub fn builder(consent: Consent) -> Builder {
        Builder::new(consent)
    }

    /// A client that is always off.
    #[must_use]
    pub const fn disabled() -> Self {
        Self {
            client: None,
            #[cfg(feature = "http")]
            deletion: None,
            about: None,
        }
    }

    pub(super) fn off(about: About) -> Self {
        Self { about: Some(Arc::new(about)), ..Self::disabled() }
    }

    /// A client that is off because of a stored no, after which it sends the request for deletion if that is due.
    #[cfg(feature = "http")]
    pub(super) fn off_after_a_no(about: About, exit_wait: Duration) -> Self {
        let deletion = about.deletion.clone().map(|deletion| {
            deletion.start();
            Arc::new(DeletionWait { deletion, exit_wait, birthplace: Birthplace::here() })
        });
        Self { deletion, ..Self::off(about) }
    }

    pub(super) fn on(about: About, pipeline: Pipeline, error: Option<ConfigError>, exit_wait: Duration) -> Self {
        let client = Client { pipeline: Arc::new(pipeline), error, exit_wait, birthplace: Birthplace::here() };
        Self {
            client: Some(Arc::new(client)),
            #[cfg(feature = "http")]
            deletion: None,
            about: Some(Arc::new(about)),
        }
    }

    /// A client that works in this process, with the same settings.
    ///
    /// A forked child has neither the worker of its parent's client nor the events in its memory, which the parent sends. In the child, a
    /// client does nothing and reports this: [`publish`](Self::publish) returns [`Outcome::Forked`], and [`error`](Self::error) and
    /// [`status`](Self::status) report [`ConfigError::Forked`]. A child that keeps running, such as a daemon, calls this once and uses the
    /// returned client. Consent is evaluated again, and events get new ids. In the process that created the client, this returns another
    /// handle to it. A client with a [sink](Builder::sink) cannot be recreated: the child must build a new one. The functions that were
    /// given to [`every`](Self::every) stay with the parent: the child calls it again.
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

    /// Whether events are processed, and sent if a destination is configured.
    ///
    /// This reads no file: a no that another process stores counts once this client has noticed it, at the latest before it sends the next
    /// event. [`status`](Self::status) looks.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.live().is_some_and(|client| client.pipeline.is_open())
    }

    /// Why there is nowhere to send events, if that is the case.
    #[must_use]
    pub fn error(&self) -> Option<ConfigError> {
        let client = self.client.as_deref()?;
        if client.is_forked() { Some(ConfigError::Forked) } else { client.error }
    }

    fn is_forked(&self) -> bool {
        self.client.as_deref().is_some_and(Client::is_forked)
    }

    /// Takes a snapshot of the event and passes it to the worker.
    ///
    /// At most 500 events and 1 MiB can wait. Beyond that the new event is lost, counted as [`Loss::QueueFull`]. The first event starts the
    /// worker, a thread named `telemetry`. The result may be ignored, since it is also counted, see [`counts`](Self::counts).
    #[inline]
    pub fn publish<E: TelemetryEvent + ?Sized>(&self, event: &E) -> Outcome {
        if cfg!(telemetry_off) {
            return Outcome::Off;
        }
        self.client.as_ref().map_or(Outcome::Off, |client| client.publish(event))
    }

    /// Publishes an event in each period, as long as the client lives: what a service counts, or that it runs.
    ///
    /// The function makes the event when it is due, on the worker thread, which this starts. It should return soon, since nothing is sent
    /// meanwhile. A panic in it is counted as [`Loss::SnapshotPanicked`], and the next period calls it again. Consent is asked for each time.
    /// After a computer has slept through several periods, there is one event. [`Status::heartbeats`] tells when each is due. What was counted
    /// since the last event is lost when the process ends, unless it is published once more before [`shutdown`](Self::shutdown).
    ///
    /// It does nothing while telemetry is off, in a forked child, and where there is nowhere to send. The function must hold no handle of
    /// this client, which could not end by itself then; [`shutdown`](Self::shutdown) drops the function. A child that goes on with
    /// [`after_fork`](Self::after_fork) calls this again.
    ///
    /// ```
    /// use std::time::Duration;
    /// use telemetry::client::Every;
    /// use telemetry::counters::Counter;
    /// # use telemetry::{Consent, Telemetry, TelemetryEvent};
    /// # let telemetry = Telemetry::builder(Consent::new("ACME", "acme-server")).build();
    ///
    /// #[derive(TelemetryEvent)]
    /// #[telemetry(event = "usage")]
    /// struct Usage {
    ///     #[telemetry(number(max = 1_000_000_000, digits = 2))]
    ///     requests: Counter,
    /// }
    ///
    /// let requests = Counter::new();
    /// let usage = { let requests = requests.clone(); move || Usage { requests: requests.clone() } };
    /// telemetry.every(Every::hours(24).after(Duration::from_secs(10 * 60)), usage);
    /// requests.add(1);
    /// ```
    pub fn every<E: TelemetryEvent + 'static>(&self, every: Every, mut event: impl FnMut() -> E + Send + 'static) {
        if cfg!(telemetry_off) {
            return;
        }
        if let Some(client) = self.live().filter(|client| client.error.is_none()) {
            let publish = Box::new(move |pipeline: &Arc<Pipeline>| pipeline.publish_made(&mut event));
            client.pipeline.beat(E::NAME, every, Beat { is_covered: LiveConsent::covers::<E>, publish });
        }
    }

    /// Waits until every previously published event has an outcome, for at most `timeout`.
    ///
    /// The sum of the returned counts is the number of events that were waiting.
    pub fn flush(&self, timeout: Duration) -> Flushed {
        self.live().map(|client| client.pipeline.flush(timeout)).unwrap_or_default()
    }

    /// Ends the client for all of its handles. It accepts no more events, waits like [`flush`](Self::flush), and then leaves the remaining
    /// events on disk or counts them as lost. It does not wait if all pending events are on disk and sending is paused for longer than
    /// `timeout`, because the receiver could not take an event. Unless the timeout is over before, the worker thread is gone afterwards, as
    /// `unshare` and `setns` need it on Linux; a look-up of a name that the system does not answer can outlive it. A second call has no effect. After a stored no, it waits for the [request for
    /// deletion](crate::consent#the-request-for-deletion), if that is being sent.
    pub fn shutdown(&self, timeout: Duration) -> Flushed {
        #[cfg(feature = "http")]
        if let Some(wait) = self.deletion.as_ref().filter(|wait| !wait.birthplace.is_elsewhere()) {
            wait.deletion.wait(timeout);
        }
        self.live().map(|client| client.pipeline.shut_down(timeout)).unwrap_or_default()
    }

    /// The counts of all event outcomes so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.live().map(|client| client.pipeline.counts()).unwrap_or_default()
    }

    /// The text that would be sent for this event, whether telemetry is on or off. Nothing is sent.
    ///
    /// It is exactly the body of the event. Where events go in the form of another protocol, such as `Otlp` in [`sink`](crate::sink), it is
    /// the body of a request of today with this event alone, before compression. The event's id in it is made of zeros, and it is as if the
    /// anonymous id lasts.
    ///
    /// Without consent, no anonymous id is created; `only-in-previews-since-no-consent-was-given=` takes its place. For an event that
    /// carries the context, this call blocks while the context is detected, which the worker otherwise does. If another process sends such an
    /// event, because this one ended before or because of [`Upload::Detached`](super::Upload), it has only the part of the context that is
    /// the same for all processes of the application, and no more than what is shown here.
    ///
    /// # Errors
    ///
    /// [`Loss::SnapshotInvalid`], [`Loss::SnapshotPanicked`] and [`Loss::OverBudget`], as publishing would count them.
    pub fn preview<E: TelemetryEvent + ?Sized>(&self, event: &E) -> Result<String, Loss> {
        let draft = delivery::draft(event)?;
        if !draft.schema().is_within_budget() {
            return Err(Loss::OverBudget);
        }
        let about = self.about.as_ref();
        let body = match self.live() {
            Some(client) => client.pipeline.preview(&draft),
            None => delivery::preview(&Origin::of_nobody(about.and_then(|about| about.app)), &draft),
        };
        Ok(match about {
            Some(about) if !about.form.is_own() => {
                let event = sink::example((draft.schema().of)().hash(), body);
                about.form.encode(slice::from_ref(&event), SystemTime::now()).unwrap_or(event.body)
            }
            _ => body,
        })
    }

    /// The full status of the client, for the user and for debugging the application. Everything is read again, including the files on
    /// disk. If the stored choice is a no, files that a killed process has left behind are deleted first.
    #[must_use]
    pub fn status(&self) -> Status {
        if let Some(about) = &self.about {
            about.consent.erase_after_a_no();
        }
        let last_sent = self.last_sent();
        let uncovered = self.live().map(|client| client.pipeline.consent.uncovered()).unwrap_or_default();
        let consent = self.about.as_ref().map(|about| about.consent.report_on(&uncovered));
        Status::of(self.about.as_deref(), consent, self.is_off(), self.error(), &self.account(), last_sent.last())
    }

    /// The last events that this application sent from this machine, at most 20, the newest last. Those that the receiver refused are among
    /// them, and those at which the sink panicked, since they may have been sent. They are kept in a file that only the user may read, and are
    /// deleted when the user says no; [`Status::unrecorded`] says why none can be kept. Events passed to a sink are not included, unless it is
    /// [durable](Builder::durability).
    #[must_use]
    pub fn last_sent(&self) -> Vec<SentEvent> {
        let state = self.about.as_ref().and_then(|about| about.state());
        state.map(|state| state.last_sent()).unwrap_or_default()
    }

    /// Why [`last_sent`](Self::last_sent) cannot tell what is sent, whether telemetry is on or off.
    pub(crate) fn unrecorded(&self) -> Option<Problem> {
        self.about.as_ref()?.unrecorded()
    }

    /// Sends the request for deletion that a no has just made due, and waits for the answer for a short time. Returns what became of it, if
    /// the application asks for deletion.
    #[cfg(feature = "http")]
    pub(crate) fn request_deletion(&self) -> Option<DeletionStatus> {
        let deletion = self.about.as_ref()?.deletion.as_ref()?;
        let was_due = deletion.is_due();
        if !self.is_forked() {
            deletion.start();
            deletion.wait(PATIENCE_TO_DELETE);
        }
        let status = DeletionStatus::from(deletion.survey());
        // That an earlier request failed is no answer to this no. The status tells it, with its time.
        (was_due || status.end == Some(DeletionEnd::Sent)).then_some(status)
    }

    /// Without an endpoint there is no receiver to ask.
    #[cfg(not(feature = "http"))]
    pub(crate) const fn request_deletion(&self) -> Option<DeletionStatus> {
        None
    }

    /// The consent by which the client decides. `None` for [`disabled`](Self::disabled).
    pub(crate) fn consent(&self) -> Option<Consent> {
        self.about.as_ref().map(|about| about.consent)
    }

    /// Sends events that other processes left on disk, up to a time limit, and returns whether there were any. Returns `None` if
    /// sending is paused for longer.
    #[cfg(feature = "http")]
    pub(super) fn send_recovered(&self, timeout: Duration) -> Option<bool> {
        self.live()?.pipeline.upload(timeout)
    }

    /// Whether this client processes no events any more, whatever the user says from now on.
    fn is_off(&self) -> bool {
        match &self.client {
            Some(client) => !client.is_forked() && client.pipeline.is_withdrawn(),
            None => true,
        }
    }

    fn account(&self) -> Account {
        match (self.live(), &self.about) {
            (Some(client), _) => client.pipeline.account(),
            (None, Some(about)) => Account::of_disk(&about.journal(about.state())),
            (None, None) => Account::default(),
        }
    }

    fn live(&self) -> Option<&Client> {
        self.client.as_deref().filter(|client| !client.is_forked())
    }
}

/// Waits for the request for deletion when the last handle is dropped.
#[cfg(feature = "http")]
struct DeletionWait {
    deletion: Arc<Deletion>,
    exit_wait: Duration,
    birthplace: Birthplace,
}

#[cfg(feature = "http")]
impl Drop for DeletionWait {
    fn drop(&mut self) {
        if !self.birthplace.is_elsewhere() {
            self.deletion.wait(self.exit_wait);
        }
    }
}

impl Client {
    /// Never inlined, so that a call costs the host a comparison while telemetry is off.
    #[inline(never)]
    fn publish<E: TelemetryEvent + ?Sized>(&self, event: &E) -> Outcome {
        if self.is_forked() {
            return Outcome::Forked;
        }
        let accepted = match self.error {
            _ if diagnostics::is_telling() => Err(self.pipeline.lose(Loss::FromSubscriber)),
            Some(_) => Err(self.pipeline.lose(Loss::NotConfigured)),
            None => self.pipeline.publish(event),
        };
        match accepted {
            Ok(Accepted::AsAsked) => Outcome::Accepted,
            Ok(Accepted::InMemory) => Outcome::InMemory,
            Ok(Accepted::Counted) => Outcome::Counted,
            Err(loss) => {
                diagnostics::not_taken(loss.name());
                if loss == Loss::NeedsConsent { Outcome::NeedsConsent } else { Outcome::Dropped(loss) }
            }
        }
    }

    /// A forked child has neither the worker nor reliable locks. It releases its copies of the parent's resources, so that they are not
    /// kept open longer.
    fn is_forked(&self) -> bool {
        let is_forked = self.birthplace.is_elsewhere();
        if is_forked {
            self.pipeline.journal.abandon();
        }
        is_forked
    }
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
