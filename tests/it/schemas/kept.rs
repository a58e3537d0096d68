//! A released schema says everything that its type's schema says.

use std::collections::BTreeMap;

use telemetry::export::rows;
use telemetry::schema::walk::{AnySchema, Container, Part, Place, Step, Value, Visitor};
use telemetry::schema::{Field, Kind, Released, Schema, Variant, Words};
use telemetry::snapshot::Recorder;
use telemetry::{TelemetrySnapshot, auth};

/// Every call of a visitor, with everything that a place tells.
#[derive(Default)]
struct Calls(Vec<String>);

impl Calls {
    fn of<'s>(schema: impl AnySchema<'s>) -> Vec<String> {
        let mut calls = Self::default();
        schema.report(&mut calls);
        calls.0
    }

    fn add(&mut self, what: &str, place: &Place<'_, '_>, more: String) {
        let (parts, required, purpose) = (place.parts(), place.is_required(), place.purpose());
        let (own, all) = (place.own_bits(), place.bits());
        self.0.push(format!("{what} {parts:?} {:?} {required} {purpose:?} {own} {all} {more}", place.name()));
    }
}

impl Visitor<'_> for Calls {
    fn value(&mut self, place: &Place<'_, '_>, value: Value<'_>) {
        self.add("value", place, format!("{value:?}"));
    }

    fn enter(&mut self, place: &Place<'_, '_>, container: Container<'_>) -> Step {
        self.add("enter", place, format!("{container:?}"));
        Step::Into
    }

    fn leave(&mut self, place: &Place<'_, '_>, container: Container<'_>) {
        self.add("leave", place, format!("{container:?}"));
    }

    fn recursion(&mut self, place: &Place<'_, '_>, above: &[Part<'_>]) {
        self.add("recursion", place, format!("{above:?}"));
    }
}

/// Asserts that the schema of a type is the same once it was released, and once it was read from text.
pub(crate) fn is_kept<T: TelemetrySnapshot>() {
    let released = Released::of(&T::SCHEMA);
    let read = Released::from_json(&released.to_json()).unwrap();
    assert_eq!(read, released);
    assert_eq!(Released::of(&read), read);
    assert_eq!(Calls::of(&read), Calls::of(&T::SCHEMA));
    assert_eq!(read.hash(), T::SCHEMA.hash());
    assert_eq!(read.bits(), T::SCHEMA.bits());
    assert_eq!(read.to_json_schema(), T::SCHEMA.to_json_schema());
    assert_eq!(format!("{:?}", rows(&read)), format!("{:?}", rows(&T::SCHEMA)));
}

#[test]
fn the_events_of_better_auth_are_kept() {
    is_kept::<auth::Init<'_>>();
    is_kept::<auth::CliGenerate<'_>>();
    is_kept::<auth::CliMigrate<'_>>();
    is_kept::<auth::AuthOptions>();
    assert!(Calls::of(&auth::Init::SCHEMA).len() > 150);
}

/// A schema written by hand, with each kind, and with purposes and units.
pub(super) struct Kinds;

impl TelemetrySnapshot for Kinds {
    const SCHEMA: Schema = Schema::group(&[
        Field::new("flag", Kind::flag()).purpose("Whether \"it\" \u{e9}\n is."),
        Field::new("presence", Kind::presence()).required(),
        Field::new("changed", Kind::changed()),
        Field::new("count", Kind::count(u32::MAX)),
        Field::new("number", Kind::number(-((1 << 53) - 1), (1 << 53) - 1).unit("")).required(),
        Field::new("digits", Kind::number(-5, 1_000).digits(2).unit("km/h")),
        Field::new("bucket", Kind::bucket(&[-5, 0, 1 << 40]).unit("B")),
        Field::new("tag", Kind::tag(Words::new(&["a", "\u{2192} >x<", "a.b"]).other("none"))),
        Field::new("tags", Kind::tags(Words::new(&["a", "other"]), 3)),
        Field::new("set", Kind::tag_set(Words::new(&["b", "a"]), 300)),
        Field::new("version", Kind::version()),
        Field::new("dotted.name", Kind::list::<Option<bool>>(7)),
        Field::new(
            "variants",
            Kind::variants(&[
                Variant::unit("off"),
                Variant::value("<odd>", Kind::number(1, 2)),
                Variant::group("group.one", &[Field::new("x.y", Kind::flag())]),
            ]),
        ),
    ]);

    fn record(&self, _: &mut Recorder<'_>) {}
}

#[test]
fn every_kind_is_kept() {
    is_kept::<Kinds>();
    is_kept::<Option<Kinds>>();
}

/// Types that contain themselves behind types that stand for them.
#[derive(TelemetrySnapshot)]
struct Forest {
    first: Wrapped,
    #[telemetry(each(key = "id", one_of("x")))]
    named: BTreeMap<String, Leaf>,
}

#[derive(TelemetrySnapshot)]
struct Wrapped(Box<Grown>);

#[derive(TelemetrySnapshot)]
#[telemetry(untagged)]
#[expect(dead_code, reason = "its schema is all that is needed")]
enum Grown {
    Bare,
    Again(Wrapped),
    Many { of: Option<Wrapped>, around: Option<Box<Forest>> },
}

#[derive(TelemetrySnapshot)]
struct Leaf {
    on: bool,
    #[telemetry(each(key = "id", one_of("x")))]
    below: BTreeMap<String, Leaf>,
    #[telemetry(each)]
    beside: Vec<Leaf>,
}

#[test]
fn types_that_contain_themselves_are_kept() {
    is_kept::<Forest>();
    is_kept::<Wrapped>();
    is_kept::<Grown>();
    is_kept::<Leaf>();
    // An enum that is reached through another type has the states of the enum, and that it can be absent.
    let again = rows(&Wrapped::SCHEMA).into_iter().find(|row| row.path.ends_with(".of")).unwrap();
    assert_eq!(again.bits, 2, "{again:?}");
}
