//! What only derived code is meant to do, done by hand. What does not compile is in `tests/sealed.rs`.

use telemetry::client::{Loss, Outcome};
use telemetry::schema::{Field, Kind, Schema, Words};
use telemetry::snapshot::{Recorder, Snapshot};
use telemetry::{Consent, Telemetry, TelemetryEvent, TelemetrySnapshot};

use super::is_alone;

/// Calls `absent` for so many members, and records a flag in the place of one.
struct Members {
    count: usize,
    flag_at: Option<usize>,
}

impl TelemetrySnapshot for Members {
    const SCHEMA: Schema = Schema::group(&[]);

    fn record(&self, recorder: &mut Recorder<'_>) {
        for at in 0..self.count {
            if self.flag_at == Some(at) { recorder.flag(true) } else { recorder.absent() }
        }
    }
}

/// Records the context itself, in the way that the plan says.
struct Forged(Members);

impl TelemetrySnapshot for Forged {
    const SCHEMA: Schema = Schema::group(&[Field::new("on", Kind::flag()).required(), Field::context()]);

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.flag(true);
        match self.0.count {
            // As it should.
            0 => recorder.absent(),
            _ => recorder.group(&self.0),
        }
    }
}

impl TelemetryEvent for Forged {
    const NAME: &'static str = "forged";
    const BUDGET_BITS: u64 = u64::MAX;
}

fn forgeries() -> impl Iterator<Item = Forged> {
    let members = |count| (0..count).map(Some).chain([None]).map(move |flag_at| Members { count, flag_at });
    (1..16).flat_map(members).map(Forged)
}

#[test]
fn a_context_that_is_recorded_by_hand_is_refused() {
    let sound = Snapshot::of(&Forged(Members { count: 0, flag_at: None })).unwrap();
    assert_eq!(sound.as_json(), r#"{"on":true}"#);
    for forged in forgeries() {
        let Members { count, flag_at } = forged.0;
        assert!(Snapshot::of(&forged).is_err(), "{count} members, a flag at {flag_at:?}");
    }
}

#[test]
fn no_member_of_a_published_context_is_sent_twice() {
    if !is_alone("seal::by_hand::no_member_of_a_published_context_is_sent_twice") {
        return;
    }
    let memory = telemetry::sink::Memory::default();
    let telemetry = Telemetry::builder(Consent::new("SEAL", "seal").skip_test_check())
        .configured(Some(true))
        .sink(memory.clone())
        .build();
    assert_eq!(telemetry.publish(&Forged(Members { count: 0, flag_at: None })), Outcome::Accepted);
    for forged in forgeries() {
        assert_eq!(telemetry.publish(&forged), Outcome::Dropped(Loss::SnapshotInvalid));
    }
    telemetry.shutdown(std::time::Duration::from_secs(60));
    let [body] = &memory.bodies()[..] else { panic!("{:?}", memory.bodies()) };
    assert!(body.contains(r#""systemInfo":"#), "{body}");
    for name in ["runtime", "environment", "systemInfo"] {
        assert!(body.matches(&format!(r#""{name}":"#)).count() <= 1, "{body}");
    }
}

const KEY: Field = Field::new("id", Kind::tag(Words::new(&["a", "b"])));

/// A map whose values have a member that is called as the key.
struct Colliding;

struct Value;

impl TelemetrySnapshot for Value {
    const SCHEMA: Schema = Schema::group(&[Field::new("id", Kind::flag()).required()]);

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.flag(true);
    }
}

impl TelemetrySnapshot for Colliding {
    const SCHEMA: Schema = Schema::group(&[Field::new("map", Kind::entries::<Value>(&KEY, 2)).required()]);

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.entries([(0, &Value)]);
    }
}

#[test]
fn a_key_that_has_the_name_of_a_member_is_refused() {
    assert!(Snapshot::of(&Colliding).is_err(), "{:?}", Snapshot::of(&Colliding));
}
