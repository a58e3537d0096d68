mod shapes;

use std::collections::{HashMap, HashSet};

use telemetry_derive::TelemetrySnapshot;

use super::*;
use crate::schema::{Kind, Released};
use crate::snapshot::{Recorder, TelemetrySnapshot};

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate)]
struct Leaves {
    flag: bool,
    optional: Option<bool>,
    list: Vec<u16>,
    #[telemetry(number(max = 1_000))]
    number: Option<u32>,
    #[telemetry(each(one_of("a", "b"), max = 3))]
    set: HashSet<String>,
    #[telemetry(version)]
    version: String,
    word: Word,
    newtype: Newtype,
    boxed: Option<Box<Newtype>>,
}

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate)]
#[expect(dead_code, reason = "only its schema is looked at")]
enum Word {
    One,
    Two,
    Three,
}

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate)]
struct Newtype(Option<bool>);

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate)]
struct Nesting {
    leaves: Leaves,
    #[telemetry(flatten)]
    more: Option<More>,
    #[telemetry(each(max = 5))]
    list: Vec<More>,
    #[telemetry(each(key = "key", one_of("a", "b"), max = 4))]
    map: HashMap<String, More>,
    variants: Variants,
}

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate)]
struct More {
    more: bool,
}

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate, untagged)]
#[expect(dead_code, reason = "only its schema is looked at")]
enum Variants {
    Unit,
    Flag(Option<bool>),
    Fields { word: Word },
}

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate, tag = "type")]
#[expect(dead_code, reason = "only its schema is looked at")]
enum Tagged {
    Unit,
    Word(Word),
    Fields { more: bool },
}

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate, tag = "type", content = "content")]
#[expect(dead_code, reason = "only its schema is looked at")]
enum Content {
    Unit,
    Flag(bool),
    Tagged(Tagged),
}

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate)]
struct Enums {
    tagged: Tagged,
    optional: Option<Tagged>,
    #[telemetry(flatten)]
    flat: Option<Content>,
    #[telemetry(each(max = 5))]
    list: Vec<Content>,
    #[telemetry(each(key = "key", one_of("a", "b"), max = 4))]
    map: HashMap<String, Tagged>,
    pair: Pair,
}

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate)]
struct Pair {
    #[telemetry(flatten)]
    flat: Content,
}

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate)]
struct Tree {
    flag: bool,
    #[telemetry(each)]
    children: Vec<Tree>,
    next: Option<Box<Chain>>,
}

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate)]
struct Chain {
    tree: Option<Box<Tree>>,
}

const fn bits<T: HasSchema>() -> u64 {
    let bits = total::<T>().bits;
    if bits > MOST { MOST } else { bits }
}

#[test]
fn the_compiler_counts_as_the_schema_does() {
    assert_eq!(bits::<Word>(), 2);
    assert_eq!(bits::<Newtype>(), 2);
    assert_eq!(bits::<Leaves>(), <Leaves as HasSchema>::SCHEMA.bits());
    assert_eq!(bits::<Nesting>(), <Nesting as HasSchema>::SCHEMA.bits());
    assert_eq!(bits::<Variants>(), <Variants as HasSchema>::SCHEMA.bits());
}

/// The choice of a variant counts once: not with the enum and with the tag.
#[test]
fn the_compiler_counts_an_enum_with_a_tag_as_the_schema_does() {
    fn same<T: HasSchema>(expected: u64) {
        assert_eq!([bits::<T>(), T::SCHEMA.bits(), Released::of(&T::SCHEMA).bits()], [expected; 3]);
    }
    same::<Tagged>(2 + 2);
    same::<Content>(2 + 4);
    same::<Pair>(2 + 4);
    let schema = 4 + (2 + 2) + (2 + 4) + (3 + 5 * 6) + (3 + 4 * (2 + 4)) + 6;
    assert_eq!([<Enums as HasSchema>::SCHEMA.bits(), Released::of(&<Enums as HasSchema>::SCHEMA).bits()], [schema; 2]);
    assert_eq!(bits::<Enums>(), schema);
}

#[test]
fn a_type_that_contains_itself_counts_as_the_largest_body() {
    for bits in [bits::<Tree>(), bits::<Chain>(), bits::<Option<Tree>>()] {
        assert_eq!(bits, MOST);
    }
    assert_eq!(<Tree as HasSchema>::SCHEMA.bits(), MOST);
    assert_eq!(<Chain as HasSchema>::SCHEMA.bits(), MOST);
}

#[test]
fn what_an_implementation_by_hand_nests_is_unknown_to_the_compiler_alone() {
    struct ByHand;

    impl TelemetrySnapshot for ByHand {
        const SCHEMA: crate::schema::Schema = crate::schema::Schema::group(&[
            crate::schema::Field::new("flag", Kind::flag()),
            crate::schema::Field::new("more", Kind::group::<More>()),
        ]);

        fn record(&self, _: &mut Recorder<'_>) {}
    }

    assert!(total::<ByHand>().is_unknown);
    assert_eq!(<ByHand as HasSchema>::SCHEMA.bits(), 4);
}
