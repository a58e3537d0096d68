//! Each kind against each change.

use std::collections::{BTreeMap, BTreeSet};

use telemetry::TelemetrySnapshot;
use telemetry::export::{Effect, difference};
use telemetry::schema::{Released, Schema};

#[derive(TelemetrySnapshot)]
struct Pair {
    x: bool,
    y: Option<bool>,
}

#[derive(TelemetrySnapshot)]
struct Triple {
    x: bool,
    y: Option<bool>,
    z: bool,
}

macro_rules! enums {
    ($($(#[$attribute:meta])* $name:ident { $($variants:tt)* })+) => {$(
        #[derive(TelemetrySnapshot)]
        $(#[$attribute])*
        #[allow(dead_code, reason = "its schema is all that is needed")]
        enum $name { $($variants)* }
    )+};
}

enums! {
    Level { Low, High }
    #[telemetry(tag = "kind")] Tagged { Off, On { x: bool } }
    #[telemetry(tag = "type")] OtherTag { Off, On { x: bool } }
    #[telemetry(tag = "kind")] TaggedMore { Off, On { x: bool }, New { y: bool } }
    #[telemetry(tag = "kind")] TaggedWider { Off, On { x: bool, y: bool } }
    #[telemetry(tag = "kind")] TaggedOrder { On { x: bool }, Off }
    #[telemetry(untagged)] Untagged { Off, On { x: bool } }
    #[telemetry(untagged)] UntaggedMore { Off, On { x: bool }, Auto }
    #[telemetry(untagged)] UntaggedForm { Off, On(bool) }
    #[telemetry(untagged)] UntaggedOptional { Off, On(Option<bool>) }
}

#[derive(TelemetrySnapshot)]
struct Chain {
    on: bool,
    next: Option<Box<Chain>>,
}

#[derive(TelemetrySnapshot)]
struct LongerChain {
    on: bool,
    #[telemetry(presence)]
    key: String,
    next: Option<Box<LongerChain>>,
}

/// The schema of a struct with these fields.
macro_rules! of {
    ($($fields:tt)*) => {{
        #[derive(TelemetrySnapshot)]
        #[allow(dead_code, reason = "its schema is all that is needed")]
        struct One { $($fields)* }
        One::SCHEMA
    }};
}

macro_rules! table {
    ($({ $($old:tt)* } => { $($new:tt)* }: [$($effect:ident $gained:literal $lost:literal),*] $text:literal,)+) => {
        vec![$((
            concat!(stringify!($($old)*), " => ", stringify!($($new)*)),
            of!($($old)*),
            of!($($new)*),
            vec![$((Effect::$effect, $gained, $lost)),*],
            $text,
        )),+]
    };
}

type Case = (&'static str, Schema, Schema, Vec<(Effect, u64, u64)>, &'static str);

fn check(cases: Vec<Case>) {
    for (case, old, new, effects, text) in cases {
        let difference = difference(&old, &new);
        let found: Vec<_> =
            difference.changes().iter().map(|change| (change.effect, change.bits_gained, change.bits_lost)).collect();
        assert_eq!(difference.to_string(), text, "{case}");
        assert_eq!(found, effects, "{case}");
        assert_eq!(difference.breaks(), effects.iter().any(|(effect, ..)| *effect == Effect::Broken), "{case}");
        assert_eq!(difference.is_empty(), old.hash() == new.hash(), "{case}");
    }
}

#[test]
fn values_change_in_each_way() {
    check(table! {
        { a: bool } => { a: bool }: [] "",
        {} => { a: bool }: [Added 1 0] "`a` is new: yes or no.",
        { a: bool } => {}: [Removed 0 1] "`a` is no longer sent; it was: yes or no.",
        { a: bool } => { b: bool }: [Added 1 0, Removed 0 1] "`b` is new: yes or no.\n`a` is no longer sent; it was: yes or no.",
        { a: bool } => { a: Option<bool> }: [Widened 1 0] "`a` can send more: it can be left out.",
        { a: Option<bool> } => { a: bool }: [Narrowed 0 1] "`a` can send less: it is no longer left out.",
        { a: bool } => { #[telemetry(presence)] a: String }:
            [Broken 1 1] "`a` has another meaning and needs a new name: whether it is set; before: yes or no.",
        { #[telemetry(changed(from = 1))] a: u8 } => { a: bool }:
            [Broken 1 1] "`a` has another meaning and needs a new name: yes or no; before: whether it differs from the default.",
        { #[telemetry(count(max = 3))] a: Vec<bool> } => { #[telemetry(count(max = 9))] a: Vec<bool> }:
            [Widened 2 0] "`a` can send more: how many, at most 9; before: how many, at most 3.",
        { #[telemetry(count(max = 9))] a: Vec<bool> } => { #[telemetry(count(max = 3))] a: Vec<bool> }:
            [Narrowed 0 2] "`a` can send less: how many, at most 3; before: how many, at most 9.",
        { #[telemetry(count(max = 3))] a: Vec<bool> } => { #[telemetry(number(max = 3))] a: u8 }:
            [Broken 2 2] "`a` has another meaning and needs a new name: number from 0 to 3; before: how many, at most 3.",
        { #[telemetry(number(max = 3))] a: u8 } => { #[telemetry(number(max = 4))] a: u8 }:
            [Widened 1 0] "`a` can send more: number from 0 to 4; before: number from 0 to 3.",
        { #[telemetry(number(min = 0, max = 3))] a: i8 } => { #[telemetry(number(min = -1, max = 3))] a: i8 }:
            [Widened 1 0] "`a` can send more: number from -1 to 3; before: number from 0 to 3.",
        { #[telemetry(number(min = 0, max = 3))] a: i8 } => { #[telemetry(number(min = 1, max = 3))] a: i8 }:
            [Narrowed 0 0] "`a` can send less: number from 1 to 3; before: number from 0 to 3.",
        { #[telemetry(number(min = 0, max = 3))] a: i8 } => { #[telemetry(number(min = 1, max = 4))] a: i8 }:
            [Widened 0 0] "`a` can send more: number from 1 to 4; before: number from 0 to 3.",
        { #[telemetry(number(max = 900, digits = 2))] a: u16 } => { #[telemetry(number(max = 900))] a: u16 }:
            [Widened 2 0] "`a` can send more: number from 0 to 900; before: number from 0 to 900, only its first 2 digits.",
        { #[telemetry(number(max = 900))] a: u16 } => { #[telemetry(number(max = 900, digits = 1))] a: u16 }:
            [Narrowed 0 5] "`a` can send less: number from 0 to 900, only its first digit; before: number from 0 to 900.",
        { #[telemetry(number(max = 99))] a: u16 } => { #[telemetry(number(max = 99, digits = 2))] a: u16 }:
            [Restated 0 0] "`a` can send the same as before: number from 0 to 99, only its first 2 digits; before: number from 0 to 99.",
        { #[telemetry(number(max = 9, unit = "s"))] a: u16 } => { #[telemetry(number(max = 9, unit = "ms"))] a: u16 }:
            [Broken 4 4] "`a` has another meaning and needs a new name: number from 0 to 9 ms; before: number from 0 to 9 s.",
        { #[telemetry(number(max = 9))] a: u16 } => { #[telemetry(number(max = 9, unit = "s"))] a: u16 }:
            [Broken 4 4] "`a` has another meaning and needs a new name: number from 0 to 9 s; before: number from 0 to 9.",
        { #[telemetry(bucket(5, 9))] a: u8 } => { #[telemetry(bucket(5, 7, 9))] a: u8 }:
            [Widened 0 0] "`a` can send more: also `5-6`, `7-8`, and no longer `5-8`.",
        { #[telemetry(bucket(5, 9))] a: u8 } => { #[telemetry(bucket(5))] a: u8 }:
            [Widened 0 1] "`a` can send more: also `5+`, and no longer `5-8`, `9+`.",
        { #[telemetry(bucket(5))] a: u8 } => { #[telemetry(bucket(5, unit = "s"))] a: u8 }:
            [Broken 1 1] "`a` has another meaning and needs a new name: range: <5, 5+ s; before: range: <5, 5+.",
        { #[telemetry(version)] a: String } => { #[telemetry(one_of("1.0"))] a: String }:
            [Broken 1 49] "`a` has another meaning and needs a new name: one of 1.0, other; before: version: one to three numbers, each at most 65,535.",
    });
}

#[test]
fn words_change_in_each_way() {
    check(table! {
        { #[telemetry(one_of("x"))] a: String } => { #[telemetry(one_of("x", "y"))] a: String }:
            [Widened 1 0] "`a` can send more: also `y`.",
        { #[telemetry(one_of("x", "y"))] a: String } => { #[telemetry(one_of("x"))] a: String }:
            [Narrowed 0 1] "`a` can send less: no longer `y`.",
        { #[telemetry(one_of("x", "y"))] a: String } => { #[telemetry(one_of("x", "z"))] a: String }:
            [Widened 0 0] "`a` can send more: also `z`, and no longer `y`.",
        { #[telemetry(one_of("x", "y"))] a: String } => { #[telemetry(one_of("y", "x"))] a: String }:
            [Restated 0 0] "`a` can send the same as before: the order is another one.",
        { #[telemetry(one_of("x"))] a: String } => { #[telemetry(one_of("x", other = "else"))] a: String }:
            [Widened 0 0] "`a` can send more: also `else`, and no longer `other`.",
        { #[telemetry(one_of("Low", "High", other = "Low"))] a: String } => { a: Level }: [] "",
        { #[telemetry(one_of("x"))] a: String } => { #[telemetry(bucket(1))] a: u8 }:
            [Broken 1 1] "`a` has another meaning and needs a new name: range: <1, 1+; before: one of x, other.",
        { #[telemetry(each(max = 2, one_of("x")))] a: Vec<String> } => { #[telemetry(each(max = 2, one_of("x", "y")))] a: Vec<String> }:
            [Widened 2 0] "`a` can send more: also `y`.",
        { #[telemetry(each(max = 2, one_of("x", "y")))] a: Vec<String> } => { #[telemetry(each(max = 2, one_of("y", "x")))] a: Vec<String> }:
            [Restated 0 0] "`a` can send the same as before: the order is another one.",
        { #[telemetry(each(max = 2, one_of("x")))] a: Vec<String> } => { #[telemetry(each(max = 4, one_of("x")))] a: Vec<String> }:
            [Widened 3 0] "`a` can send more: list of at most 4, each one of x, other; before: list of at most 2, each one of x, other.",
        { #[telemetry(each(max = 4, one_of("x")))] a: Vec<String> } => { #[telemetry(each(max = 2, one_of("x")))] a: Vec<String> }:
            [Narrowed 0 3] "`a` can send less: list of at most 2, each one of x, other; before: list of at most 4, each one of x, other.",
        { #[telemetry(each(max = 2, one_of("Low", "High", other = "High")))] a: Vec<String> } => { #[telemetry(each(max = 2))] a: Vec<Level> }:
            [Restated 0 0] "the whole can send the same as before: it is declared in another way.",
        { #[telemetry(each(one_of("x")))] a: Vec<String> } => { #[telemetry(one_of("x"))] a: String }:
            [Broken 1 71] "`a` has another meaning and needs a new name: one of x, other; before: list of at most 64, each one of x, other.",
        { #[telemetry(each(max = 3, one_of("x", "y")))] a: BTreeSet<String> } => { #[telemetry(each(max = 3, one_of("y", "x")))] a: BTreeSet<String> }:
            [Widened 0 0] "`a` can send more: set of at most 3 of y, x, other; before: set of at most 3 of x, y, other.",
        { #[telemetry(each(max = 1, one_of("x", "y")))] a: BTreeSet<String> } => { #[telemetry(each(max = 1, one_of("y", "x")))] a: BTreeSet<String> }:
            [Restated 0 0] "`a` can send the same as before: the order is another one.",
        { #[telemetry(each(max = 3, one_of("x", "y")))] a: BTreeSet<String> } => { #[telemetry(each(max = 9, one_of("x", "y")))] a: BTreeSet<String> }:
            [Restated 0 0] "`a` can send the same as before: set of at most 9 of x, y, other; before: set of at most 3 of x, y, other.",
        { #[telemetry(each(max = 2, one_of("x")))] a: BTreeSet<String> } => { #[telemetry(each(max = 2, one_of("x", "y")))] a: BTreeSet<String> }:
            [Widened 1 0] "`a` can send more: also `y`.",
        { #[telemetry(each(max = 2, one_of("x")))] a: BTreeSet<String> } => { #[telemetry(each(max = 2, one_of("x")))] a: Vec<String> }:
            [Widened 2 0] "`a` can send more: list of at most 2, each one of x, other; before: set of at most 2 of x, other.",
        { #[telemetry(each(max = 2, one_of("x")))] a: Vec<String> } => { #[telemetry(each(max = 2, one_of("x")))] a: BTreeSet<String> }:
            [Narrowed 0 2] "`a` can send less: set of at most 2 of x, other; before: list of at most 2, each one of x, other.",
    });
}

#[test]
fn objects_and_lists_change_in_each_way() {
    check(table! {
        { a: Pair } => { a: Triple }: [Added 1 0] "`a.z` is new: yes or no.",
        { a: Triple } => { a: Pair }: [Removed 0 1] "`a.z` is no longer sent; it was: yes or no.",
        {} => { a: Pair }: [Added 3 0] "`a` is new: group.\n`a.x` is new: yes or no.\n`a.y` is new: yes or no; or left out.",
        { a: Pair } => { a: bool }: [Broken 1 3] "`a` has another meaning and needs a new name: yes or no; before: group.",
        { a: bool, b: bool } => { b: bool, a: bool }:
            [Restated 0 0] "the whole can send the same as before: the order is another one.",
        { a: Pair } => { #[telemetry(each(max = 1))] a: Vec<Pair> }:
            [Broken 4 3] "`a` has another meaning and needs a new name: list of at most 1; before: group.\n\
                `a[].x` is new: yes or no.\n`a[].y` is new: yes or no; or left out.",
        { #[telemetry(each(max = 1))] a: Vec<Pair> } => { #[telemetry(each(max = 2))] a: Vec<Pair> }:
            [Widened 4 0] "`a` can send more: list of at most 2; before: list of at most 1.",
        { #[telemetry(each(max = 2))] a: Vec<Pair> } => { #[telemetry(each(max = 1))] a: Vec<Pair> }:
            [Narrowed 0 4] "`a` can send less: list of at most 1; before: list of at most 2.",
        { #[telemetry(each(max = 2))] a: Vec<Pair> } => { #[telemetry(each(max = 2))] a: Vec<Triple> }:
            [Added 1 0] "`a[].z` is new: yes or no.",
        { #[telemetry(each(max = 2))] a: Vec<Pair> } => { #[telemetry(each(max = 2, key = "id", one_of("k")))] a: BTreeMap<String, Pair> }:
            [Added 1 0] "`a[].id` is new: one of k, other.",
        { #[telemetry(each(max = 2, key = "id", one_of("k")))] a: BTreeMap<String, Pair> } => { #[telemetry(each(max = 2, key = "id", one_of("k", "l")))] a: BTreeMap<String, Pair> }:
            [Widened 1 0] "`a[].id` can send more: also `l`.",
        { x: bool, y: Option<bool> } => { #[telemetry(flatten)] a: Pair }: [] "",
        { x: bool, y: Option<bool> } => { #[telemetry(flatten)] a: Option<Pair> }:
            [Widened 0 0] "`x` can send more: it can be left out.",
        { #[telemetry(flatten)] a: Option<Pair> } => { x: Option<bool>, y: Option<bool> }:
            [Widened 0 0] "`y` can send more: also without `x`.",
        { a: Option<Chain> } => { a: Option<Chain> }: [] "",
        { a: Option<Chain> } => { a: Option<LongerChain> }: [Added 1 0] "`a.key` is new: whether it is set.",
        { a: Option<LongerChain> } => { a: Option<Chain> }: [Removed 0 1] "`a.key` is no longer sent; it was: whether it is set.",
    });
}

#[test]
fn a_type_within_itself_is_the_same_when_its_first_level_is_written_out() {
    let lines = |inside: &[&str]| {
        let lines = [&[r#"{"path":"","is":"group"}"#, r#"{"path":"on","is":"flag"}"#], inside, &[r#"{"end":""}"#]];
        Released::from_json(&format!("[{}]", lines.concat().join(","))).unwrap()
    };
    let within = lines(&[r#"{"path":"next","is":"same","of":"","optional":true}"#]);
    let written = |more: &str| {
        lines(&[
            r#"{"path":"next","is":"group","optional":true}"#,
            r#"{"path":"next.on","is":"flag"}"#,
            &format!(r#"{{"path":"next.next","is":"same","of":"next","optional":true}}{more}"#),
            r#"{"end":"next"}"#,
        ])
    };
    for (old, new) in [(&within, &written("")), (&written(""), &within)] {
        let difference = difference(old, new);
        assert_eq!(difference.to_string(), "the whole can send the same as before: it is declared in another way.");
    }
    let more = written(r#",{"path":"next.key","is":"presence"}"#);
    assert_eq!(difference(&within, &more).to_string(), "`next.key` is new: whether it is set.");
    assert_eq!(difference(&more, &within).to_string(), "`next.key` is no longer sent; it was: whether it is set.");
}

#[test]
fn enums_change_in_each_way() {
    check(table! {
        { a: Tagged } => { a: TaggedMore }: [Added 1 0] "`a<New>` is new: an object.\n`a<New>.y` is new: yes or no.",
        { a: TaggedMore } => { a: Tagged }: [Removed 0 1] "`a<New>` is no longer sent; it was: an object.",
        { a: Tagged } => { a: TaggedWider }: [Added 1 0] "`a<On>.y` is new: yes or no.",
        { a: Tagged } => { a: TaggedOrder }:
            [Restated 0 0] "`a` can send the same as before: the order is another one.",
        { a: Tagged } => { a: OtherTag }:
            [Broken 2 2] "`a` has another meaning and needs a new name: group whose type is one of Off, On; before: group whose kind is one of Off, On.",
        { a: Tagged } => { a: Untagged }:
            [Broken 2 2] "`a` has another meaning and needs a new name: one of Off, or of what follows; before: group whose kind is one of Off, On.\n\
                `a.x` is new: yes or no.",
        { a: Untagged } => { a: UntaggedMore }: [Added 1 0] "`a<Auto>` is new: a word.",
        { a: UntaggedMore } => { a: Untagged }: [Removed 0 1] "`a<Auto>` is no longer sent; it was: a word.",
        { a: Untagged } => { a: UntaggedForm }:
            [Added 1 0, Removed 0 1] "`a` can also be a value.\n`a` can no longer be an object.",
        { a: UntaggedForm } => { a: UntaggedOptional }:
            [Widened 1 0] "`a` can send more: it can be left out.",
        { a: Level } => { a: Untagged }:
            [Broken 2 1] "`a` has another meaning and needs a new name: one of Off, or of what follows; before: one of Low, High.\n\
                `a.x` is new: yes or no.",
    });
}

#[test]
fn the_rows_are_those_that_are_new() {
    let old = of! { a: Option<Chain>, #[telemetry(one_of("x"))] word: String, gone: bool, same: bool };
    let new = of! {
        a: Option<LongerChain>,
        #[telemetry(one_of("x", "y"))]
        word: String,
        same: bool,
        /// For each.
        #[telemetry(each(max = 2))]
        pairs: Vec<Pair>,
    };
    let difference = difference(&old, &new);
    let shown: Vec<&str> = difference.rows().iter().map(|row| row.path.as_str()).collect();
    assert_eq!(shown, ["a.key", "word", "pairs", "pairs[].x", "pairs[].y"]);
    assert_eq!(difference.rows()[2].purpose, "For each.");
    let json = serde_json::to_value(difference.changes()).unwrap();
    assert_eq!(json[0]["effect"], "added");
    assert_eq!(json[0]["sentence"], "`a.key` is new: whether it is set.");
}
