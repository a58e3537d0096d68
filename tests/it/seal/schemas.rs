//! The output for a schema: definitions that do not collide, rows of recursive maps, and values that a JSON Schema refuses.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use telemetry::page::Disclosure;
use telemetry::{Snapshot, TelemetrySnapshot};

fn accepts(schema: &Value, value: &Value) -> bool {
    jsonschema::validator_for(schema).unwrap().is_valid(value)
}

fn sent<T: TelemetrySnapshot>(value: &T) -> Value {
    Snapshot::of(value).unwrap().to_value()
}

#[derive(TelemetrySnapshot, Default)]
struct Flags {
    on: bool,
    next: Option<Box<Flags>>,
}

#[derive(TelemetrySnapshot, Default)]
struct Sizes {
    #[telemetry(number(max = 9))]
    size: u8,
    next: Option<Box<Sizes>>,
}

/// One type at the path `a.b`, and another at the member named `a.b`.
macro_rules! at_one_path {
    ($name:ident, $inner:ident, $by_name:ty, $by_path:ty) => {
        #[derive(TelemetrySnapshot, Default)]
        struct $inner {
            b: $by_path,
        }

        #[derive(TelemetrySnapshot, Default)]
        struct $name {
            #[telemetry(rename = "a.b")]
            by_name: $by_name,
            a: $inner,
        }
    };
}

at_one_path!(FlagsThenSizes, InnerSizes, Flags, Sizes);
at_one_path!(SizesThenSizes, InnerSizesToo, Sizes, Sizes);
at_one_path!(SizesThenFlags, InnerFlags, Sizes, Flags);
at_one_path!(FlagsThenFlags, InnerFlagsToo, Flags, Flags);

#[test]
fn definitions_do_not_collide() {
    fn accepts_its_own<T: TelemetrySnapshot + Default>() {
        let value = sent(&T::default());
        assert!(accepts(&T::SCHEMA.to_json_schema(), &value), "{value} under {:#}", T::SCHEMA.to_json_schema());
    }
    accepts_its_own::<FlagsThenSizes>();
    accepts_its_own::<SizesThenSizes>();
    accepts_its_own::<SizesThenFlags>();
    accepts_its_own::<FlagsThenFlags>();
}

#[test]
fn schemas_that_differ_have_hashes_that_differ() {
    let hashes: BTreeSet<String> = [
        FlagsThenSizes::SCHEMA,
        SizesThenSizes::SCHEMA,
        SizesThenFlags::SCHEMA,
        FlagsThenFlags::SCHEMA,
        Flags::SCHEMA,
        Sizes::SCHEMA,
        <Option<Flags>>::SCHEMA,
        TagsOf::SCHEMA,
        SetOf::SCHEMA,
        Loose::SCHEMA,
        Together::SCHEMA,
    ]
    .map(|schema| schema.hash())
    .into();
    assert_eq!(hashes.len(), 11);
}

/// Types that differ from each other in one respect.
macro_rules! hashes {
    ($({ $($field:tt)* })+) => {
        [$({
            #[derive(TelemetrySnapshot)]
            #[allow(dead_code, reason = "its schema is all that is needed")]
            struct One { $($field)* }
            (stringify!($($field)*), One::SCHEMA.hash())
        }),+]
    };
}

#[test]
fn each_thing_that_can_differ_makes_another_hash() {
    let hashes = hashes! {
        {}
        { a: bool }
        { b: bool }
        { a: Option<bool> }
        { a: bool, b: bool }
        { b: bool, a: bool }
        { #[telemetry(presence)] a: String }
        { #[telemetry(version)] a: String }
        { #[telemetry(number(max = 9))] a: u8 }
        { #[telemetry(number(max = 10))] a: u8 }
        { #[telemetry(number(min = 1, max = 9))] a: u8 }
        { #[telemetry(number(max = 9, unit = "s"))] a: u8 }
        { #[telemetry(number(max = 9, unit = "ms"))] a: u8 }
        { #[telemetry(count(max = 9))] a: Vec<bool> }
        { #[telemetry(count(max = 8))] a: Vec<bool> }
        { #[telemetry(bucket(1, 9))] a: u8 }
        { #[telemetry(bucket(1, 8))] a: u8 }
        { #[telemetry(bucket(1, 9, unit = "s"))] a: u8 }
        { #[telemetry(one_of("x", "y"))] a: String }
        { #[telemetry(one_of("y", "x"))] a: String }
        { #[telemetry(one_of("x", "z"))] a: String }
        { #[telemetry(one_of("x", "y", other = "z"))] a: String }
        { #[telemetry(each(max = 9, one_of("x", "y")))] a: Vec<String> }
        { #[telemetry(each(max = 8, one_of("x", "y")))] a: Vec<String> }
        { #[telemetry(each(max = 9, one_of("x", "y")))] a: BTreeSet<String> }
        { #[telemetry(each(max = 8, one_of("x", "y")))] a: BTreeSet<String> }
        { #[telemetry(each(max = 9))] a: Vec<bool> }
        { #[telemetry(each(max = 8))] a: Vec<bool> }
        { #[telemetry(each(max = 8))] a: Vec<Pair> }
        { #[telemetry(each(max = 8, key = "id", one_of("x", "y")))] a: BTreeMap<String, Pair> }
        { #[telemetry(each(max = 8, key = "id", one_of("x", "z")))] a: BTreeMap<String, Pair> }
        { #[telemetry(each(max = 8, key = "key", one_of("x", "y")))] a: BTreeMap<String, Pair> }
        { a: Pair }
        { a: Option<Pair> }
        { #[telemetry(flatten)] a: Pair }
        { #[telemetry(flatten)] a: Option<Pair> }
        { a: Punctuated }
        { a: Flags }
        { a: Sizes }
        { a: Tree }
    };
    for (at, (one, hash)) in hashes.iter().enumerate() {
        for (another, same) in &hashes[at + 1..] {
            assert_ne!(hash, same, "{one} and {another}");
        }
    }
}

#[test]
fn what_a_field_is_for_does_not_change_the_hash() {
    let hashes = hashes! {
        { a: bool }
        {
            /// For what it is.
            a: bool
        }
    };
    assert_eq!(hashes[0].1, hashes[1].1);
}

/// Names that contain syntax of JSON pointers or URLs.
#[derive(TelemetrySnapshot, Default)]
#[telemetry(tag = "kind")]
enum Punctuated {
    #[default]
    #[telemetry(rename = "a/b~c%d #e")]
    Off,
    #[telemetry(rename = "a~1b")]
    On { flags: Flags },
    #[telemetry(rename = "a/b")]
    More { flags: Option<Box<Punctuated>> },
}

#[test]
fn words_with_punctuation_lead_to_their_definitions() {
    let schema = Punctuated::SCHEMA.to_json_schema();
    let more = Punctuated::More { flags: Some(Box::new(Punctuated::On { flags: Flags::default() })) };
    for value in [sent(&Punctuated::Off), sent(&more)] {
        assert!(accepts(&schema, &value), "{value} under {schema:#}");
    }
    assert!(!accepts(&schema, &json!({ "kind": "a/b", "flags": { "on": true } })));
}

#[derive(TelemetrySnapshot)]
struct Tree {
    on: bool,
    #[telemetry(each(key = "id", one_of("left", "right")))]
    children: BTreeMap<String, Tree>,
}

#[derive(TelemetrySnapshot)]
struct Forest {
    tree: Tree,
}

/// The first two cells of each row that a page shows for `T`.
fn rows<T: TelemetrySnapshot>() -> Vec<(String, String)> {
    let page = Disclosure::of::<T>().to_markdown();
    let cells = |line: &str| {
        let mut cells = line.strip_prefix("| `")?.split(" | ");
        Some((cells.next()?.trim_end_matches('`').to_owned(), cells.next()?.to_owned()))
    };
    page.lines().filter_map(cells).collect()
}

#[test]
fn a_recursive_map_has_its_rows() {
    for (rows, prefix, whole) in [(rows::<Tree>(), "", "as the whole"), (rows::<Forest>(), "tree.", "as `tree`")] {
        let what = |path: &str| {
            let path = format!("{prefix}{path}");
            rows.iter().find(|(found, _)| *found == path).map(|(_, what)| what.as_str())
        };
        assert!(what("children").is_some_and(|what| what.starts_with("list of at most 64")), "{rows:?}");
        assert!(what("children[].id").is_some(), "{rows:?}");
        assert!(what("children[].on").is_some(), "{rows:?}");
        // The list within the entries has its own row, which says that it holds the same type.
        let again = rows
            .iter()
            .any(|(path, what)| path.starts_with(&format!("{prefix}children[].children")) && what.contains("as "));
        assert!(again, "{whole}: {rows:?}");
    }
}

#[expect(dead_code, reason = "the test reads its schema")]
#[derive(TelemetrySnapshot)]
#[telemetry(untagged, rename_all = "lowercase")]
enum Untagged {
    Off,
    Unsaid(#[telemetry(number(max = 7))] u8),
    Silent(Tree),
    Hidden { fast: bool },
    Skipped(#[telemetry(skip)] String),
}

#[derive(TelemetrySnapshot)]
struct Holder {
    cache: Untagged,
}

#[test]
fn a_page_tells_only_the_words_that_an_untagged_enum_sends() {
    let rows = rows::<Holder>();
    let whole = format!("{rows:?}");
    for word in ["off", "skipped"] {
        assert!(whole.contains(word), "{word}: {whole}");
    }
    for word in ["unsaid", "silent", "hidden"] {
        assert!(!whole.contains(word), "{word}: {whole}");
    }
    // What is sent in their place has rows.
    assert!(rows.iter().any(|(path, _)| path.ends_with("fast")), "{whole}");
    assert!(rows.iter().any(|(_, what)| what.contains('7')), "{whole}");
    let value = Holder { cache: Untagged::Skipped(String::new()) };
    assert_eq!(Snapshot::of(&value).unwrap().as_json(), r#"{"cache":"skipped"}"#);
}

#[derive(TelemetrySnapshot)]
struct Pair {
    a: bool,
    b: Option<bool>,
    c: bool,
}

#[derive(TelemetrySnapshot)]
struct Together {
    first: Option<bool>,
    #[telemetry(flatten)]
    pair: Option<Pair>,
}

#[derive(TelemetrySnapshot)]
struct Loose {
    first: Option<bool>,
    a: Option<bool>,
    b: Option<bool>,
    c: Option<bool>,
}

#[test]
fn half_of_an_optional_flatten_is_refused() {
    let schema = Together::SCHEMA.to_json_schema();
    for whole in [
        json!({}),
        json!({ "first": true }),
        json!({ "a": true, "c": true }),
        json!({ "first": true, "a": true, "b": true, "c": true }),
    ] {
        assert!(accepts(&schema, &whole), "{whole}");
    }
    for half in [
        json!({ "a": true }),
        json!({ "b": true }),
        json!({ "c": true }),
        json!({ "a": true, "b": true }),
        json!({ "first": true, "b": true, "c": true }),
    ] {
        assert!(!accepts(&schema, &half), "{half}");
    }
}

#[derive(TelemetrySnapshot)]
struct SetOf {
    #[telemetry(each(max = 3, one_of("c", "a", "b")))]
    words: BTreeSet<String>,
}

#[derive(TelemetrySnapshot)]
struct TagsOf {
    #[telemetry(each(max = 3, one_of("c", "a", "b")))]
    words: Vec<String>,
}

#[test]
fn a_set_has_each_word_once_and_in_the_order_of_the_table() {
    let schema = SetOf::SCHEMA.to_json_schema();
    let words = |words: &[&str]| json!({ "words": words });
    for set in [&[][..], &["c"], &["other"], &["c", "a", "b"], &["a", "other"], &["c", "b", "other"]] {
        assert!(accepts(&schema, &words(set)), "{set:?}");
    }
    for list in
        [&["a", "c"][..], &["b", "a"], &["a", "a"], &["other", "c"], &["c", "a", "b", "other"], &["c", "c", "a"]]
    {
        assert!(!accepts(&schema, &words(list)), "{list:?}");
        let is_too_long = list.len() > 3;
        assert_eq!(accepts(&TagsOf::SCHEMA.to_json_schema(), &words(list)), !is_too_long, "{list:?}");
    }
    // Two unknown texts become one `other`, and a set that is too large loses its last words.
    let set = |texts: &[&str]| sent(&SetOf { words: texts.iter().map(|text| (*text).to_owned()).collect() });
    assert_eq!(set(&["y", "x", "b", "c"]), words(&["c", "b", "other"]));
    assert_eq!(set(&["y", "x", "a", "b", "c"]), words(&["c", "a", "b"]));
}
