//! How long checking takes, as a ratio of what the crate `jsonschema` takes, parsing included. Fails above the budget.
//!
//! Both are timed in turn, in one run, and the fastest of many rounds counts, so that other work of the machine matters little.

#![allow(clippy::expect_used, missing_docs, reason = "that is how a benchmark fails")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use telemetry::schema::Released;
use telemetry::{Telemetry, TelemetryEvent, auth};
use telemetry_collector::check::{KnownSchema, envelope};

/// At most this part of the time of `jsonschema`.
const BUDGET: f64 = 0.3;

const ROUNDS: u32 = 200;
const CALLS: u32 = 50;

/// An event as most are.
#[derive(TelemetryEvent)]
#[telemetry(event = "command", context, budget_bits = 600)]
struct Command {
    by_hand: bool,
    #[telemetry(one_of("build", "check", "run", "test"))]
    name: &'static str,
    #[telemetry(bucket(10, 100, 1_000, unit = "ms"))]
    took: u32,
    #[telemetry(each(one_of("release", "locked", "offline", "workspace")))]
    flags: std::collections::BTreeSet<&'static str>,
}

fn main() {
    let options = auth::AuthOptions {
        social_providers: ["github", "google", "gitlab"]
            .map(|id| (id.to_owned(), auth::SocialProvider::new("id", "secret")))
            .into_iter()
            .collect(),
        ..Default::default()
    };
    let init = auth::Init { config: auth::Config { database: None, adapter: None, options: &options } };
    let flags = ["release", "locked"].into();
    let command = Command { by_hand: true, name: "test", took: 1_234, flags };
    let ratios = [compare(&init), compare(&command)];
    if std::env::args().any(|argument| argument == "--bench") && ratios.iter().any(|ratio| *ratio > BUDGET) {
        eprintln!("above the budget of {BUDGET}");
        std::process::exit(1);
    }
}

/// Prints the times of an event, and returns their ratio.
fn compare<E: TelemetryEvent>(event: &E) -> f64 {
    let body = payload(event);
    let payload = body.as_bytes();
    let released = Released::of(&E::SCHEMA);
    let validator = jsonschema::validator_for(&released.to_json_schema()).expect("a schema");
    let known = KnownSchema::new(E::NAME, "0.1.0", "2026-11-26", released);
    let check = || known.check(black_box(payload)).is_ok();
    let validate = || {
        let value: serde_json::Value = serde_json::from_slice(black_box(payload)).expect("JSON");
        validator.is_valid(&value)
    };
    assert!(check() && validate());
    let (mut ours, mut theirs) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        ours = ours.min(time(&check));
        theirs = theirs.min(time(&validate));
    }
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    println!(
        "{}: {} bytes, {} columns: {:?} to {:?}: {ratio:.3}",
        E::NAME,
        payload.len(),
        known.columns().len(),
        ours / CALLS,
        theirs / CALLS
    );
    ratio
}

fn time(call: &impl Fn() -> bool) -> Duration {
    let began = Instant::now();
    for _ in 0..CALLS {
        assert!(call());
    }
    began.elapsed()
}

/// The payload of an event with the context of this machine.
fn payload<E: TelemetryEvent>(event: &E) -> String {
    let body = Telemetry::disabled().preview(event).expect("an event within its budget");
    // A preview has no anonymous id.
    let id = "A".repeat(43) + "=";
    let body = [body.get(..body.len() - 46).unwrap_or_default(), &id, "\"}"].concat();
    let single = envelope::single(body.as_bytes()).expect("the form of an event");
    body.get(single.payload).unwrap_or_default().to_owned()
}
