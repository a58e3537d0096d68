//! Hand-written code that does what only derived code should do. Code that does not compile is in `tests/sealed.rs`.

use telemetry::client::{Loss, Outcome};
use telemetry::schema::{Field, Kind, Schema, Variant, Words};
use telemetry::snapshot::{Recorder, Snapshot};
use telemetry::{Consent, Telemetry, TelemetryEvent, TelemetrySnapshot};

use super::is_alone;

/// Records the members of a context: most are absent, one is a group of absent members, and one is a flag.
#[derive(Clone, Debug)]
struct Members {
    count: usize,
    group: Option<(usize, usize)>,
    flag: Option<usize>,
}

impl TelemetrySnapshot for Members {
    const SCHEMA: Schema = Schema::group(&[]);

    fn record(&self, recorder: &mut Recorder<'_>) {
        for at in 0..self.count {
            match self.group {
                Some((group, count)) if group == at => recorder.group(&Self { count, group: None, flag: None }),
                _ if self.flag == Some(at) => recorder.flag(true),
                _ => recorder.absent(),
            }
        }
    }
}

/// Records the context itself, if it has members to record.
#[derive(Debug)]
struct Forged(Option<Members>);

impl TelemetrySnapshot for Forged {
    const SCHEMA: Schema = Schema::group(&[Field::new("on", Kind::flag()).required(), Field::context()]);

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.flag(true);
        match &self.0 {
            // This is the correct call.
            None => recorder.absent(),
            Some(members) => recorder.group(members),
        }
    }
}

impl TelemetryEvent for Forged {
    const NAME: &'static str = "forged";
    const BUDGET_BITS: u64 = u64::MAX;
}

/// One of these matches the members of the context, whatever they are.
fn forgeries() -> impl Iterator<Item = Forged> {
    (1..10).flat_map(|count| {
        let groups = (0..count).flat_map(|at| (8..16).map(move |size| Some((at, size)))).chain([None]);
        groups.flat_map(move |group| {
            (0..count).map(Some).chain([None]).map(move |flag| Forged(Some(Members { count, group, flag })))
        })
    })
}

#[test]
fn a_context_that_is_recorded_by_hand_is_refused() {
    let sound = Snapshot::of(&Forged(None)).unwrap();
    assert_eq!(sound.as_json(), r#"{"on":true}"#);
    for forged in forgeries() {
        assert!(Snapshot::of(&forged).is_err(), "{forged:?} gives {:?}", Snapshot::of(&forged));
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
    assert_eq!(telemetry.publish(&Forged(None)), Outcome::Accepted);
    for forged in forgeries() {
        assert_eq!(telemetry.publish(&forged), Outcome::Dropped(Loss::SnapshotInvalid), "{forged:?}");
    }
    telemetry.shutdown(std::time::Duration::from_secs(60));
    let [body] = &memory.bodies()[..] else { panic!("{:?}", memory.bodies()) };
    assert!(body.contains(r#""systemInfo":"#), "{body}");
    for name in ["runtime", "environment", "systemInfo"] {
        assert!(body.matches(&format!(r#""{name}":"#)).count() <= 1, "{body}");
    }
}

const KEY: Field = Field::new("id", Kind::tag(Words::new(&["a", "b"])));

/// A map whose values have a member with the same name as the key.
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

/// A variant whose value may be absent.
struct Loose;

impl TelemetrySnapshot for Loose {
    const SCHEMA: Schema = Schema::of(Kind::variants(&[Variant::value("on", Kind::flag())]));

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.variant(0, Recorder::absent);
    }
}

/// Claims that it is never absent, whatever its type says.
struct Strict;

impl TelemetrySnapshot for Strict {
    const SCHEMA: Schema = Schema::group(&[Field::new("value", Kind::group::<Loose>()).required()]);

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.group(&Loose);
    }
}

#[test]
fn what_is_stated_to_be_there_is_there() {
    let validator = jsonschema::validator_for(&Strict::SCHEMA.to_json_schema()).unwrap();
    let taken = Snapshot::of(&Strict);
    assert!(taken.as_ref().map_or(true, |taken| validator.is_valid(&taken.to_value())), "{taken:?}");
}
