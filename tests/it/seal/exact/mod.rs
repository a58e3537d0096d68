//! Small types whose values are all enumerated: the number of bodies fits the stated bits, and the JSON Schema accepts these
//! bodies and nothing else.

mod all;
mod differences;
mod types;
mod universe;

use std::collections::BTreeSet;

use serde_json::Value;
use telemetry::{Snapshot, TelemetrySnapshot};

use self::all::All;

/// Each distinct body of a type, as compact JSON with sorted members.
fn bodies<T: TelemetrySnapshot + All>() -> BTreeSet<String> {
    let body = |value: &T| Snapshot::of(value).unwrap().to_value().to_string();
    T::all().iter().map(body).collect()
}

/// Asserts that the number of distinct bodies fits into the bits.
fn fits_its_bits<T: TelemetrySnapshot + All>() {
    let (count, bits) = (bodies::<T>().len() as u128, T::SCHEMA.bits());
    assert!(bits >= 128 || count <= 1 << bits, "{count} bodies in {bits} bits");
}

/// Asserts that the JSON Schema accepts a value exactly if it can be sent.
fn accepts_exactly_what_can_be_sent<T: TelemetrySnapshot + All>() {
    let schema = T::SCHEMA.to_json_schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let bodies = bodies::<T>();
    let values: Vec<Value> = bodies.iter().map(|body| serde_json::from_str(body).unwrap()).collect();
    let universe = universe::around(&values, T::DEPTH);
    assert!(universe.len() > values.len() && values.iter().all(|value| universe.contains(&value.to_string())));
    for text in universe {
        let value: Value = serde_json::from_str(&text).unwrap();
        let (accepted, can_be_sent) = (validator.is_valid(&value), bodies.contains(&text));
        assert_eq!(accepted, can_be_sent, "accepted, can be sent: {text}\nunder {schema:#}\nbodies: {bodies:#?}");
    }
}

macro_rules! exact {
    ($($name:ident: $ty:ty,)+) => {
        const TYPES: &[&str] = &[$(stringify!($name)),+];

        /// The schema of each type, and its bodies.
        fn everything() -> Vec<(&'static str, telemetry::schema::Schema, BTreeSet<String>)> {
            vec![$({
                #[allow(unused_imports, reason = "a type of the standard library needs none")]
                use self::types::*;
                (stringify!($name), <$ty as TelemetrySnapshot>::SCHEMA, bodies::<$ty>())
            }),+]
        }

        $(mod $name {
            #[allow(unused_imports, reason = "a type of the standard library needs none")]
            use super::types::*;

            #[test]
            fn fits_its_bits() {
                super::fits_its_bits::<$ty>();
            }

            #[test]
            fn is_kept_when_released() {
                crate::schemas::is_kept::<$ty>();
            }

            #[test]
            fn accepts_exactly_what_can_be_sent() {
                super::accepts_exactly_what_can_be_sent::<$ty>();
            }
        })+
    };
}

exact! {
    flag: Flag,
    optional_flag: OptionalFlag,
    flag_of_option: FlagOfOption,
    presence: Presence,
    presence_of_option: PresenceOfOption,
    count: Count,
    optional_count: OptionalCount,
    natural_count: NaturalCount,
    number: Number,
    optional_number: OptionalNumber,
    negative_number: NegativeNumber,
    leading_digit: LeadingDigit,
    leading_digits: LeadingDigits,
    leading_digit_around_zero: LeadingDigitAround,
    leading_digit_above_zero: LeadingDigitAbove,
    constants: Constants,
    shared_edges: SharedEdges,
    presence_of_any: PresenceOfAny,
    changed: Changed,
    computed: Computed,
    computed_list: ComputedList,
    bucket: Bucket,
    bucket_of_neighbours: BucketOfNeighbours,
    optional_bucket: OptionalBucket,
    float: Float,
    duration: Span,
    word: Word,
    optional_word: OptionalWord,
    word_with_listed_other: WordWithListedOther,
    words: Words,
    optional_words: OptionalWords,
    set: Set,
    optional_set: OptionalSet,
    set_of_one: SetOfOne,
    version: Version,
    optional_version: OptionalVersion,
    unit_enum: Level,
    optional_unit_enum: OptionalLevel,
    list_of_words: Levels,
    nested: Nested,
    optional_nested: OptionalNested,
    nested_twice: NestedTwice,
    list: List,
    optional_list: OptionalList,
    list_of_lists: ListOfLists,
    list_of_options: ListOfOptions,
    map: Map,
    optional_map: OptionalMap,
    map_by_enum: MapByLevel,
    map_of_flags: MapOfFlags,
    map_of_options: MapOfOptions,
    map_of_optional_groups: MapOfOptionalGroups,
    map_of_words_by_enum: MapOfLevels,
    map_of_tagged: MapOfTagged,
    map_of_untagged: MapOfUntagged,
    map_of_numbers: MapOfNumbers,
    map_of_buckets: MapOfBuckets,
    map_of_durations: MapOfDurations,
    map_of_words: MapOfWords,
    map_of_presence: MapOfPresence,
    map_of_lists: MapOfLists,
    map_of_maps: MapOfMaps,
    flattened_enum: FlattenedEnum,
    optional_flattened_enum: OptionalFlattenedEnum,
    two_flattened_enums: TwoFlattenedEnums,
    flattened_enum_in_optional_flatten: FlattenedEnumInOptionalFlatten,
    optional_flattened_enum_in_optional_flatten: OptionalFlattenedEnumInOptionalFlatten,
    newtypes_under_a_tag: Newtypes,
    contents_under_a_name: Contents,
    flatten: Flatten,
    optional_flatten: OptionalFlatten,
    optional_flatten_of_optional: OptionalFlattenOfOptional,
    optional_flatten_twice: OptionalFlattenTwice,
    optional_flatten_in_flatten: OptionalFlattenInFlatten,
    tagged: Tagged,
    optional_tagged: OptionalTagged,
    tagged_with_flatten: TaggedWithFlatten,
    untagged: Untagged,
    optional_untagged: OptionalUntagged,
    untagged_with_option: UntaggedWithOption,
    list_of_untagged: ListOfUntagged,
    newtype: Newtype,
    newtype_of_option: NewtypeOfOption,
    optional_newtype_of_option: OptionalNewtypeOfOption,
    newtype_of_presence: NewtypeOfPresence,
    optional_newtype_of_presence: OptionalNewtypeOfPresence,
    transparent: Transparent,
    tuple: Tuple,
    unit_struct: Empty,
    everything: Everything,
    recursive: Chain,
    recursive_list: Branches,
    recursive_map: Tree,
    recursive_enum: Expression,
    recursive_pair: Even,
    recursive_with_flatten: FlatChain,
    bare_bool: bool,
    bare_option: Option<bool>,
    bare_option_of_group: Option<Nested>,
}

#[test]
fn there_are_at_least_forty() {
    assert!(TYPES.len() >= 40, "{}", TYPES.len());
}
