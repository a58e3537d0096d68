//! The windows of counters end with events that are accepted.

use super::*;
use crate::TelemetrySnapshot;
use crate::counters::Counter;

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate, event = "usage")]
struct Usage {
    #[telemetry(number(max = 1_000))]
    requests: Counter,
}

impl Usage {
    fn of(requests: u64) -> Self {
        let usage = Self { requests: Counter::new() };
        usage.requests.add(requests);
        usage
    }
}

#[test]
fn each_event_tells_what_was_counted_since_the_last_one_that_was_accepted() {
    let memory = Memory::new();
    let telemetry = client(memory.clone());
    let usage = Usage::of(3);
    assert!(telemetry.preview(&usage).unwrap().contains(r#"{"requests":3}"#));
    assert_eq!(telemetry.publish(&usage), Outcome::Accepted);
    usage.requests.add(4);
    assert_eq!(telemetry.publish(&usage), Outcome::Accepted);
    assert_eq!(telemetry.publish(&usage), Outcome::Accepted);
    telemetry.flush(LONG);
    let sent = |number| move |body: &String| body.contains(&format!(r#"{{"requests":{number}}}"#));
    let bodies = memory.bodies();
    assert!(bodies.len() == 3 && bodies.iter().zip([3, 4, 0]).all(|(body, number)| sent(number)(body)), "{bodies:?}");
}

#[test]
fn an_event_that_is_not_accepted_loses_nothing_that_was_counted() {
    let usage = Usage::of(3);
    assert_eq!(Telemetry::disabled().publish(&usage), Outcome::Off);
    assert_eq!(usage.requests.get(), 3);

    let (full, open) = gated();
    for _ in 0..500 {
        full.publish(&Started(true));
    }
    assert_eq!(full.publish(&usage), Outcome::Dropped(Loss::QueueFull));
    assert_eq!(usage.requests.get(), 3);
    drop(open);

    let ended = client(Memory::new());
    ended.shutdown(LONG);
    assert_eq!(ended.publish(&usage), Outcome::Dropped(Loss::ShutDown));
    assert_eq!(usage.requests.get(), 3);
}

/// A counter is read before the panic.
struct Panicking(Counter);

impl TelemetrySnapshot for Panicking {
    const SCHEMA: Schema = Schema::group(&[]);

    fn record(&self, _: &mut Recorder<'_>) {
        assert_eq!(self.0.get(), 0, "as it should");
    }
}

impl TelemetryEvent for Panicking {
    const NAME: &'static str = "panicking";
}

#[test]
fn an_event_whose_recording_panics_loses_nothing_that_was_counted() {
    let counter = Counter::new();
    counter.add(3);
    let telemetry = client(Memory::new());
    assert_eq!(telemetry.publish(&Panicking(counter.clone())), Outcome::Dropped(Loss::SnapshotPanicked));
    assert_eq!(counter.get(), 3);
}
