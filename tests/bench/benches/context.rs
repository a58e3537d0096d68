//! How long it takes to find out where a program runs, with all limits and threads: `cargo bench --bench context`.
//!
//! It is done once a process, on the worker. What is printed is a preview of an event with the context less one without.

use std::hint::black_box;
use std::time::{Duration, Instant};

use telemetry::{Consent, Telemetry, TelemetryEvent};

#[derive(TelemetryEvent)]
#[telemetry(event = "init", context)]
struct Init;

#[derive(TelemetryEvent)]
#[telemetry(event = "ping")]
struct Ping;

fn main() {
    let (with, without) = (best(&Init), best(&Ping));
    println!("detection of the context: {} us", with.saturating_sub(without).as_micros());
    println!("{}", client().preview(&Init).unwrap_or_default());
}

fn client() -> Telemetry {
    Telemetry::builder(Consent::new("BENCH", "bench-context")).configured(Some(false)).build()
}

/// Nothing that was found out stays with the client, so each preview looks anew.
fn best<E: TelemetryEvent>(event: &E) -> Duration {
    let rounds = (0..200).map(|_| {
        let client = client();
        let start = Instant::now();
        let _ = black_box(client.preview(event));
        start.elapsed()
    });
    rounds.min().unwrap_or_default()
}
