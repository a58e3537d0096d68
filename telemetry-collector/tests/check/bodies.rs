//! Small types of which all values are known: the checker accepts their bodies and nothing else.

#[path = "../../../tests/it/seal/exact/all.rs"]
mod all;
#[allow(unused_imports, reason = "the macro of the module beside it needs them in the other package, too")]
#[path = "../../../tests/it/seal/exact/types.rs"]
mod types;

use std::collections::BTreeSet;

use telemetry::{Snapshot, TelemetrySnapshot};

use self::all::All;
use super::json::Json;
use super::mutate::Change;
use super::oracle::Both;

/// Bodies in which everything is changed; of more, some.
const CHANGED: usize = 12;

fn exactly<T: TelemetrySnapshot + All>() {
    let bodies: BTreeSet<String> =
        T::all().iter().map(|value| Snapshot::of(value).unwrap().as_json().to_owned()).collect();
    let mut both = Both::of::<T>();
    for body in &bodies {
        both.accepts(body);
    }
    for body in bodies.iter().step_by(bodies.len().div_ceil(CHANGED)) {
        both.for_changes(body, &mut |change, bytes, is_accepted| {
            let text = String::from_utf8_lossy(bytes);
            let is_body = bodies.contains(&*text);
            assert!(is_body || change == Change::Value || !is_accepted, "{text}");
            // Deeper values of a type that contains itself are not among these bodies, nor are values that a function of the type never gives.
            let is_known = !std::any::type_name::<T>().ends_with("::ComputedList");
            if is_accepted != is_body && is_known && (is_body || depth(&Json::read(&text)) <= T::DEPTH) {
                panic!("accepted: {is_accepted}, can be sent: {is_body}: {text}\nfrom {body}");
            }
        });
        both.agrees_around(body);
        both.agrees_about_more(body);
    }
}

fn depth(json: &Json) -> usize {
    match json {
        Json::Scalar(_) => 0,
        Json::List(items) => items.iter().map(depth).max().unwrap_or(0),
        Json::Object(members) => 1 + members.iter().map(|(_, member)| depth(member)).max().unwrap_or(0),
    }
}

macro_rules! exact {
    ($($name:ident: $ty:ty,)+) => {
        $(#[test]
        fn $name() {
            #[allow(unused_imports, reason = "a type of the standard library needs none")]
            use self::types::*;
            exactly::<$ty>();
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
