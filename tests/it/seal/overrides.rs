//! The items besides `SCHEMA` and `record` that a hand-written implementation can override. None makes page, JSON Schema, hash, bits and
//! wire disagree.

use serde_json::Value;
use telemetry::__private as hidden;
use telemetry::client::{Loss, Outcome};
use telemetry::page::Disclosure;
use telemetry::schema::{Field, Kind, Schema, Variant, Words};
use telemetry::snapshot::{Recorder, Snapshot};
use telemetry::{Consent, Telemetry, TelemetryEvent, TelemetrySnapshot};

use super::is_alone;

/// All output for a type and for values of it.
#[derive(Debug, PartialEq)]
struct Made {
    page: String,
    json_schema: Value,
    hash: String,
    bits: u64,
    wire: String,
}

fn made<T: TelemetrySnapshot>(value: &T) -> Made {
    Made {
        page: Disclosure::of::<T>().to_markdown(),
        json_schema: T::SCHEMA.to_json_schema(),
        hash: T::SCHEMA.hash(),
        bits: T::SCHEMA.bits(),
        wire: Snapshot::of(value).unwrap().as_json().to_owned(),
    }
}

/// A type in each position that it can have.
#[derive(TelemetrySnapshot)]
struct Places<T> {
    bare: T,
    optional: Option<T>,
    boxed: Box<Option<T>>,
    #[telemetry(each(max = 2))]
    list: Vec<T>,
}

/// One schema whose kind is read in each of the two ways, and in neither.
macro_rules! ways {
    ($($name:ident: $schema:expr, $record:expr;)+) => {$(
        mod $name {
            use super::*;

            struct Default;
            struct Lazy;
            struct Eager;

            fn record(recorder: &mut Recorder<'_>) {
                let record: fn(&mut Recorder<'_>) = $record;
                record(recorder);
            }

            impl TelemetrySnapshot for Default {
                const SCHEMA: Schema = $schema;

                fn record(&self, recorder: &mut Recorder<'_>) {
                    record(recorder);
                }
            }

            impl TelemetrySnapshot for Lazy {
                const SCHEMA: Schema = $schema;
                const KIND: hidden::Natural<Self> = hidden::Natural::LAZY;

                fn record(&self, recorder: &mut Recorder<'_>) {
                    record(recorder);
                }
            }

            impl TelemetrySnapshot for Eager {
                const SCHEMA: Schema = $schema;
                const KIND: hidden::Natural<Self> = hidden::Natural::EAGER;

                fn record(&self, recorder: &mut Recorder<'_>) {
                    record(recorder);
                }
            }

            #[test]
            fn the_way_changes_nothing() {
                assert_eq!(made(&Lazy), made(&Default));
                assert_eq!(made(&Eager), made(&Default));
            }

            #[test]
            fn the_way_changes_nothing_in_any_place() {
                macro_rules! places {
                    ($ty:ident) => {
                        made(&Places { bare: $ty, optional: Some($ty), boxed: Box::new(None::<$ty>), list: vec![$ty, $ty] })
                    };
                }
                let made = places!(Default);
                assert_eq!(places!(Lazy), made);
                assert_eq!(places!(Eager), made);
                let validator = jsonschema::validator_for(&made.json_schema).unwrap();
                assert!(validator.is_valid(&serde_json::from_str(&made.wire).unwrap()), "{made:?}");
            }
        }
    )+};
}

ways! {
    a_flag: Schema::of(Kind::flag()), |recorder| recorder.flag(true);
    a_number: Schema::of(Kind::number(0, 9)), |recorder| recorder.number(7);
    a_word: Schema::of(Kind::tag(Words::new(&["a", "b"]))), |recorder| recorder.tag(1);
    a_set: Schema::of(Kind::tag_set(Words::new(&["a", "b"]), 2)), |recorder| recorder.tags([1, 0, 1]);
    an_enum: Schema::of(Kind::variants(&[Variant::unit("off"), Variant::value("on", Kind::flag())])),
        |recorder| recorder.variant(1, |recorder| recorder.flag(true));
    a_tagged_enum: Schema::of(Kind::tagged(
            &Field::new("kind", Kind::tag(Words::new(&["off"]).other("on"))),
            &[Variant::unit("off"), Variant::group("on", &[Field::new("fast", Kind::flag())])],
        )),
        |recorder| recorder.variant(1, |recorder| recorder.flag(true));
    a_list: Schema::of(Kind::list::<bool>(3)), |recorder| recorder.list(&[true, false]);
    a_group: Schema::group(&[Field::new("on", Kind::flag()).required(), Field::new("off", Kind::flag())]), |recorder| {
        recorder.flag(true);
        recorder.absent();
    };
    an_empty_group: Schema::group(&[]), |_| {};
}

const ONE_FLAG: Schema = Schema::group(&[Field::new("on", Kind::flag()).required()]);

/// A type with its own `record_nested` or `record_absent`.
macro_rules! nested {
    ($record_nested:expr, $record_absent:expr) => {{
        struct Liar;
        impl TelemetrySnapshot for Liar {
            const SCHEMA: Schema = ONE_FLAG;

            fn record(&self, recorder: &mut Recorder<'_>) {
                recorder.flag(true);
            }

            fn record_nested(&self, recorder: &mut Recorder<'_>) {
                let record: fn(&mut Recorder<'_>) = $record_nested;
                record(recorder);
            }

            fn record_absent(recorder: &mut Recorder<'_>) {
                let record: fn(&mut Recorder<'_>) = $record_absent;
                record(recorder);
            }
        }

        #[derive(TelemetrySnapshot)]
        struct Outer {
            first: Liar,
            second: Option<Liar>,
            #[telemetry(each)]
            list: Vec<Liar>,
        }

        let bare = Snapshot::of(&Liar).map(|snapshot| snapshot.as_json().to_owned());
        let outer = Outer { first: Liar, second: None, list: vec![Liar] };
        let outer = Snapshot::of(&outer).map(|snapshot| snapshot.to_value());
        let validator = jsonschema::validator_for(&Outer::SCHEMA.to_json_schema()).unwrap();
        assert!(outer.as_ref().map_or(true, |outer| validator.is_valid(outer)), "{outer:?}");
        (bare.ok(), outer.ok())
    }};
}

#[derive(TelemetrySnapshot)]
struct Size {
    #[telemetry(number(max = 9))]
    size: u8,
}

#[test]
fn what_stands_in_place_of_a_value_is_held_to_the_schema() {
    let (bare, outer) = nested!(|recorder| recorder.group(&Size { size: 1 }), |recorder| recorder.absent());
    assert_eq!((bare, outer), (None, None));
    let (bare, outer) = nested!(|recorder| recorder.flag(true), |recorder| recorder.absent());
    assert_eq!((bare, outer), (None, None));
    let (bare, outer) = nested!(|_| {}, |_| {});
    assert_eq!((bare, outer), (None, None));
    let (bare, outer) = nested!(
        |recorder| {
            recorder.absent();
            recorder.flag(true);
        },
        |recorder| recorder.flag(true)
    );
    assert_eq!((bare, outer), (None, None));
}

/// 40 numbers of 53 bits.
macro_rules! numbers {
    () => {
        Schema::group(numbers!(@ "a" "b" "c" "d" "e" "f" "g" "h" "i" "j" "k" "l" "m" "n" "o" "p" "q" "r" "s" "t"))
    };
    (@ $($name:literal)+) => {
        &[
            $(Field::new($name, Kind::number(0, (1 << 53) - 1)).required(),)+
            $(Field::new(concat!($name, "2"), Kind::number(0, (1 << 53) - 1)).required(),)+
        ]
    };
}

fn record_numbers(recorder: &mut Recorder<'_>) {
    (0..40).for_each(|number| recorder.number(number));
}

const BITS: u64 = 40 * 53;

/// Claims to weigh nothing.
struct Nothing;

impl TelemetrySnapshot for Nothing {
    const SCHEMA: Schema = numbers!();
    // If the schema were available, a parent would count it.
    const KIND: hidden::Natural<Self> = hidden::Natural::LAZY;

    fn record(&self, recorder: &mut Recorder<'_>) {
        record_numbers(recorder);
    }

    fn weight<D: hidden::Depth>() -> impl hidden::Weighed {
        hidden::Nothing
    }
}

/// Claims the weight of another type.
struct Another;

impl TelemetrySnapshot for Another {
    const SCHEMA: Schema = numbers!();

    fn record(&self, recorder: &mut Recorder<'_>) {
        record_numbers(recorder);
    }

    fn weight<D: hidden::Depth>() -> impl hidden::Weighed {
        hidden::Measured::<Size, D>::new()
    }
}

macro_rules! over_budget {
    ($($name:ident { $($field:tt)+ } = $value:expr;)+) => {
        $(#[derive(TelemetryEvent)]
        #[telemetry(event = "over", budget_bits = 700)]
        struct $name { $($field)+ })+

        fn publish_each(mut published: impl FnMut(&str, [Outcome; 2], Option<Loss>, u64), telemetry: &Telemetry) {
            $(
                let event: $name = $value;
                let outcomes = [telemetry.publish(&event), telemetry.publish(&event)];
                published(stringify!($name), outcomes, telemetry.preview(&event).err(), $name::SCHEMA.bits());
            )+
        }
    };
}

over_budget! {
    OfNothing { inner: Nothing } = OfNothing { inner: Nothing };
    OfAnother { inner: Another } = OfAnother { inner: Another };
    OfOptional { inner: Option<Nothing> } = OfOptional { inner: None };
    OfBoxed { inner: Box<Another> } = OfBoxed { inner: Box::new(Another) };
    OfSeveral { one: Size, inner: Nothing, two: Option<Size> } = OfSeveral { one: Size { size: 1 }, inner: Nothing, two: None };
    OfList { #[telemetry(each(max = 1))] inner: Vec<Nothing> } = OfList { inner: Vec::new() };
    OfEnum { inner: Choice } = OfEnum { inner: Choice::Off };
}

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "kind")]
enum Choice {
    Off,
    #[expect(dead_code, reason = "what it can hold is what counts")]
    On {
        inner: Nothing,
    },
}

/// A hand-written event that states only its name.
impl TelemetryEvent for Nothing {
    const NAME: &'static str = "nothing";
}

#[test]
fn an_event_over_its_budget_is_refused_at_its_first_publish_whatever_it_states() {
    if !is_alone("seal::overrides::an_event_over_its_budget_is_refused_at_its_first_publish_whatever_it_states") {
        return;
    }
    let memory = telemetry::sink::Memory::default();
    let telemetry = Telemetry::builder(Consent::new("SEAL", "seal").skip_test_check())
        .configured(Some(true))
        .sink(memory.clone())
        .build();
    let mut count = 0;
    let mut refused = |name: &str, outcomes: [Outcome; 2], preview: Option<Loss>, bits: u64| {
        count += 2;
        assert!(bits >= BITS, "{name}: {bits}");
        assert_eq!(outcomes, [Outcome::Dropped(Loss::OverBudget); 2], "{name}");
        assert_eq!(preview, Some(Loss::OverBudget), "{name}");
    };
    publish_each(&mut refused, &telemetry);
    let tested = std::panic::catch_unwind(|| telemetry::testing::outgoing(&Nothing)).unwrap_err();
    let message = tested.downcast::<String>().unwrap();
    assert_eq!(
        *message,
        format!("the event can reveal {} bits, more than its budget of {}", BITS, Nothing::BUDGET_BITS)
    );
    let outcomes = [telemetry.publish(&Nothing), telemetry.publish(&Nothing)];
    refused("Nothing", outcomes, telemetry.preview(&Nothing).err(), Nothing::SCHEMA.bits());
    assert_eq!(telemetry.counts().dropped_for(Loss::OverBudget), count);
    telemetry.shutdown(std::time::Duration::from_secs(60));
    assert!(memory.bodies().is_empty());
}
