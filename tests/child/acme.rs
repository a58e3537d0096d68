//! The application named `acme`, and what it publishes.

use std::time::Duration;

use telemetry::client::{Builder, Loss, Outcome};
use telemetry::consent::Scope;
use telemetry::schema::{Field, Kind, Schema};
use telemetry::snapshot::Recorder;
use telemetry::{Consent, Telemetry, TelemetryEvent, TelemetrySnapshot};

/// Longer than any wait takes unless something is wrong.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) fn builder() -> Builder {
    Telemetry::builder(Consent::new("ACME", "acme").skip_test_check())
}

pub(crate) struct Started {
    pub(crate) turn: usize,
}

impl TelemetrySnapshot for Started {
    const SCHEMA: Schema = Schema::group(&[Field::new("turn", Kind::count(1_000_000))]);

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.count(self.turn);
    }
}

impl TelemetryEvent for Started {
    const NAME: &'static str = "started";
}

/// Like `Started`, with the context.
pub(crate) struct Init {
    pub(crate) turn: usize,
}

impl TelemetrySnapshot for Init {
    const SCHEMA: Schema = Schema::group(&[Field::new("turn", Kind::count(1_000_000)), Field::context()]);

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.count(self.turn);
        recorder.absent();
    }
}

impl TelemetryEvent for Init {
    const NAME: &'static str = "init";
    const BUDGET_BITS: u64 = u64::MAX;
}

/// The events that a yes covers.
pub(crate) fn scope() -> Scope {
    Scope::new().event::<Started>().event::<Init>().event::<Panicking>()
}

struct Panicking;

impl TelemetrySnapshot for Panicking {
    const SCHEMA: Schema = Schema::group(&[]);

    #[expect(clippy::panic, reason = "that is what is tested")]
    fn record(&self, _: &mut Recorder<'_>) {
        panic!("as it should");
    }
}

impl TelemetryEvent for Panicking {
    const NAME: &'static str = "panicking";
}

/// The event to publish: `Started` by default.
#[derive(Clone, Copy)]
pub(crate) struct Which {
    /// Events from this turn on carry the context.
    pub(crate) context_from: usize,
    /// Events from this turn on panic.
    pub(crate) panics_from: usize,
}

impl Default for Which {
    fn default() -> Self {
        Self { context_from: usize::MAX, panics_from: usize::MAX }
    }
}

impl Which {
    pub(crate) fn publish(self, telemetry: &Telemetry, turn: usize) -> Outcome {
        match turn {
            _ if turn >= self.panics_from => telemetry.publish(&Panicking),
            _ if turn >= self.context_from => telemetry.publish(&Init { turn }),
            _ => telemetry.publish(&Started { turn }),
        }
    }

    pub(crate) fn preview(self, telemetry: &Telemetry, turn: usize) -> Result<String, Loss> {
        match turn {
            _ if turn >= self.panics_from => telemetry.preview(&Panicking),
            _ if turn >= self.context_from => telemetry.preview(&Init { turn }),
            _ => telemetry.preview(&Started { turn }),
        }
    }
}
