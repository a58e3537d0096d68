use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::builder::Builder;
use super::error::ConfigError;
use super::outcome::Outcome;
use crate::consent::Consent;
use crate::delivery::{self, Counts, Courier, Flushed, Loss, Queue};
use crate::event::{Draft, TelemetryEvent};
use crate::sink::Sink;
use crate::{anonymous_id, series};

/// Publishes events, in the background and only with consent.
///
/// Clones are handles to the same client. None of its methods panics, and none needs an asynchronous runtime or harms
/// one; only [`flush`](Self::flush) and [`shutdown`](Self::shutdown) wait, for as long as they are told to, and
/// dropping the last handle, for at most the [exit wait](Builder::exit_wait). In a child that was forked, a client does nothing.
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
}

/// A client that is on. Dropping it is its end.
struct Client {
    queue: Arc<Queue>,
    courier: Result<Arc<Mutex<Courier>>, ConfigError>,
    exit_wait: Duration,
    process: u32,
}

impl Telemetry {
    /// Begins to make a client for the application that this consent names.
    pub fn builder(consent: Consent) -> Builder {
        Builder::new(consent)
    }

    /// A client that is off, whatever anybody says.
    #[must_use]
    pub const fn disabled() -> Self {
        Self { client: None }
    }

    pub(super) fn start(sink: Result<Box<dyn Sink>, ConfigError>, exit_wait: Duration) -> Self {
        let courier = sink.and_then(|sink| {
            let no_randomness = |_| ConfigError::NoRandomness;
            Ok(Courier {
                sink,
                anonymous_id: anonymous_id::random().map_err(no_randomness)?,
                series: series::random().map_err(no_randomness)?,
            })
        });
        let client = Client {
            queue: Arc::default(),
            courier: courier.map(|courier| Arc::new(Mutex::new(courier))),
            exit_wait,
            process: std::process::id(),
        };
        Self { client: Some(Arc::new(client)) }
    }

    /// Whether events are looked at, and sent if there is a way to.
    #[must_use]
    pub const fn is_enabled(&self) -> bool {
        self.client.is_some()
    }

    /// Why there is nowhere to send events, if that is so.
    #[must_use]
    pub fn error(&self) -> Option<ConfigError> {
        self.client.as_ref()?.courier.as_ref().err().copied()
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
        self.live().map(|client| client.queue.flush(timeout)).unwrap_or_default()
    }

    /// Ends the client, for all of its handles: accepts nothing more, waits as [`flush`](Self::flush) does, and counts what then
    /// still waits as lost. A second call finds nothing to do.
    pub fn shutdown(&self, timeout: Duration) -> Flushed {
        self.live().map(|client| client.queue.close(timeout)).unwrap_or_default()
    }

    /// What became of the events so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.live().map(|client| client.queue.counts()).unwrap_or_default()
    }

    fn live(&self) -> Option<&Client> {
        self.client.as_deref().filter(|client| !client.is_forked())
    }
}

impl Client {
    fn publish<E: TelemetryEvent + ?Sized>(&self, event: &E) -> Outcome {
        if self.is_forked() {
            return Outcome::Off;
        }
        let accepted = match &self.courier {
            Ok(courier) => match draft(event) {
                Ok(draft) => self.queue.push(draft, || delivery::start(&self.queue, courier)),
                Err(loss) => self.queue.lose(loss),
            },
            Err(_) => self.queue.lose(Loss::NotConfigured),
        };
        match accepted {
            Ok(()) => Outcome::Accepted,
            Err(loss) => Outcome::Dropped(loss),
        }
    }

    /// A forked child has neither the worker nor a sound lock.
    fn is_forked(&self) -> bool {
        std::process::id() != self.process
    }
}

fn draft<E: TelemetryEvent + ?Sized>(event: &E) -> Result<Draft, Loss> {
    // What a snapshot leaves behind when it panics is dropped here, and the event is only read.
    match catch_unwind(AssertUnwindSafe(|| Draft::of(event))) {
        Ok(Ok(draft)) => Ok(draft),
        Ok(Err(_)) => Err(Loss::SnapshotInvalid),
        Err(_) => Err(Loss::SnapshotPanicked),
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if !self.is_forked() {
            self.queue.close(self.exit_wait);
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
