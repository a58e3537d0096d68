//! Hand-written implementations that do not record what they declare. The result is an error made of constants, never malformed
//! JSON and never a panic.

use telemetry::schema::{Field, Kind, Schema, Variant, Words};
use telemetry::snapshot::{Recorder, Snapshot};
use telemetry::{Consent, Telemetry, TelemetryEvent, TelemetrySnapshot};

/// Takes a snapshot with this schema and this `record`.
macro_rules! record {
    ($schema:expr, $record:expr) => {{
        struct Hand;
        impl TelemetrySnapshot for Hand {
            const SCHEMA: Schema = $schema;
            fn record(&self, recorder: &mut Recorder<'_>) {
                let record: fn(&mut Recorder<'_>) = $record;
                record(recorder);
            }
        }
        Snapshot::of(&Hand).map(|snapshot| snapshot.as_json().to_owned()).map_err(|error| error.to_string())
    }};
}

macro_rules! refused {
    ($schema:expr, $record:expr, $message:expr) => {{
        let error = record!($schema, $record).unwrap_err();
        assert!(error.contains($message), "{error}");
    }};
}

const ONE_FLAG: Schema = Schema::group(&[Field::new("on", Kind::flag()).required()]);

#[derive(TelemetrySnapshot)]
struct A {
    a: bool,
}

#[derive(TelemetrySnapshot)]
struct B {
    #[telemetry(count)]
    b: Vec<String>,
}

const A_VALUE: A = A { a: true };

#[test]
fn values_that_fit_are_accepted() {
    assert_eq!(record!(ONE_FLAG, |recorder| recorder.flag(true)).unwrap(), r#"{"on":true}"#);
}

#[test]
fn a_wrong_kind_is_refused() {
    refused!(ONE_FLAG, |recorder| recorder.count(3), "at `on`: expected flag, got count;");
    refused!(ONE_FLAG, |recorder| recorder.absent(), "at `on`: expected flag, got absent;");
    refused!(ONE_FLAG, |recorder| recorder.group(&B { b: vec![] }), "at `on`: expected flag, got count;");
    refused!(
        Schema::group(&[Field::new("word", Kind::tag(Words::new(&["a"])))]),
        |recorder| recorder.tag(2),
        "at `word`: expected tag, got an index outside of the words;"
    );
}

#[test]
fn too_few_or_too_many_values_are_refused() {
    refused!(ONE_FLAG, |_| {}, "at `on`: expected flag, got nothing;");
    refused!(
        ONE_FLAG,
        |recorder| {
            recorder.flag(true);
            recorder.flag(true);
        },
        "at `.`: expected nothing more, got flag;"
    );
}

#[test]
fn another_type_than_the_declared_one_is_refused() {
    let schema = "at `inner.a`: expected flag, got count;";
    refused!(
        Schema::group(&[Field::new("inner", Kind::group::<A>())]),
        |recorder| recorder.group(&B { b: vec![] }),
        schema
    );
    let all = record!(Schema::group(&[Field::new("list", Kind::list::<A>(4))]), |recorder| {
        recorder.list(&[A { a: true }, A { a: false }]);
    });
    assert_eq!(all.unwrap(), r#"{"list":[{"a":true},{"a":false}]}"#);
    assert!(
        record!(Schema::group(&[Field::new("list", Kind::list::<A>(4))]), |recorder| recorder.list(&[B { b: vec![] }]))
            .is_err()
    );
}

#[test]
fn undeclared_variants_are_refused() {
    const SCHEMA: Schema =
        Schema::of(Kind::variants(&[Variant::unit("off"), Variant::group("on", &[Field::new("fast", Kind::flag())])]));
    assert_eq!(record!(SCHEMA, |recorder| recorder.variant(0, |_| {})).unwrap(), r#""off""#);
    assert!(record!(SCHEMA, |recorder| recorder.variant(2, |_| {})).is_err());
    assert!(record!(SCHEMA, |recorder| recorder.variant(1, |recorder| recorder.count(1))).is_err());
    assert!(record!(SCHEMA, |recorder| recorder.variant(0, |recorder| recorder.flag(true))).is_err());
}

/// Calls after the first mistake are ignored.
#[test]
fn calls_after_a_mistake_change_nothing() {
    let result = record!(
        Schema::group(&[Field::new("inner", Kind::group::<A>()), Field::new("on", Kind::flag())]),
        |recorder| {
            recorder.count(1);
            recorder.group(&A_VALUE);
            recorder.list(&[A_VALUE]);
            recorder.tags([1, 2, 3]);
            recorder.variant(7, |recorder| recorder.flag(true));
            recorder.flag(true);
        }
    );
    let error = result.unwrap_err();
    assert!(error.contains("at `inner`: expected group, got count;"), "{error}");
}

struct Endless;

impl TelemetrySnapshot for Endless {
    const SCHEMA: Schema = Schema::group(&[Field::new("inner", Kind::group::<Self>())]);

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.group(self);
    }
}

struct EndlessList;

impl TelemetrySnapshot for EndlessList {
    const SCHEMA: Schema = Schema::group(&[Field::new("items", Kind::tags(Words::new(&["a"]), u32::MAX))]);

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.tags(std::iter::repeat(0));
    }
}

#[test]
fn endless_values_are_refused() {
    let error = Snapshot::of(&Endless).unwrap_err().to_string();
    assert!(error.contains("a nesting of more than 16 groups"), "{error}");
    let error = Snapshot::of(&EndlessList).unwrap_err().to_string();
    assert!(error.contains("64 KiB"), "{error}");
}

struct Panics;

impl TelemetrySnapshot for Panics {
    const SCHEMA: Schema = ONE_FLAG;

    fn record(&self, _: &mut Recorder<'_>) {
        panic!("on purpose");
    }
}

impl TelemetryEvent for Panics {
    const NAME: &'static str = "panics";
}

struct Invalid;

impl TelemetrySnapshot for Invalid {
    const SCHEMA: Schema = ONE_FLAG;

    fn record(&self, _: &mut Recorder<'_>) {}
}

impl TelemetryEvent for Invalid {
    const NAME: &'static str = "invalid";
}

/// The default value that it is compared with cannot be made.
#[derive(telemetry::TelemetryEvent)]
#[telemetry(event = "no_default")]
struct NoDefault {
    #[telemetry(changed)]
    port: u16,
}

impl Default for NoDefault {
    fn default() -> Self {
        panic!("on purpose");
    }
}

/// The function that computes its value has no value for it.
#[derive(telemetry::TelemetryEvent)]
#[telemetry(event = "no_value")]
struct NoValue {
    #[telemetry(number(max = 9), with = |port| port.checked_sub(1).expect("on purpose"))]
    port: u16,
}

#[test]
fn publishing_such_values_is_counted_as_lost() {
    let memory = telemetry::sink::Memory::default();
    let telemetry = Telemetry::builder(Consent::new("ATTACK", "attack").skip_test_check())
        .sink(memory)
        .configured(Some(true))
        .build();
    if telemetry.is_enabled() {
        telemetry.publish(&Panics);
        telemetry.publish(&Invalid);
        telemetry.publish(&NoDefault { port: 1 });
        telemetry.publish(&NoValue { port: 0 });
        assert_eq!(telemetry.counts().losses().map(|(_, count)| count).sum::<u64>(), 4);
    }
}
