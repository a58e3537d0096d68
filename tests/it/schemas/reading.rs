//! Whatever is read is a schema that can be walked, or an error that holds nothing of it.

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use telemetry::TelemetrySnapshot;
use telemetry::export::{difference, rows};
use telemetry::schema::walk::Visitor;
use telemetry::schema::{ReadError, Released};

use super::kept::Kinds;

struct Nothing;

impl Visitor<'_> for Nothing {}

/// Everything that is made of a schema.
fn use_it(released: &Released) {
    released.walk(&mut Nothing);
    assert_eq!(released.hash().len(), 64);
    let _ = (released.bits(), released.to_json_schema(), rows(released), difference(released, released).widens());
    assert_eq!(&Released::from_json(&released.to_json()).unwrap(), released);
}

fn all_kinds() -> Vec<Json> {
    serde_json::from_str(&Released::of(&Kinds::SCHEMA).to_json()).unwrap()
}

fn read(lines: &[Json]) -> Result<Released, ReadError> {
    Released::from_json(&Json::from(lines.to_vec()).to_string())
}

/// Reads lines, whatever they are, and uses what they give.
fn is_total(lines: &[Json]) -> Result<(), TestCaseError> {
    match read(lines) {
        Ok(released) => use_it(&released),
        Err(error) => prop_assert!(!error.to_string().contains("canary"), "{}", error),
    }
    Ok(())
}

/// One value in place of another.
fn values() -> impl Strategy<Value = Json> {
    const TEXTS: &[&str] = &[
        "",
        "canary",
        "a",
        "a.b",
        "config",
        "config.canary",
        "[]",
        "<canary>",
        "group",
        "flag",
        "tag",
        "same",
        "end",
        "\u{7}",
    ];
    prop_oneof![
        proptest::sample::select(TEXTS).prop_map(Json::from),
        proptest::sample::select(&[0, -1, 1, 15, 16, 255, i64::MAX, i64::MIN, 1 << 53][..]).prop_map(Json::from),
        Just(json!(null)),
        Just(json!(true)),
        Just(json!([3, 2, 1])),
        Just(json!([0.5])),
        Just(json!({ "canary": [[[[]]]] })),
    ]
}

const KEYS: &[&str] = &[
    "path", "is", "word", "end", "optional", "min", "max", "digits", "edges", "unit", "tag", "form", "of", "bits",
    "since", "canary",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn lines_that_are_changed_give_a_schema_or_an_error(
        at: prop::sample::Index,
        key in proptest::sample::select(KEYS),
        value in values(),
    ) {
        let mut lines = all_kinds();
        let at = at.index(lines.len());
        lines[at][key] = value;
        is_total(&lines)?;
    }

    #[test]
    fn lines_that_are_missing_or_moved_give_a_schema_or_an_error(one: prop::sample::Index, other: prop::sample::Index) {
        let mut lines = all_kinds();
        let (first, second) = (one.index(lines.len()), other.index(lines.len()));
        lines.swap(first, second);
        is_total(&lines)?;
        let mut lines = all_kinds();
        lines.remove(one.index(lines.len()));
        is_total(&lines)?;
        lines.truncate(other.index(lines.len()));
        is_total(&lines)?;
    }

    #[test]
    fn any_json_gives_a_schema_or_an_error(value in any_json()) {
        if let Ok(released) = Released::from_json(&value.to_string()) {
            use_it(&released);
        }
    }

    #[test]
    fn any_text_gives_an_error(text in ".{0,60}") {
        prop_assert!(Released::from_json(&text).is_err());
    }
}

fn any_json() -> impl Strategy<Value = Json> {
    values().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::btree_map(proptest::sample::select(KEYS), inner, 0..5).prop_map(|members| {
                Json::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
            }),
        ]
    })
}

/// The schema with these lines within a group.
fn within(lines: &[Json]) -> Result<Released, String> {
    let all = [&[json!({ "path": "", "is": "group" })], lines, &[json!({ "end": "" })]].concat();
    read(&all).map_err(|error| error.to_string())
}

#[test]
fn each_thing_that_is_wrong_is_named() {
    let refused: &[(&[Json], &str)] = &[
        (&[json!({})], "has a `path`, a `word` or an `end`"),
        (&[json!({ "path": "a", "is": "flag", "word": "x" })], "has a `path`, a `word` or an `end`"),
        (&[json!({ "end": "", "max": 1 })], "has a `path`, a `word` or an `end`"),
        (&[json!({ "path": "a" })], "`is` is missing"),
        (&[json!({ "path": "a..b", "is": "flag" }), json!({ "path": "_", "is": "flag" })], "does not belong here"),
        (&[json!({ "path": "a", "is": "flag" }), json!({ "path": "a", "is": "flag" })], "has this member twice"),
        (&[json!({ "path": "a", "is": "flag" }), json!({ "word": "x" })], "no value with words"),
        (&[json!({ "path": "a", "is": "tag" }), json!({ "path": "b", "is": "flag" })], "has no words"),
        (&[json!({ "path": "a", "is": "tag" })], "has no words"),
        (&[json!({ "path": "a", "is": "tag" }), json!({ "word": "x" }), json!({ "word": "x" })], "not a word"),
        (&[json!({ "path": "a", "is": "tag" }), json!({ "word": "\u{7}" })], "not a word"),
        (&[json!({ "path": "a", "is": "count" })], "`max` is missing"),
        (&[json!({ "path": "a", "is": "tags", "max": 0 })], "`max` is missing"),
        (&[json!({ "path": "a", "is": "list", "max": 1_i64 << 32 })], "`max` is missing"),
        (&[json!({ "path": "a", "is": "number", "min": 0 })], "`min` or `max` is missing"),
        (&[json!({ "path": "a", "is": "number", "min": 1, "max": 1 })], "not those of a number"),
        (&[json!({ "path": "a", "is": "number", "min": 0, "max": 1_i64 << 53 })], "not those of a number"),
        (&[json!({ "path": "a", "is": "number", "min": 0, "max": 9, "digits": 16 })], "not those of a number"),
        (&[json!({ "path": "a", "is": "bucket" })], "edges of the bucket"),
        (&[json!({ "path": "a", "is": "bucket", "edges": [2, 2] })], "edges of the bucket"),
        (&[json!({ "path": "a", "is": "bucket", "edges": [i64::MIN] })], "edges of the bucket"),
        (&[json!({ "path": "a", "is": "list", "max": 1 }), json!({ "end": "a" })], "is missing, or is too much"),
        (&[json!({ "path": "a", "is": "variants" }), json!({ "end": "a" })], "is missing, or is too much"),
        (&[json!({ "path": "a", "is": "group" }), json!({ "end": "b" })], "another value ends here"),
        (&[json!({ "path": "a", "is": "group" })], "another value ends here"),
        (&[json!({ "path": "a", "is": "same" })], "`of` is missing"),
        (&[json!({ "path": "a", "is": "same", "of": "b" })], "not a path above it"),
        (&[json!({ "path": "<a>", "is": "variant", "form": "word" })], "does not belong here"),
        (&[json!({ "path": "a", "is": "variants" }), json!({ "path": "a<x>", "is": "variant" })], "`form` is missing"),
        (
            &[
                json!({ "path": "a", "is": "variants", "tag": "kind" }),
                json!({ "path": "a<x>", "is": "variant", "form": "object" }),
                json!({ "path": "a<x>.b", "is": "flag" }),
            ],
            "the first member of a tagged variant",
        ),
    ];
    for (lines, reason) in refused {
        let error = within(lines).unwrap_err();
        assert!(error.contains(reason) && error.contains("restore the file"), "{lines:?}: {error}");
    }
    within(&[json!({ "path": "a", "is": "same", "of": "" })]).unwrap();
}

#[test]
fn what_is_too_large_is_refused() {
    let many = |count: usize| -> Vec<Json> {
        (0..count).map(|at| json!({ "path": format!("a{at}"), "is": "flag" })).collect()
    };
    within(&many(19_998)).unwrap();
    // Where the line is, since the list ends there.
    assert!(within(&many(19_999)).unwrap_err().starts_with("line 1, column"));
    let deep = |levels: usize| {
        let paths: Vec<String> = (0..levels).map(|level| vec!["a"; level + 1].join(".")).collect();
        let begin = paths.iter().map(|path| json!({ "path": path, "is": "group" }));
        begin.chain(paths.iter().rev().map(|path| json!({ "end": path }))).collect::<Vec<Json>>()
    };
    within(&deep(127)).unwrap();
    assert!(within(&deep(128)).unwrap_err().contains("at most 128 levels"));
    assert_eq!(Released::from_json(&" ".repeat((4 << 20) + 1)), Err(ReadError::TooLong));
    // Nesting that no line has.
    assert!(Released::from_json(&"[".repeat(100_000)).is_err());
}
