//! For many shapes around many types, the compiler counts the bits that the schema and its page count.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use telemetry_derive::TelemetrySnapshot;

use super::{More, Pair, Tagged, Variants, Word, bits};
use crate::schema::{HasSchema, Released};
use crate::snapshot::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate, tag = "type")]
#[expect(dead_code, reason = "only its schema is looked at")]
enum Three {
    A(bool),
    B(bool),
    C(bool),
}

/// One variant of it may be absent, which is one more state of the choice.
#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate, untagged)]
#[expect(dead_code, reason = "only its schema is looked at")]
enum Untagged {
    A,
    B,
    C(Option<bool>),
    D(Three),
}

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate, untagged)]
#[expect(dead_code, reason = "only its schema is looked at")]
enum Inside {
    A,
    B(Optional<Word>),
    C(Maybe),
    D(Option<Set>),
}

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate)]
struct Set(#[telemetry(presence)] String);

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate)]
struct Maybe(Option<Three>);

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate)]
struct Listed(#[telemetry(each(max = 6))] Vec<Three>);

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate)]
struct Two(Maybe);

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate)]
struct Optional<T> {
    plain: T,
    option: Option<T>,
    twice: Option<Option<T>>,
    boxed: Option<Box<T>>,
    cell: OnceCell<T>,
}

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate)]
struct Several<T> {
    #[telemetry(each(max = 5))]
    list: Vec<T>,
    #[telemetry(each(max = 5))]
    absent: Option<Vec<Option<T>>>,
    #[telemetry(each(max = 5))]
    set: BTreeSet<T>,
    #[telemetry(each(key = "key", one_of("a", "b"), max = 4))]
    map: BTreeMap<String, T>,
    #[telemetry(each(key = "key", one_of("a", "b"), max = 4))]
    options: BTreeMap<String, Option<T>>,
}

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate, untagged, bound = "T: TelemetrySnapshot")]
#[expect(dead_code, reason = "only its schema is looked at")]
enum InVariants<T> {
    Unit,
    Value(T),
    Option(Option<T>),
    Fields { one: T, two: Option<T> },
}

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate, tag = "tag", bound = "T: TelemetrySnapshot")]
#[expect(dead_code, reason = "only its schema is looked at")]
enum UnderATag<T> {
    Unit,
    Value(T),
    Option(Option<T>),
    Fields { one: T, two: Option<T> },
}

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate)]
struct Newtype<T>(Option<T>);

#[derive(TelemetrySnapshot, Deserialize)]
#[telemetry(crate = crate)]
struct Merged<T> {
    #[serde(flatten)]
    one: Option<T>,
}

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate)]
struct Flat<T> {
    #[telemetry(flatten)]
    one: T,
}

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate)]
struct Computed {
    #[telemetry(nested, with = |_: &()| None::<Three>)]
    one: (),
    #[telemetry(nested, with = |_: &u8| None::<More>)]
    two: Option<u8>,
}

fn same<T: TelemetrySnapshot>() {
    let schema = <T as HasSchema>::SCHEMA.bits();
    let all = [bits::<T>(), bits::<Option<T>>(), schema, Released::of(&<T as HasSchema>::SCHEMA).bits()];
    let optional = <Option<T> as HasSchema>::SCHEMA.bits();
    assert_eq!(all, [schema, optional, schema, schema], "{}", core::any::type_name::<T>());
}

fn around<T: TelemetrySnapshot>() {
    same::<T>();
    same::<Optional<T>>();
    same::<Several<T>>();
    same::<InVariants<T>>();
    same::<UnderATag<T>>();
    same::<Newtype<T>>();
    same::<Merged<T>>();
    same::<Optional<Newtype<T>>>();
    same::<Several<Newtype<T>>>();
    same::<InVariants<Newtype<T>>>();
    same::<UnderATag<InVariants<T>>>();
    same::<Several<InVariants<T>>>();
    same::<Optional<UnderATag<T>>>();
    same::<Merged<UnderATag<T>>>();
}

#[test]
fn the_compiler_and_the_schema_agree() {
    around::<bool>();
    around::<Word>();
    around::<Three>();
    around::<Tagged>();
    around::<Variants>();
    around::<Untagged>();
    around::<Inside>();
    around::<Set>();
    around::<Maybe>();
    around::<Two>();
    around::<Listed>();
    around::<More>();
    around::<Pair>();
    around::<Vec<u16>>();
    same::<Computed>();
    flat::<Three>();
    flat::<More>();
    flat::<Pair>();
    flat::<UnderATag<Word>>();
    flat::<Option<Box<Three>>>();
}

fn flat<T: TelemetrySnapshot>() {
    same::<Flat<T>>();
    same::<Optional<Flat<Option<T>>>>();
    same::<Flat<OnceCell<T>>>();
    same::<Several<Flat<Option<T>>>>();
    same::<InVariants<Flat<T>>>();
}
