//! Events that are counted: what page, schema and bits say of the count.

use serde_json::json;
use telemetry::client::Outcome;
use telemetry::page::Disclosure;
use telemetry::schema::{Field, Kind, Schema};
use telemetry::snapshot::Recorder;
use telemetry::{Consent, Telemetry, TelemetryEvent, TelemetrySnapshot, sink};

#[derive(TelemetryEvent)]
#[telemetry(event = "command", counted)]
struct Command {
    failed: bool,
}

#[derive(TelemetryEvent)]
#[telemetry(event = "command", counted, context, budget_bits = 500)]
struct WithContext {
    #[telemetry(flatten)]
    inner: Inner,
}

#[derive(TelemetrySnapshot)]
struct Inner {
    failed: bool,
}

/// The same as `Command`, written by hand.
struct ByHand(bool);

impl TelemetrySnapshot for ByHand {
    const SCHEMA: Schema = Schema::group(&[Field::new("failed", Kind::flag()).required(), Field::counted()]);

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.flag(self.0);
        recorder.absent();
    }
}

impl TelemetryEvent for ByHand {
    const NAME: &'static str = "command";
}

#[test]
fn the_count_is_a_member_that_is_always_sent_and_its_bits_count_once() {
    let schema = Command::SCHEMA.to_json_schema();
    assert_eq!(schema["required"], json!(["failed", "count"]));
    assert_eq!(schema["properties"]["count"]["minimum"], 1);
    assert_eq!(schema["properties"]["count"]["maximum"], 1_000_000);
    assert_eq!(Command::SCHEMA.bits(), 1 + 20);
    assert_eq!(WithContext::SCHEMA.bits(), 1 + 20 + 400 - context_room());
    assert_eq!(ByHand::SCHEMA.hash(), Command::SCHEMA.hash());
}

/// How many bits the context leaves of its 400.
fn context_room() -> u64 {
    #[derive(TelemetryEvent)]
    #[telemetry(event = "init", context, budget_bits = 500)]
    struct Context {}

    400 - Context::SCHEMA.bits()
}

#[test]
fn the_page_tells_that_it_is_counted() {
    let counted = Disclosure::new(Consent::new("ACME", "acme")).event::<Command>().to_markdown();
    assert!(counted.contains("is sent once, with its count: at most 64 for a day, or as many"), "{counted}");
    assert!(counted.contains("| `count` | number from 1 to 1,000,000 events | 20 |"), "{counted}");
}

/// What a client sends for these events, at its end.
fn sent<E: TelemetryEvent>(events: &[E]) -> Vec<String> {
    let memory = sink::Memory::new();
    let consent = Consent::new("ACME_COUNTED", "acme").skip_test_check();
    let telemetry = Telemetry::builder(consent).sink(memory.clone()).configured(Some(true)).build();
    for event in events {
        assert_eq!(telemetry.publish(event), Outcome::Counted);
    }
    assert!(memory.events().is_empty());
    telemetry.shutdown(std::time::Duration::from_secs(60));
    let counts = telemetry.counts();
    assert_eq!((counts.counted(), counts.pending(), counts.dropped()), (events.len() as u64, 0, 0));
    memory.bodies()
}

#[test]
fn without_a_disk_the_counts_are_sent_at_the_end_of_the_client() {
    let sent = sent(&[true, false, true].map(|failed| Command { failed }));
    assert_eq!(sent.len(), 2);
    assert!(sent[0].contains(r#""payload":{"failed":true,"count":2},"#), "{sent:?}");
    assert!(sent[1].contains(r#""payload":{"failed":false,"count":1},"#), "{sent:?}");
    let validator = jsonschema::validator_for(&telemetry::event::event_json_schema::<Command>()).unwrap();
    let is_valid = |body: &String| validator.is_valid(&serde_json::from_str(body).unwrap());
    assert!(sent.iter().all(is_valid), "{sent:?}");
}

#[test]
fn a_counted_event_can_carry_the_context() {
    let sent = sent(&[WithContext { inner: Inner { failed: true } }]);
    assert!(sent[0].contains(r#""payload":{"failed":true,"count":1,""#), "{sent:?}");
    assert!(sent[0].contains(r#","systemInfo":{"#), "{sent:?}");
}

#[test]
fn a_preview_is_that_of_the_first_of_its_day() {
    let preview = Telemetry::disabled().preview(&Command { failed: true }).unwrap();
    assert!(preview.contains(r#""payload":{"failed":true,"count":1},"#), "{preview}");
}

/// An event under another name.
#[derive(TelemetryEvent)]
#[telemetry(event = "again")]
struct Again(Command);

#[test]
fn a_newtype_of_a_counted_event_is_counted() {
    let sent = sent(&[Again(Command { failed: true })]);
    assert!(sent[0].contains(r#"{"type":"again","payload":{"failed":true,"count":1},"#), "{sent:?}");
    assert_eq!(Again::SCHEMA.hash(), Command::SCHEMA.hash());
}
