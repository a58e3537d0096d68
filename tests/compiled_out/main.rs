//! A program that would have every reason to send: somebody said yes, and there is a sink. `tests/it/compiled_out.rs` builds it with
//! `--cfg telemetry_off`, reads what it prints, and looks at what became of its functions.

use std::hint::black_box;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use telemetry::client::{Durability, Outcome};
use telemetry::consent::{Question, Scope};
use telemetry::sink::{Outgoing, SendError};
use telemetry::{Consent, Sink, Telemetry, TelemetryEvent, TelemetrySnapshot};

const CONSENT: Consent = Consent::new("ACME", "acme").configured(Some(true)).skip_test_check();

#[derive(TelemetrySnapshot)]
#[telemetry(event = "started")]
struct Started {
    /// Whether it looks at its origins.
    #[telemetry(count, with = Self::origins)]
    origins: AtomicUsize,
}

impl Started {
    /// Counts how often it was looked at.
    fn origins(origins: &AtomicUsize) -> usize {
        origins.fetch_add(1, Ordering::Relaxed)
    }
}

#[derive(Default)]
struct Uses {
    sent: AtomicUsize,
    dropped: AtomicUsize,
}

struct Watched(Arc<Uses>);

impl Sink for Watched {
    fn send(&mut self, _: &Outgoing) -> Result<(), SendError> {
        self.0.sent.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.0.dropped.fetch_add(1, Ordering::Relaxed);
    }
}

/// What is left of this one is to be read in the assembly.
#[inline(never)]
pub fn publishes<E: TelemetryEvent>(telemetry: &Telemetry, event: &E) -> Outcome {
    telemetry.publish(event)
}

/// Nothing is left out of this one, so that whoever reads the assembly knows how a call looks.
#[inline(never)]
pub fn previews<E: TelemetryEvent>(telemetry: &Telemetry, event: &E) -> bool {
    telemetry.preview(event).is_ok()
}

fn main() -> ExitCode {
    let uses = Arc::new(Uses::default());
    let telemetry = Telemetry::builder(CONSENT)
        .sink(Watched(Arc::clone(&uses)))
        .durability(Durability::WriteAhead)
        .debug(true)
        .build();
    let dropped_at_once = uses.dropped.load(Ordering::Relaxed);
    let event = Started { origins: AtomicUsize::new(0) };
    // The compiler may not know which function this is, or it would not even call it.
    let publish: fn(&Telemetry, &Started) -> Outcome = black_box(publishes);
    let outcome = publish(&telemetry, &event);
    telemetry.flush(Duration::from_secs(60));
    telemetry.shutdown(Duration::from_secs(60));
    let looked_at = event.origins.load(Ordering::Relaxed);
    let question =
        Question { receiver: "Acme Inc.", categories: &["origins"], preview: "acme preview", disable: "acme disable" };
    let answer = CONSENT.ask(&question, &Scope::new().event::<Started>());
    println!(
        "{}",
        json!({
            "enabled": telemetry.is_enabled(),
            "outcome": format!("{outcome:?}"),
            "published": telemetry.counts().published(),
            "looked_at": looked_at,
            "sent": uses.sent.load(Ordering::Relaxed),
            "dropped_at_once": dropped_at_once,
            "reason": CONSENT.decide().reason,
            "answer": format!("{answer:?}"),
            "previews": previews(&telemetry, &event),
        })
    );
    ExitCode::SUCCESS
}
