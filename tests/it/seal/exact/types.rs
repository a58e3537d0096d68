//! The types under test. Their bounds are small, so that all their bodies can be counted.

use std::collections::BTreeSet;
use std::time::Duration;

use indexmap::IndexMap;
use telemetry::TelemetrySnapshot;
use telemetry::schema::{Edges, Words as Table};

use super::all::{All, Within, product, sequences, structs};

/// Matches words in two spellings, so that a map can contain a word twice.
const TABLE: Table = Table::new(&["a", "b"]).ignore_case();

const LIMIT: i8 = 21;
const EDGES: Edges = Edges::new(&[0, 2]);

structs! {
    struct Flag { value: bool, }
    struct OptionalFlag { value: Option<bool>, }
    struct FlagOfOption { #[telemetry(flag)] value: Option<bool>, }
    struct Presence { #[telemetry(presence)] value: String, }
    struct PresenceOfOption { #[telemetry(presence)] value: Option<String>, }
    struct Count { #[telemetry(count(max = 2))] value: Vec<()>, }
    struct OptionalCount { #[telemetry(count(max = 2))] value: Option<Vec<()>>, }
    struct Number { #[telemetry(number(max = 5))] value: i8, }
    struct OptionalNumber { #[telemetry(number(max = 3))] value: Option<i8>, }
    struct NegativeNumber { #[telemetry(number(min = -3, max = 2, unit = "h"))] value: i8, }
    struct LeadingDigit { #[telemetry(number(max = 123, digits = 1))] value: i16, }
    struct LeadingDigits { #[telemetry(number(min = -120, max = 107, digits = 2))] value: i16, }
    struct LeadingDigitAround { #[telemetry(number(min = -11, max = LIMIT, digits = 1))] value: Option<i16>, }
    struct LeadingDigitAbove { #[telemetry(number(min = 8, max = 32, digits = 1))] value: i16, }
    struct Constants { #[telemetry(number(min = -LIMIT / 4, max = LIMIT / 4))] value: i16, #[telemetry(bucket(1, 1 << 2))] bucket: i8, }
    struct SharedEdges { #[telemetry(bucket(EDGES))] value: Option<i8>, }
    struct PresenceOfAny { #[telemetry(presence)] value: Option<bool>, }
    struct Changed { #[telemetry(changed(from = 1))] value: i8, #[telemetry(changed(from = true), with = |on| !on)] on: bool, }
    struct Computed { #[telemetry(nested, with = |on| Flag { value: *on })] value: bool, #[telemetry(nested, with = |on| Flag { value: *on })] other: Option<bool>, }
    struct ComputedList { #[telemetry(each(max = 2), with = |value| vec![Level::Low; usize::from(value.unsigned_abs())])] value: i8, }
    struct Bucket { #[telemetry(bucket(-1, 4))] value: i8, }
    struct BucketOfNeighbours { #[telemetry(bucket(0, 1, 2, 4))] value: i8, }
    struct OptionalBucket { #[telemetry(bucket(2))] value: Option<i8>, }
    struct Float { #[telemetry(bucket(0, 1, 5))] value: f64, }
    struct Span { #[telemetry(number(max = 3, unit = "s"))] number: Duration, #[telemetry(bucket(1, 3, unit = "s"))] bucket: Option<Duration>, }
    struct Word { #[telemetry(one_of("a", "b"))] value: String, }
    struct OptionalWord { #[telemetry(one_of("a", other = "else"))] value: Option<String>, }
    struct WordWithListedOther { #[telemetry(one_of("a", "b", other = "b"))] value: String, }
    struct Words { #[telemetry(each(max = 2, one_of("a", "b")))] value: Vec<String>, }
    struct OptionalWords { #[telemetry(each(max = 2, one_of("a")))] value: Option<Vec<String>>, }
    struct Set { #[telemetry(each(one_of("b", "a")))] value: BTreeSet<String>, }
    struct OptionalSet { #[telemetry(each(max = 2, one_of("b", "a")))] value: Option<BTreeSet<String>>, }
    struct SetOfOne { #[telemetry(each(max = 1, one_of("b", "a")))] value: BTreeSet<String>, }
    struct OptionalLevel { value: Option<Level>, }
    struct Levels { #[telemetry(each(max = 2))] value: Vec<Level>, }
    struct Nested { on: bool, #[telemetry(number(max = 2))] size: Option<i8>, }
    struct OptionalNested { value: Option<Nested>, }
    struct NestedTwice { one: Flag, two: Option<Box<Flag>>, }
    struct List { #[telemetry(each(max = 2))] value: Vec<OptionalFlag>, }
    struct OptionalList { #[telemetry(each(max = 2))] value: Option<Vec<Flag>>, }
    struct ListOfLists { #[telemetry(each(max = 2))] value: Vec<Short>, }
    struct Short { #[telemetry(each(max = 1))] value: Vec<Flag>, }
    struct ListOfOptions { #[telemetry(each(max = 2))] value: Vec<Option<Level>>, }
    struct Map { #[telemetry(each(max = 2, key = "id", one_of(TABLE)))] value: IndexMap<String, OptionalFlag>, }
    struct OptionalMap { #[telemetry(each(max = 1, key = "id", one_of(TABLE)))] value: Option<IndexMap<String, Flag>>, }
    struct MapByLevel { #[telemetry(each(max = 2, key = "level"))] value: IndexMap<Key, Flag>, }
    struct MapOfFlags { #[telemetry(each(max = 2, key = "id", one_of(TABLE)))] value: IndexMap<String, bool>, }
    struct MapOfOptions { #[telemetry(each(max = 2, key = "level"))] value: IndexMap<Key, Option<bool>>, }
    struct MapOfOptionalGroups { #[telemetry(each(max = 2, key = "level"))] value: IndexMap<Key, Option<Box<Half>>>, }
    struct MapOfLevels { #[telemetry(each(max = 2, key = "id", one_of(TABLE)))] value: Option<IndexMap<String, Level>>, }
    struct MapOfTagged { #[telemetry(each(max = 1, key = "level"))] value: IndexMap<Key, Tagged>, }
    struct MapOfUntagged { #[telemetry(each(max = 2, key = "level"))] value: IndexMap<Key, Maybe>, }
    struct MapOfNumbers { #[telemetry(each(max = 2, key = "level", value(number(max = 1))))] value: IndexMap<Key, i8>, }
    struct MapOfBuckets { #[telemetry(each(max = 2, key = "level", value(bucket(0, 5))))] value: IndexMap<Key, Option<i8>>, }
    struct MapOfDurations { #[telemetry(each(max = 2, key = "level", value(number(max = 1, unit = "s"))))] value: IndexMap<Key, Duration>, }
    struct MapOfWords { #[telemetry(each(max = 2, key = "level", value(one_of("a"))))] value: IndexMap<Key, String>, }
    struct MapOfPresence { #[telemetry(each(max = 2, key = "level", value(presence)))] value: IndexMap<Key, Option<String>>, }
    struct MapOfLists { #[telemetry(each(max = 1, key = "level", value(each(max = 1))))] value: IndexMap<Key, Vec<Flag>>, }
    struct MapOfMaps { #[telemetry(each(max = 1, key = "outer", value(each(max = 1, key = "inner"))))] value: IndexMap<Key, IndexMap<Key, bool>>, }
    struct FlattenedEnum { first: bool, #[telemetry(flatten)] action: Action, }
    struct OptionalFlattenedEnum { first: bool, #[telemetry(flatten)] action: Option<Action>, }
    struct TwoFlattenedEnums { #[telemetry(flatten)] action: Box<Action>, #[telemetry(flatten)] other: Option<Other>, }
    struct FlattenedEnumInOptionalFlatten { #[telemetry(flatten)] inner: Option<FlattenedEnum>, last: Option<bool>, }
    struct OptionalFlattenedEnumInOptionalFlatten { #[telemetry(flatten)] inner: Option<OptionalFlattenedEnum>, }
    struct Pair { a: bool, #[telemetry(number(max = 1))] b: i8, }
    struct Flatten { first: bool, #[telemetry(flatten)] pair: Pair, }
    struct OptionalFlatten { first: Option<bool>, #[telemetry(flatten)] pair: Option<Pair>, }
    struct Half { a: bool, b: Option<bool>, }
    struct OptionalFlattenOfOptional { #[telemetry(flatten)] half: Option<Half>, }
    struct Loose { c: Option<bool>, d: Option<bool>, }
    struct OptionalFlattenTwice { #[telemetry(flatten)] half: Option<Half>, #[telemetry(flatten)] loose: Option<Loose>, }
    struct OptionalFlattenInFlatten { #[telemetry(flatten)] inner: Option<OptionalFlatten>, }
    struct OptionalTagged { value: Option<Tagged>, }
    struct OptionalUntagged { value: Option<Untagged>, }
    struct UntaggedWithOption { value: Maybe, other: Option<Maybe>, }
    struct ListOfUntagged { #[telemetry(each(max = 2))] value: Vec<Maybe>, }
    struct OptionalNewtypeOfOption { value: Option<NewtypeOfOption>, }
    struct OptionalNewtypeOfPresence { value: Option<NewtypeOfPresence>, other: NewtypeOfPresence, }
    #[telemetry(transparent)]
    struct Transparent { inner: Option<Level>, #[telemetry(skip)] _hidden: bool, }
    struct Everything {
        flag: Option<bool>,
        #[telemetry(presence)] presence: Given,
        #[telemetry(rename = "dotted.name")] level: Option<Level>,
        nested: Option<Flag>,
        #[telemetry(skip)] _hidden: bool,
    }
}

/// Set or not.
#[derive(Clone, Debug)]
pub(super) struct Given(bool);

impl telemetry::snapshot::Presence for Given {
    fn is_present(&self) -> bool {
        self.0
    }
}

impl All for Given {
    fn all() -> Vec<Self> {
        bool::all().into_iter().map(Self).collect()
    }
}

#[derive(TelemetrySnapshot, Clone, Debug)]
pub(super) struct NaturalCount {
    value: Vec<()>,
}

impl All for NaturalCount {
    fn all() -> Vec<Self> {
        (0..=1_001).map(|len| Self { value: vec![(); len] }).collect()
    }
}

/// Versions of each length, and texts that are not versions.
#[derive(TelemetrySnapshot, Clone, Debug)]
pub(super) struct Version {
    #[telemetry(version)]
    value: String,
}

impl All for Version {
    fn all() -> Vec<Self> {
        let some = ["", "1", "0.0", "1.2.3", "v1.2.3-beta+7", "65535.65535.65535", "65536", "01", "1.2.3.4", "1.x"];
        some.iter().map(|text| Self { value: (*text).to_owned() }).collect()
    }
}

#[derive(TelemetrySnapshot, Clone, Debug)]
pub(super) struct OptionalVersion {
    #[telemetry(version)]
    value: Option<String>,
}

impl All for OptionalVersion {
    fn all() -> Vec<Self> {
        let some = Version::all().into_iter().map(|version| Self { value: Some(version.value) });
        some.chain([Self { value: None }]).collect()
    }
}

#[derive(TelemetrySnapshot, Clone, Copy, Debug)]
#[telemetry(rename_all = "kebab-case")]
pub(super) enum Level {
    Low,
    VeryHigh,
}

/// A key whose words can occur twice in a map.
#[derive(TelemetrySnapshot, serde::Serialize, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[telemetry(names = "serde")]
#[serde(rename_all = "kebab-case")]
pub(super) enum Key {
    #[serde(skip)]
    Low(bool),
    #[serde(skip)]
    VeryHigh(bool),
}

impl All for Key {
    fn all() -> Vec<Self> {
        bool::all().into_iter().flat_map(|hidden| [Self::Low(hidden), Self::VeryHigh(hidden)]).collect()
    }
}

impl All for Level {
    fn all() -> Vec<Self> {
        vec![Self::Low, Self::VeryHigh]
    }
}

#[derive(TelemetrySnapshot, Clone, Debug)]
#[telemetry(tag = "kind")]
pub(super) enum Tagged {
    Off,
    Pool {
        #[telemetry(number(max = 1))]
        size: i8,
        on: Option<bool>,
    },
    Hidden {
        #[telemetry(skip)]
        _hidden: bool,
    },
    Two(#[telemetry(rename = "x")] bool, #[telemetry(rename = "y")] Level),
}

impl All for Tagged {
    fn all() -> Vec<Self> {
        let mut all = vec![Self::Off];
        for size in i8::all() {
            all.extend(Option::all().into_iter().map(|on| Self::Pool { size, on }));
        }
        for x in bool::all() {
            all.push(Self::Hidden { _hidden: x });
            all.extend(Level::all().into_iter().map(|y| Self::Two(x, y)));
        }
        all
    }
}

#[derive(TelemetrySnapshot, Clone, Debug)]
#[telemetry(tag = "kind")]
pub(super) enum TaggedWithFlatten {
    Off,
    On {
        #[telemetry(flatten)]
        half: Option<Half>,
        last: bool,
    },
}

impl All for TaggedWithFlatten {
    fn all() -> Vec<Self> {
        let mut all = vec![Self::Off];
        for half in Option::<Half>::all() {
            all.extend(bool::all().into_iter().map(|last| Self::On { half: half.clone(), last }));
        }
        all
    }
}

/// Newtype variants of everything that stands beside a tag, or under `value`.
#[derive(TelemetrySnapshot, Clone, Debug)]
#[telemetry(tag = "kind", rename_all = "lowercase")]
pub(super) enum Newtypes {
    Unit,
    Group(Pair),
    Boxed(Box<Half>),
    Optional(Option<Half>),
    Flag(bool),
    Absent(Option<bool>),
    Level(Level),
    Number(#[telemetry(number(max = 1))] i8),
    Present(#[telemetry(presence)] String),
    List(#[telemetry(each(max = 1))] Vec<Flag>),
    Count(#[telemetry(count(max = 1))] Vec<()>),
    Map(#[telemetry(each(key = "level", max = 1))] IndexMap<Key, bool>),
    Untagged(Maybe),
    Action(Action),
    Perhaps(Option<Box<Other>>),
    Named(#[telemetry(rename = "named")] Pair),
    Flat(#[telemetry(flatten)] Flag),
    Newtype(NewtypeOfGroup),
    Empty(Empty),
    Hidden(#[telemetry(skip)] ()),
}

#[derive(TelemetrySnapshot, Clone, Debug)]
pub(super) struct NewtypeOfGroup(Option<Pair>);

impl All for Newtypes {
    fn all() -> Vec<Self> {
        let mut all = vec![Self::Unit, Self::Empty(Empty), Self::Hidden(())];
        all.extend(Pair::all().into_iter().flat_map(|pair| [Self::Group(pair.clone()), Self::Named(pair)]));
        all.extend(Half::all().into_iter().map(|half| Self::Boxed(Box::new(half))));
        all.extend(Option::all().into_iter().map(Self::Optional));
        all.extend(bool::all().into_iter().map(Self::Flag));
        all.extend(Option::all().into_iter().map(Self::Absent));
        all.extend(Level::all().into_iter().map(Self::Level));
        all.extend(i8::all().into_iter().map(Self::Number));
        all.extend(String::all().into_iter().map(Self::Present));
        all.extend(Vec::all().into_iter().map(Self::List));
        all.extend(Vec::all().into_iter().map(Self::Count));
        all.extend(IndexMap::all().into_iter().map(Self::Map));
        all.extend(Maybe::all().into_iter().map(Self::Untagged));
        all.extend(Action::all().into_iter().map(Self::Action));
        all.extend(Option::all().into_iter().map(Self::Perhaps));
        all.extend(Flag::all().into_iter().map(Self::Flat));
        all.extend(Option::all().into_iter().map(NewtypeOfGroup).map(Self::Newtype));
        all
    }
}

#[derive(TelemetrySnapshot, Clone, Debug)]
#[telemetry(tag = "action", rename_all = "lowercase")]
pub(super) enum Action {
    Stop,
    Start { now: bool },
    Wait(Option<Half>),
}

impl All for Action {
    fn all() -> Vec<Self> {
        let mut all = vec![Self::Stop];
        all.extend(bool::all().into_iter().map(|now| Self::Start { now }));
        all.extend(Option::all().into_iter().map(Self::Wait));
        all
    }
}

#[derive(TelemetrySnapshot, Clone, Debug)]
#[telemetry(tag = "other")]
pub(super) enum Other {
    A,
    B(bool),
}

impl All for Other {
    fn all() -> Vec<Self> {
        std::iter::once(Self::A).chain(bool::all().into_iter().map(Self::B)).collect()
    }
}

#[derive(TelemetrySnapshot, Clone, Debug)]
#[telemetry(tag = "kind", content = "data", rename_all = "lowercase")]
pub(super) enum Contents {
    Unit,
    Flag(bool),
    Pair(Pair),
    Maybe(Option<Pair>),
    Same(Box<Action>),
    Named {
        kind: bool,
    },
    Flat {
        #[telemetry(flatten)]
        half: Option<Half>,
    },
    Tuple(#[telemetry(rename = "x")] bool, #[telemetry(rename = "y")] bool),
}

impl All for Contents {
    fn all() -> Vec<Self> {
        let mut all = vec![Self::Unit];
        for on in bool::all() {
            all.extend([Self::Flag(on), Self::Named { kind: on }]);
            all.extend(bool::all().into_iter().map(|y| Self::Tuple(on, y)));
        }
        all.extend(Pair::all().into_iter().map(Self::Pair));
        all.extend(Option::all().into_iter().map(Self::Maybe));
        all.extend(Action::all().into_iter().map(|action| Self::Same(Box::new(action))));
        all.extend(Option::all().into_iter().map(|half| Self::Flat { half }));
        all
    }
}

#[derive(TelemetrySnapshot, Clone, Debug)]
#[telemetry(untagged, rename_all = "lowercase")]
pub(super) enum Untagged {
    Off,
    Size(#[telemetry(number(max = 2))] i8),
    On(bool),
    Level(Level),
    Pair(Pair),
    Named { x: bool },
    Words(#[telemetry(each(max = 1, one_of("a")))] Vec<String>),
}

impl All for Untagged {
    fn all() -> Vec<Self> {
        let mut all = vec![Self::Off];
        all.extend(i8::all().into_iter().map(Self::Size));
        all.extend(bool::all().into_iter().map(Self::On));
        all.extend(bool::all().into_iter().map(|x| Self::Named { x }));
        all.extend(Level::all().into_iter().map(Self::Level));
        all.extend(Pair::all().into_iter().map(Self::Pair));
        all.extend(Vec::all().into_iter().map(Self::Words));
        all
    }
}

#[derive(TelemetrySnapshot, Clone, Debug)]
#[telemetry(untagged)]
pub(super) enum Maybe {
    Off,
    Flag(Option<bool>),
}

impl All for Maybe {
    fn all() -> Vec<Self> {
        std::iter::once(Self::Off).chain(Option::all().into_iter().map(Self::Flag)).collect()
    }
}

#[derive(TelemetrySnapshot, Clone, Debug)]
pub(super) struct Newtype(Level);

impl All for Newtype {
    fn all() -> Vec<Self> {
        Level::all().into_iter().map(Self).collect()
    }
}

#[derive(TelemetrySnapshot, Clone, Debug)]
pub(super) struct NewtypeOfOption(Option<bool>);

impl All for NewtypeOfOption {
    fn all() -> Vec<Self> {
        Option::all().into_iter().map(Self).collect()
    }
}

#[derive(TelemetrySnapshot, Clone, Debug)]
pub(super) struct NewtypeOfPresence(#[telemetry(presence)] String);

impl All for NewtypeOfPresence {
    fn all() -> Vec<Self> {
        String::all().into_iter().map(Self).collect()
    }
}

#[derive(TelemetrySnapshot, Clone, Debug)]
pub(super) struct Tuple(#[telemetry(rename = "x")] bool, #[telemetry(rename = "y")] Option<Level>);

impl All for Tuple {
    fn all() -> Vec<Self> {
        bool::all().into_iter().flat_map(|x| Option::all().into_iter().map(move |y| Self(x, y))).collect()
    }
}

#[derive(TelemetrySnapshot, Clone, Debug)]
pub(super) struct Empty;

impl All for Empty {
    fn all() -> Vec<Self> {
        vec![Self]
    }
}

/// The values of a recursive type nest at most three groups.
macro_rules! recursive {
    ($($name:ident),+) => {$(
        impl All for $name {
            const DEPTH: usize = 3;

            fn all() -> Vec<Self> {
                Self::within(3)
            }
        }
    )+};
}

recursive!(Chain, Branches, Tree, Expression, Even, FlatChain);

#[derive(TelemetrySnapshot, Clone, Debug)]
pub(super) struct Chain {
    on: bool,
    next: Option<Box<Chain>>,
}

/// No value, and the values that nest one group less.
fn less<T: Within>(depth: usize) -> impl Iterator<Item = Option<Box<T>>> {
    let deeper = if depth > 1 { T::within(depth - 1) } else { Vec::new() };
    std::iter::once(None).chain(deeper.into_iter().map(|value| Some(Box::new(value))))
}

impl Within for Chain {
    fn within(depth: usize) -> Vec<Self> {
        less::<Self>(depth)
            .flat_map(|next| bool::all().into_iter().map(move |on| Self { on, next: next.clone() }))
            .collect()
    }
}

#[derive(TelemetrySnapshot, Clone, Debug)]
pub(super) struct Branches {
    on: Option<bool>,
    #[telemetry(each(max = 1))]
    children: Vec<Branches>,
}

impl Within for Branches {
    fn within(depth: usize) -> Vec<Self> {
        let deeper = if depth > 1 { Self::within(depth - 1) } else { Vec::new() };
        let lists = sequences(&deeper, 1);
        Option::all()
            .into_iter()
            .flat_map(|on| lists.iter().map(move |list| Self { on, children: list.clone() }))
            .collect()
    }
}

#[derive(TelemetrySnapshot, Clone, Debug)]
pub(super) struct Tree {
    #[telemetry(each(max = 1, key = "id", one_of(TABLE)))]
    children: IndexMap<String, Tree>,
}

impl Within for Tree {
    fn within(depth: usize) -> Vec<Self> {
        let deeper = if depth > 1 { Self::within(depth - 1) } else { Vec::new() };
        let pairs: Vec<(String, Self)> = String::all()
            .into_iter()
            .flat_map(|key| deeper.iter().map(move |value| (key.clone(), value.clone())))
            .collect();
        sequences(&pairs, 1).into_iter().map(|pairs| Self { children: pairs.into_iter().collect() }).collect()
    }
}

#[derive(TelemetrySnapshot, Clone, Debug)]
#[telemetry(tag = "op")]
pub(super) enum Expression {
    Leaf { on: bool },
    Not { of: Box<Expression> },
    And { left: Box<Expression>, right: Option<Box<Expression>> },
}

impl Within for Expression {
    fn within(depth: usize) -> Vec<Self> {
        let mut all: Vec<Self> = bool::all().into_iter().map(|on| Self::Leaf { on }).collect();
        for left in less::<Self>(depth).flatten() {
            all.push(Self::Not { of: left.clone() });
            all.extend(less::<Self>(depth).map(|right| Self::And { left: left.clone(), right }));
        }
        all
    }
}

#[derive(TelemetrySnapshot, Clone, Debug)]
pub(super) struct Even {
    odd: Option<Box<Odd>>,
}

#[derive(TelemetrySnapshot, Clone, Debug)]
pub(super) struct Odd {
    on: bool,
    even: Box<Even>,
}

impl Within for Even {
    fn within(depth: usize) -> Vec<Self> {
        less(depth).map(|odd| Self { odd }).collect()
    }
}

impl Within for Odd {
    fn within(depth: usize) -> Vec<Self> {
        let even = less::<Even>(depth).flatten();
        even.flat_map(|even| bool::all().into_iter().map(move |on| Self { on, even: even.clone() })).collect()
    }
}

#[derive(TelemetrySnapshot, Clone, Debug)]
pub(super) struct FlatChain {
    #[telemetry(flatten)]
    half: Option<Half>,
    next: Option<Box<FlatChain>>,
}

impl Within for FlatChain {
    fn within(depth: usize) -> Vec<Self> {
        let next = less::<Self>(depth);
        next.flat_map(|next| Option::all().into_iter().map(move |half| Self { half, next: next.clone() })).collect()
    }
}
