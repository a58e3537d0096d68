//! Reasons say what is wrong and where, and nothing of a value.

use std::collections::BTreeMap;

use telemetry::TelemetrySnapshot;
use telemetry::schema::Released;
use telemetry_collector::check::{Cell, ColumnKind, KnownSchema};

#[derive(TelemetrySnapshot)]
struct Server {
    #[telemetry(number(min = 1, max = 86_400, digits = 2, unit = "s"))]
    timeout: u32,
    #[telemetry(one_of("postgres", "sqlite"))]
    engine: Option<String>,
    #[telemetry(version)]
    version: Option<String>,
    tls: Option<Tls>,
    #[telemetry(each(max = 2))]
    pools: Vec<Tls>,
    #[telemetry(each(one_of("b", "a")))]
    plugins: std::collections::BTreeSet<String>,
    #[telemetry(flatten)]
    cache: Option<Cache>,
    command: Command,
    level: Option<Level>,
    parent: Option<Box<Server>>,
    #[telemetry(each(key = "id", one_of("x")))]
    named: BTreeMap<String, Tls>,
    empty: Option<Empty>,
}

#[derive(TelemetrySnapshot)]
struct Tls {
    required: bool,
}

#[derive(TelemetrySnapshot)]
struct Cache {
    #[telemetry(bucket(10, 100))]
    size: u32,
    warm: bool,
}

#[derive(TelemetrySnapshot)]
struct Empty {
    maybe: Option<bool>,
}

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "name", rename_all = "lowercase")]
#[expect(dead_code, reason = "its schema is all that is needed")]
enum Command {
    Run { fast: bool },
    Stop,
}

#[derive(TelemetrySnapshot)]
#[telemetry(untagged, rename_all = "lowercase")]
#[expect(dead_code, reason = "its schema is all that is needed")]
enum Level {
    Off,
    Deep { x: bool },
    Flat { y: bool },
    Size(#[telemetry(number(max = 9))] u8),
}

fn known() -> KnownSchema {
    KnownSchema::new("server", "0.1.0", "2026-11-26", Released::of(&Server::SCHEMA))
}

const GOOD: &str = concat!(
    r#"{"timeout":86000,"engine":"sqlite","version":"1.2","tls":{"required":true},"pools":[{"required":false}],"#,
    r#""plugins":["b","a"],"size":"10-99","warm":true,"command":{"name":"run","fast":true},"level":{"y":true},"#,
    r#""named":[{"id":"x","required":true}],"empty":{}}"#,
);

#[test]
fn a_value_has_a_column_and_a_list_has_one() {
    let known = known();
    let columns: Vec<(&str, ColumnKind, bool)> =
        known.columns().iter().map(|column| (column.path.as_str(), column.kind, column.is_required)).collect();
    assert_eq!(
        columns[..11],
        [
            ("timeout", ColumnKind::Integer, true),
            ("engine", ColumnKind::Word, false),
            ("version", ColumnKind::Version, false),
            // It is there if the object is.
            ("tls.required", ColumnKind::Flag, false),
            ("pools", ColumnKind::Json, true),
            ("plugins", ColumnKind::Json, true),
            ("size", ColumnKind::Word, false),
            ("warm", ColumnKind::Flag, false),
            ("command.name", ColumnKind::Word, true),
            ("command<run>.fast", ColumnKind::Flag, false),
            ("level", ColumnKind::Json, false),
        ]
    );
    assert_eq!(columns.last(), Some(&("empty.maybe", ColumnKind::Flag, false)));
    assert!(columns.contains(&("empty", ColumnKind::Flag, false)));
    let cells = known.check(GOOD.as_bytes()).unwrap();
    assert_eq!(cells[..4], [Cell::Integer(86_000), Cell::Word(1), Cell::Version(2, [1, 2, 0]), Cell::Flag(true)]);
    assert_eq!(cells[4], Cell::Json(br#"[{"required":false}]"#.to_vec()));
    assert_eq!(cells[cells.len() - 2..], [Cell::Flag(true), Cell::Absent]);
}

fn paths<T: TelemetrySnapshot>() -> Vec<String> {
    let known = KnownSchema::new("named", "0.1.0", "2026-11-26", Released::of(&T::SCHEMA));
    known.columns().iter().map(|column| column.path.clone()).collect()
}

#[test]
fn a_name_with_a_dot_has_a_column_of_its_own() {
    #[derive(TelemetrySnapshot)]
    struct Dotted {
        #[telemetry(rename = "a.b")]
        one: bool,
        a: Inner,
    }

    #[derive(TelemetrySnapshot)]
    struct Inner {
        b: bool,
    }

    assert_eq!(paths::<Dotted>(), ["[a.b]", "a.b"]);
}

#[test]
fn two_places_with_one_path_have_two_columns() {
    #[derive(TelemetrySnapshot)]
    struct Bracketed {
        outer: Outer,
    }

    #[derive(TelemetrySnapshot)]
    #[telemetry(tag = "name")]
    #[expect(dead_code, reason = "only its schema is looked at")]
    enum Outer {
        #[telemetry(rename = "x")]
        One { inner: Inner },
        #[telemetry(rename = "x>.inner<z")]
        Two { last: bool },
    }

    #[derive(TelemetrySnapshot)]
    #[telemetry(tag = "name")]
    #[expect(dead_code, reason = "only its schema is looked at")]
    enum Inner {
        #[telemetry(rename = "z")]
        One { last: bool },
    }

    let paths = paths::<Bracketed>();
    for path in ["outer<x>.inner<z>.last", "outer<x>.inner<z>.last#2"] {
        assert!(paths.iter().any(|known| known == path), "{path}: {paths:?}");
    }
}

#[test]
fn a_reason_is_a_sentence_without_values() {
    for (from, to, reason) in [
        ("86000", "87000", "timeout: the number is out of bounds"),
        ("86000", "86001", "timeout: the number has more leading digits than are sent"),
        ("86000", "86000.0", "timeout: a number that is not an integer in canonical form"),
        ("86000", "\"hunter2\"", "timeout: cannot be a text of 7 bytes"),
        ("86000", "null", "timeout: cannot be null"),
        ("86000", "[1]", "timeout: cannot be a list"),
        ("\"sqlite\"", "\"hunter2\"", "engine: a text of 7 bytes that is none of the words"),
        ("\"sqlite\"", "\"sql\\u0069te\"", "engine: an escape in a text"),
        ("\"1.2\"", "\"1.2-hunter2\"", "version: a text of 11 bytes that is not a version"),
        ("{\"required\":true}", "{}", "tls.required: missing"),
        (
            "[{\"required\":false}]",
            "[{\"required\":false},{\"required\":false},{\"required\":false}]",
            "pools: more than 2 items",
        ),
        ("[{\"required\":false}]", "[{\"required\":1}]", "pools[].required: cannot be a number"),
        ("\"b\",\"a\"", "\"a\",\"b\"", "plugins: a word of the set is repeated, or is not in its place"),
        (",\"warm\":true", "", "warm: missing beside members that are only sent together with it"),
        ("\"fast\":true", "\"slow\":true", "command: a member that the schema does not have, with a name of 4 bytes"),
        ("\"run\"", "\"stop\"", "command<run>.fast: not in its place among the other members"),
        ("\"run\"", "\"hunter2\"", "command.name: a text of 7 bytes that is none of the words"),
        ("{\"y\":true}", "{\"z\":true}", "level: an object that fits none of the variants"),
        ("{\"y\":true}", "\"hunter2\"", "level: a text of 7 bytes that is none of the words"),
        ("{\"y\":true}", "10", "level: the number is out of bounds"),
        ("{\"y\":true}", "true", "level: cannot be true or false"),
        (",\"empty\":{}", ",\"empty\":{},\"empty\":{}", "empty: there twice"),
        (
            "\"engine\":\"sqlite\",\"version\":\"1.2\"",
            "\"version\":\"1.2\",\"engine\":\"sqlite\"",
            "engine: not in its place among the other members",
        ),
        (
            "{\"timeout\"",
            "{\"hunter2\":1,\"timeout\"",
            "a member that the schema does not have, with a name of 7 bytes",
        ),
        ("\"timeout\":86000,", "", "timeout: missing"),
        ("\"timeout\":", "\"timeout\": ", "timeout: white space between values"),
        ("\"empty\":{}", "\"empty\":{ }", "empty: white space between values"),
        ("\"empty\":{}}", "\"empty\":{}", "not JSON"),
        ("sqlite", "\u{1}", "not JSON"),
    ] {
        let text = GOOD.replacen(from, to, 1);
        assert_ne!(text, GOOD);
        let found = known().check(text.as_bytes()).unwrap_err();
        assert_eq!(found.to_string(), reason, "{text}");
    }
}
