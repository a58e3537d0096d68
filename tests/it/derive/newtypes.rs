//! Variants with one value, under a tag: the members of a group beside the tag, any other value under `value`.

use std::collections::BTreeMap;

use telemetry::TelemetrySnapshot;

use super::{field, json};

#[derive(TelemetrySnapshot)]
struct RunArgs {
    fast: bool,
    #[telemetry(presence)]
    file: Option<String>,
}

/// A newtype is what it holds, whatever it is called.
#[derive(TelemetrySnapshot)]
struct Text(RunArgs);

#[derive(TelemetrySnapshot)]
struct Group(#[telemetry(presence)] String);

#[derive(TelemetrySnapshot)]
#[telemetry(rename_all = "lowercase")]
enum Level {
    Low,
    High,
}

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "action", rename_all = "lowercase")]
enum Remote {
    List,
    Add(Box<AddArgs>),
}

#[derive(TelemetrySnapshot)]
struct AddArgs {
    force: bool,
    target: Target,
}

#[derive(TelemetrySnapshot)]
#[telemetry(untagged, rename_all = "lowercase")]
enum Target {
    All,
    Level(Level),
}

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "name", rename_all = "lowercase")]
enum Command {
    Status,
    Run(RunArgs),
    Text(Text),
    Group(Group),
    Maybe(Option<RunArgs>),
    Remote(Remote),
    Level(Level),
    Hosts(Vec<String>),
    Each(#[telemetry(each)] Vec<Level>),
    Map(#[telemetry(each(key = "id", one_of("a")))] BTreeMap<String, RunArgs>),
    Retries(#[telemetry(number(max = 10))] u8),
    Target(Target),
    Named(#[telemetry(rename = "level")] Level),
    Again(#[telemetry(rename = "command")] Box<Command>),
}

fn run(fast: bool) -> RunArgs {
    RunArgs { fast, file: Some("/home/jane/acme.sql".into()) }
}

#[test]
fn members_of_a_group_stand_beside_the_tag() {
    assert_eq!(json(&Command::Status), r#"{"name":"status"}"#);
    assert_eq!(json(&Command::Run(run(true))), r#"{"name":"run","fast":true,"file":true}"#);
    assert_eq!(json(&Command::Text(Text(run(false)))), r#"{"name":"text","fast":false,"file":true}"#);
    assert_eq!(json(&Command::Maybe(Some(run(true)))), r#"{"name":"maybe","fast":true,"file":true}"#);
    assert_eq!(json(&Command::Maybe(None)), r#"{"name":"maybe"}"#);
}

#[test]
fn a_subcommand_stands_under_its_own_tag() {
    assert_eq!(json(&Command::Remote(Remote::List)), r#"{"name":"remote","action":"list"}"#);
    let add = Remote::Add(Box::new(AddArgs { force: true, target: Target::Level(Level::High) }));
    assert_eq!(json(&Command::Remote(add)), r#"{"name":"remote","action":"add","force":true,"target":"high"}"#);
}

#[test]
fn any_other_value_is_called_value() {
    assert_eq!(json(&Command::Group(Group("hunter2".into()))), r#"{"name":"group","value":true}"#);
    assert_eq!(json(&Command::Level(Level::Low)), r#"{"name":"level","value":"low"}"#);
    assert_eq!(json(&Command::Hosts(vec!["acme.example".into()])), r#"{"name":"hosts","value":1}"#);
    assert_eq!(json(&Command::Each(vec![Level::Low, Level::High])), r#"{"name":"each","value":["low","high"]}"#);
    let map = BTreeMap::from([("b".to_owned(), run(true))]);
    assert_eq!(json(&Command::Map(map)), r#"{"name":"map","value":[{"id":"other","fast":true,"file":true}]}"#);
    assert_eq!(json(&Command::Retries(99)), r#"{"name":"retries","value":10}"#);
    assert_eq!(json(&Command::Target(Target::All)), r#"{"name":"target","value":"all"}"#);
}

#[test]
fn a_value_can_have_a_name() {
    assert_eq!(json(&Command::Named(Level::High)), r#"{"name":"named","level":"high"}"#);
    assert_eq!(
        json(&Command::Again(Box::new(Command::Run(run(true))))),
        r#"{"name":"again","command":{"name":"run","fast":true,"file":true}}"#
    );
}

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "kind", content = "data")]
enum Adjacent {
    Off,
    Level(Level),
    Run(RunArgs),
    Named {
        kind: bool,
    },
    Pair(#[telemetry(rename = "x")] bool, #[telemetry(rename = "y")] bool),
    Hidden {
        #[telemetry(skip)]
        secret: String,
    },
}

#[test]
fn content_holds_what_a_variant_contains() {
    assert_eq!(json(&Adjacent::Off), r#"{"kind":"Off"}"#);
    assert_eq!(json(&Adjacent::Level(Level::Low)), r#"{"kind":"Level","data":"low"}"#);
    assert_eq!(json(&Adjacent::Run(run(true))), r#"{"kind":"Run","data":{"fast":true,"file":true}}"#);
    assert_eq!(json(&Adjacent::Named { kind: true }), r#"{"kind":"Named","data":{"kind":true}}"#);
    assert_eq!(json(&Adjacent::Pair(true, false)), r#"{"kind":"Pair","data":{"x":true,"y":false}}"#);
    assert_eq!(json(&Adjacent::Hidden { secret: "hunter2".into() }), r#"{"kind":"Hidden","data":{}}"#);
}

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "kind", content = "data", rename_all = "lowercase")]
enum FlattenedContent {
    Run(#[telemetry(flatten)] RunArgs),
    Remote(#[telemetry(flatten)] Option<Remote>),
}

#[test]
fn content_holds_what_is_flattened() {
    assert_eq!(json(&FlattenedContent::Run(run(true))), r#"{"kind":"run","data":{"fast":true,"file":true}}"#);
    assert_eq!(json(&FlattenedContent::Remote(Some(Remote::List))), r#"{"kind":"remote","data":{"action":"list"}}"#);
    assert_eq!(json(&FlattenedContent::Remote(None)), r#"{"kind":"remote","data":{}}"#);
}

#[derive(TelemetrySnapshot)]
struct Tool {
    verbose: bool,
    #[telemetry(flatten)]
    remote: Option<Remote>,
}

#[test]
fn an_enum_under_a_tag_can_be_flattened() {
    assert_eq!(json(&Tool { verbose: true, remote: Some(Remote::List) }), r#"{"verbose":true,"action":"list"}"#);
    assert_eq!(json(&Tool { verbose: true, remote: None }), r#"{"verbose":true}"#);
}

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "op")]
enum Generic<T> {
    Value(T),
    None,
}

#[test]
fn the_type_decides_in_a_generic_enum_too() {
    assert_eq!(json(&Generic::Value(run(true))), r#"{"op":"Value","fast":true,"file":true}"#);
    assert_eq!(json(&Generic::Value(true)), r#"{"op":"Value","value":true}"#);
    field!(Generic<bool> { Generic::None => r#"{"op":"None"}"# });
}
