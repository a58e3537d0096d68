//! Shapes of structs, and attributes of containers.

use std::marker::PhantomData;

use telemetry::{TelemetryEvent, TelemetrySnapshot};

use super::json;

#[derive(TelemetrySnapshot)]
struct Unit;

#[derive(TelemetrySnapshot)]
struct Empty {}

#[derive(TelemetrySnapshot)]
struct Pair(
    #[telemetry(rename = "left")] bool,
    #[telemetry(skip)] String,
    #[telemetry(rename = "right", presence)] String,
);

#[derive(TelemetrySnapshot)]
struct Port(#[telemetry(bucket(1_024))] u16);

#[derive(TelemetrySnapshot)]
struct Wrapped(Pair);

#[derive(TelemetrySnapshot)]
struct ApiKey(#[telemetry(presence)] String);

#[derive(TelemetrySnapshot)]
#[telemetry(transparent)]
struct Marked<T> {
    value: bool,
    #[telemetry(skip)]
    _marker: PhantomData<T>,
}

#[derive(TelemetrySnapshot)]
#[telemetry(transparent)]
struct Phantom<T> {
    value: bool,
    marker: PhantomData<T>,
}

#[test]
fn a_marker_beside_the_one_field_needs_no_attribute() {
    assert_eq!(json(&Phantom::<String> { value: true, marker: PhantomData }), "true");
}

#[derive(TelemetrySnapshot)]
struct All {
    unit: Unit,
    empty: Empty,
    wrapped: Wrapped,
    port: Option<Port>,
    no_port: Option<Port>,
    key: Option<ApiKey>,
    no_key: Option<ApiKey>,
    #[telemetry(each)]
    ports: Vec<Port>,
    marked: Marked<String>,
}

#[test]
fn shapes() {
    let pair = || Pair(true, "hunter2".into(), String::new());
    assert_eq!(json(&pair()), r#"{"left":true,"right":false}"#);
    assert_eq!(json(&Port(80)), r#""<1024""#);
    let all = All {
        unit: Unit,
        empty: Empty {},
        wrapped: Wrapped(pair()),
        port: Some(Port(8_080)),
        no_port: None,
        key: Some(ApiKey("hunter2".into())),
        no_key: None,
        ports: vec![Port(22)],
        marked: Marked { value: true, _marker: PhantomData },
    };
    assert_eq!(
        json(&all),
        r#"{"unit":{},"empty":{},"wrapped":{"left":true,"right":false},"port":"1024+","key":true,"no_key":false,"ports":["<1024"],"marked":true}"#
    );
}

/// Keys of up to 28 letters are copied in one piece; longer ones are put together.
#[derive(TelemetrySnapshot)]
struct Lengths {
    #[telemetry(rename = "n")]
    shortest: bool,
    #[telemetry(rename = "nnnnnnnnnnnnnnnnnnnnnnnnnnnn")]
    piece: bool,
    #[telemetry(rename = "NNNNNNNNNNNNNNNNNNNNNNNNNNNNN")]
    parts: bool,
    #[telemetry(rename = "n23456789012345678901234567890123456789012345678901234567890flag")]
    flag: bool,
    #[telemetry(rename = "n2345678901234567890123456789012345678901234567890123456789count")]
    count: Vec<u16>,
    #[telemetry(
        rename = "n234567890123456789012345678901234567890123456789012345678number",
        number(max = 9_007_199_254_740_991)
    )]
    number: u64,
    #[telemetry(rename = "n234567890123456789012345678901234567890123456789012345678bucket", bucket(-9_007_199_254_740_991, 9_007_199_254_740_991))]
    bucket: i64,
    #[telemetry(
        rename = "n23456789012345678901234567890123456789012345678901234567890word",
        one_of("w234567890123456789012345678901234567890123456789012345678901234")
    )]
    word: &'static str,
    #[telemetry(rename = "n2345678901234567890123456789012345678901234567890123456789group")]
    group: Wrapped,
}

#[test]
fn names_of_every_length_are_written() {
    let (word, flag) =
        ("w234567890123456789012345678901234567890123456789012345678901234", r#"{"left":true,"right":false}"#);
    let lengths = |depth| Lengths {
        shortest: true,
        piece: false,
        parts: true,
        flag: false,
        count: vec![0; depth],
        number: u64::MAX,
        bucket: 0,
        word,
        group: Wrapped(Pair(true, String::new(), String::new())),
    };
    let name = |end: &str| {
        format!("{}{end}", &"n2345678901234567890123456789012345678901234567890123456789012345"[..64 - end.len()])
    };
    let expected = |count: usize| {
        let members = [
            ("n".into(), "true".into()),
            ("n".repeat(28), "false".into()),
            ("N".repeat(29), "true".into()),
            (name("flag"), "false".into()),
            (name("count"), count.to_string()),
            (name("number"), "9007199254740991".into()),
            (name("bucket"), "\"-9007199254740991-9007199254740990\"".into()),
            (name("word"), format!("\"{word}\"")),
            (name("group"), flag.to_owned()),
        ];
        format!("{{{}}}", members.map(|(name, value): (String, String)| format!("\"{name}\":{value}")).join(","))
    };
    assert_eq!(json(&lengths(7)), expected(7));
    // In a list the buffer has to grow, each time at a different place.
    let many: Vec<_> = (0..50).map(lengths).collect();
    assert_eq!(json(&Many { many }), format!("{{\"many\":[{}]}}", (0..50).map(expected).collect::<Vec<_>>().join(",")));
}

#[derive(TelemetrySnapshot)]
struct Many {
    #[telemetry(each)]
    many: Vec<Lengths>,
}

#[test]
fn rename_all_spells_like_serde() {
    macro_rules! spelled {
        ($($case:literal $name:literal)+) => {$({
            #[derive(TelemetrySnapshot)]
            #[telemetry(rename_all = $case)]
            struct Options {
                max_age_s: bool,
                #[telemetry(rename = "asIs")]
                other_one: bool,
            }
            assert_eq!(json(&Options { max_age_s: true, other_one: true }), format!(r#"{{"{}":true,"asIs":true}}"#, $name));
        })+};
    }
    spelled! {
        "lowercase" "max_age_s"
        "UPPERCASE" "MAX_AGE_S"
        "PascalCase" "MaxAgeS"
        "camelCase" "maxAgeS"
        "snake_case" "max_age_s"
        "SCREAMING_SNAKE_CASE" "MAX_AGE_S"
        "kebab-case" "max-age-s"
        "SCREAMING-KEBAB-CASE" "MAX-AGE-S"
    }
}

#[derive(TelemetrySnapshot)]
#[telemetry(event = "cli_generate", context, budget_bits = 402)]
struct Generated {
    forced: Option<bool>,
}

#[derive(TelemetryEvent)]
#[telemetry(event = "ping")]
struct Ping;

#[test]
fn events_have_a_name_and_a_budget() {
    assert_eq!(Generated::NAME, "cli_generate");
    assert_eq!(Generated::BUDGET_BITS, 402);
    assert_eq!((Ping::NAME, Ping::BUDGET_BITS), ("ping", 1_024));
    assert_eq!(json(&Generated { forced: Some(true) }), r#"{"forced":true}"#);
    assert_eq!(json(&Ping), "{}");
}

#[derive(TelemetrySnapshot)]
struct Tree<T> {
    value: T,
    left: Option<Box<Tree<T>>>,
    #[telemetry(each(max = 2))]
    children: Vec<Self>,
}

#[test]
fn recursion() {
    let leaf = || Tree { value: true, left: None, children: vec![] };
    let tree = Tree { value: false, left: Some(Box::new(leaf())), children: vec![leaf(), leaf(), leaf()] };
    let leaf = r#"{"value":true,"children":[]}"#;
    assert_eq!(json(&tree), format!(r#"{{"value":false,"left":{leaf},"children":[{leaf},{leaf}]}}"#));
}

#[derive(TelemetrySnapshot)]
#[telemetry(bound = "T: AsRef<str>")]
struct Bound<T> {
    #[telemetry(presence, with = AsRef::as_ref)]
    text: T,
}

#[derive(TelemetrySnapshot)]
struct Borrowed<'a, T, const N: usize = 2>
where
    T: Clone,
{
    value: &'a T,
    #[telemetry(count)]
    items: [T; N],
}

#[test]
fn generics() {
    assert_eq!(json(&Bound { text: "x" }), r#"{"text":true}"#);
    assert_eq!(json(&Borrowed { value: &true, items: [true, false] }), r#"{"value":true,"items":2}"#);
}

/// Without a snapshot.
#[derive(PartialEq)]
struct Foreign;

#[derive(TelemetrySnapshot, PartialEq)]
struct Branch<T> {
    #[telemetry(skip)]
    value: T,
    #[telemetry(count)]
    children: Vec<Branch<T>>,
    #[telemetry(presence)]
    parent: Option<Box<Branch<T>>>,
    #[telemetry(changed(from = None))]
    next: Option<Box<Branch<T>>>,
}

#[test]
fn a_recursive_type_asks_for_the_snapshots_that_it_sends() {
    let leaf = || Branch { value: Foreign, children: Vec::new(), parent: None, next: None };
    let tree = Branch { children: vec![leaf(), leaf()], parent: Some(Box::new(leaf())), ..leaf() };
    assert_eq!(json(&tree), r#"{"children":2,"parent":true,"next":false}"#);
}
