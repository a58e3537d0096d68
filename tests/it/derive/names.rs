//! Names of serde and clap, beside what serde and clap themselves make of the same types.

mod unasked;

use clap::builder::PossibleValue;
use clap::{ArgAction, CommandFactory, Parser, Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};
use telemetry::TelemetrySnapshot;

use super::json;

#[derive(Serialize, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Server {
    max_age_set: bool,
    #[serde(rename = "TLS", default, alias = "ssl")]
    tls: bool,
    #[serde(rename(serialize = "written", deserialize = "read"))]
    sides: bool,
    #[telemetry(rename = "mine")]
    #[serde(rename = "theirs")]
    both: bool,
    #[serde(flatten)]
    limits: Limits,
    #[telemetry(presence)]
    #[serde(flatten)]
    extra: std::collections::BTreeMap<String, String>,
    #[serde(skip)]
    skipped: String,
    #[serde(skip_deserializing)]
    computed: Vec<u8>,
    #[serde(skip_serializing)]
    read_only: bool,
    #[telemetry(presence)]
    #[serde(skip)]
    stated: String,
    #[serde(skip_serializing_if = "Option::is_none", with = "as_is")]
    level: Option<Level>,
    store: Store,
}

mod as_is {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<T: Serialize, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }

    pub(super) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(reader: D) -> Result<T, D::Error> {
        T::deserialize(reader)
    }
}

#[derive(Serialize, Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all(serialize = "UPPERCASE", deserialize = "kebab-case"))]
struct Limits {
    per_user: bool,
}

#[derive(Serialize, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "lowercase")]
enum Level {
    Low,
    #[serde(rename = "HIGH")]
    High,
    #[serde(skip)]
    Custom(String),
}

#[derive(Serialize, Deserialize, TelemetrySnapshot)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
enum Store {
    InMemory,
    OnDisk {
        with_journal: bool,
    },
    #[serde(rename_all = "UPPERCASE")]
    Remote {
        keep_alive: bool,
    },
    Limited(Limits),
}

fn server(store: Store, level: Level) -> Server {
    Server {
        max_age_set: true,
        tls: true,
        sides: true,
        both: true,
        limits: Limits { per_user: true },
        extra: [("hunter2".to_owned(), String::new())].into(),
        skipped: String::new(),
        computed: Vec::new(),
        read_only: true,
        stated: String::new(),
        level: Some(level),
        store,
    }
}

#[test]
fn names_are_those_that_serde_reads() {
    assert_eq!(
        json(&server(Store::OnDisk { with_journal: true }, Level::High)),
        concat!(
            r#"{"maxAgeSet":true,"TLS":true,"read":true,"mine":true,"per-user":true,"extra":true,"readOnly":true,"#,
            r#""stated":false,"level":"HIGH","store":{"type":"on_disk","withJournal":true}}"#
        ),
    );
    assert_eq!(json(&Store::Remote { keep_alive: true }), r#"{"type":"remote","KEEP_ALIVE":true}"#);
    assert_eq!(json(&Store::Limited(Limits { per_user: true })), r#"{"type":"limited","per-user":true}"#);
    assert_eq!(json(&Level::Custom("hunter2".into())), r#""custom""#);
    let read: Store = serde_json::from_str(&json(&Store::OnDisk { with_journal: true })).unwrap();
    assert!(matches!(read, Store::OnDisk { with_journal: true }));
    let read: Store = serde_json::from_str(&json(&Store::Limited(Limits { per_user: true }))).unwrap();
    assert!(matches!(read, Store::Limited(Limits { per_user: true })));
}

#[derive(Serialize, Deserialize, TelemetrySnapshot)]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    Unit,
    Value(bool),
    Named { on: bool },
}

/// Names that cannot be sent are replaced, each by its own key.
#[derive(Serialize, TelemetrySnapshot)]
#[serde(tag = "@type", content = "data")]
#[telemetry(tag = "kind")]
enum OtherTag {
    Value(bool),
}

#[derive(Serialize, TelemetrySnapshot)]
#[serde(tag = "kind", content = "$data")]
#[telemetry(content = "data")]
enum OtherContent {
    Value(bool),
}

#[test]
fn a_tag_and_its_content_are_replaced_apart() {
    let expected = r#"{"kind":"Value","data":true}"#;
    assert_eq!(
        (json(&OtherTag::Value(true)).as_str(), json(&OtherContent::Value(true)).as_str()),
        (expected, expected)
    );
}

#[derive(Serialize, Deserialize, TelemetrySnapshot)]
#[serde(untagged)]
enum Untagged {
    Value(bool),
    Named { on: bool },
}

#[derive(Serialize, Deserialize, TelemetrySnapshot)]
#[serde(transparent)]
struct Transparent {
    inner: bool,
}

/// Serde writes an object for each variant also where no variant has data.
#[derive(Serialize, Deserialize, TelemetrySnapshot)]
#[serde(tag = "log_format", rename_all = "lowercase")]
enum LogFormat {
    Json,
    Pretty,
}

#[derive(Serialize, Deserialize, TelemetrySnapshot)]
#[serde(tag = "t", content = "$c")]
enum AdjacentWithoutData {
    Unit,
}

#[derive(Serialize, Deserialize, TelemetrySnapshot)]
#[serde(tag = "type")]
enum TaggedAndSkipped {
    Known,
    #[serde(skip)]
    Other(String),
}

#[derive(Serialize, Deserialize, TelemetrySnapshot)]
struct Logging {
    verbose: bool,
    #[serde(flatten)]
    format: LogFormat,
    fallback: Option<LogFormat>,
}

#[test]
fn shapes_are_those_of_serde() {
    fn same<T: Serialize + TelemetrySnapshot>(value: &T) {
        assert_eq!(json(value), serde_json::to_string(value).unwrap());
    }
    [Adjacent::Unit, Adjacent::Value(true), Adjacent::Named { on: true }].iter().for_each(same);
    [Untagged::Value(true), Untagged::Named { on: true }].iter().for_each(same);
    same(&Transparent { inner: true });
    [LogFormat::Json, LogFormat::Pretty].iter().for_each(same);
    same(&AdjacentWithoutData::Unit);
    same(&TaggedAndSkipped::Known);
    same(&Logging { verbose: true, format: LogFormat::Pretty, fallback: Some(LogFormat::Json) });
    assert_eq!(json(&LogFormat::Json), r#"{"log_format":"json"}"#);
    [Store::InMemory, Store::OnDisk { with_journal: false }, Store::Remote { keep_alive: true }].iter().for_each(same);
}

/// Serde allows a tag on any type. That of a struct is not sent, and an enum without data needs none, so they may have any name.
#[derive(Serialize, TelemetrySnapshot)]
#[serde(tag = "@kind")]
struct Tagged {
    on: bool,
}

#[derive(Serialize, TelemetrySnapshot)]
#[serde(tag = "@kind", content = "data")]
enum TaggedWord {
    On,
}

#[test]
fn a_tag_of_serde_that_tells_no_data_apart_may_have_any_name() {
    assert_eq!(json(&Tagged { on: true }), r#"{"on":true}"#);
    assert_eq!(json(&TaggedWord::On), r#""On""#);
}

const PORT: &str = "tcp-port";

#[derive(Parser, TelemetrySnapshot)]
#[command(name = "acme", version = PORT)]
struct Tool {
    #[arg(long, short = 'n', default_value_t = false, visible_aliases = ["dry", "nothing"])]
    dry_run: bool,
    #[arg(long = "continue")]
    keep_going: bool,
    #[arg(id = "silent", long)]
    quiet: bool,
    #[arg(long, value_enum, default_value_t = Mode::FastMode)]
    mode: Mode,
    #[arg(long = PORT)]
    #[telemetry(rename = "port", bucket(1024))]
    port: Option<u16>,
    #[command(flatten)]
    network: Network,
    #[arg(skip)]
    cache: std::cell::Cell<u8>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(clap::Args, TelemetrySnapshot)]
#[command(rename_all = "snake_case")]
struct Network {
    #[arg(long)]
    no_proxy: bool,
}

#[expect(clippy::enum_variant_names, reason = "the names of variants are tested")]
#[derive(Clone, Copy, ValueEnum, TelemetrySnapshot)]
enum Mode {
    FastMode,
    #[value(name = "2x", alias = "double")]
    Twice,
    #[value(skip)]
    HTTPMode,
}

#[derive(Subcommand, TelemetrySnapshot)]
#[telemetry(tag = "name")]
enum Command {
    ListAll,
    #[command(name = "exec", visible_alias = "x")]
    RunQuery(Run),
    Inline {
        #[arg(long)]
        with_tls: bool,
    },
    #[command(subcommand)]
    Remote(Remote),
    #[command(external_subcommand)]
    Other(Vec<String>),
}

#[derive(clap::Args, TelemetrySnapshot)]
struct Run {
    #[telemetry(presence)]
    #[arg(long)]
    sql_file: Option<std::path::PathBuf>,
}

#[derive(Subcommand, TelemetrySnapshot)]
#[command(rename_all = "UPPER")]
enum Remote {
    AddOne,
    Remove,
}

fn parse(arguments: &[&str]) -> String {
    json(&Tool::parse_from([&["acme"], arguments].concat()))
}

#[test]
fn names_are_those_that_users_type() {
    assert_eq!(
        parse(&["--dry-run", "--silent", "--tcp-port", "80", "--mode", "2x", "--no_proxy", "list-all"]),
        concat!(
            r#"{"dry-run":true,"continue":false,"silent":true,"mode":"2x","port":"<1024","no_proxy":true,"#,
            r#""command":{"name":"list-all"}}"#
        ),
    );
    let command =
        |arguments| serde_json::from_str::<serde_json::Value>(&parse(arguments)).unwrap()["command"].to_string();
    assert_eq!(command(&["exec", "--sql-file", "/home/jane/a.sql"]), r#"{"name":"exec","sql-file":true}"#);
    assert_eq!(command(&["inline", "--with-tls"]), r#"{"name":"inline","with-tls":true}"#);
    assert_eq!(command(&["remote", "ADDONE"]), r#"{"name":"remote","value":"ADDONE"}"#);
    assert_eq!(command(&["hunter2", "x"]), r#"{"name":"other","value":2}"#);
    assert_eq!(json(&Mode::HTTPMode), r#""http-mode""#);
    assert_eq!(Mode::HTTPMode.to_possible_value().map(|value: PossibleValue| value.get_name().to_owned()), None);
}

#[derive(Parser, TelemetrySnapshot)]
struct Negated {
    #[arg(long = "no-cache", action = ArgAction::SetFalse)]
    #[telemetry(rename = "cache")]
    cache: bool,
    #[arg(long = "no-color", action = ArgAction::SetFalse)]
    #[telemetry(flag, with = |color| !color)]
    color: bool,
    #[arg(long, action = ArgAction::SetFalse)]
    #[telemetry(changed(from = true))]
    offline: bool,
    #[arg(short = 'q', action = ArgAction::SetFalse)]
    progress: bool,
}

#[test]
fn a_flag_that_sets_its_field_to_false_is_not_told_upside_down() {
    let sent = |arguments: &[&str]| json(&Negated::parse_from([&["acme"], arguments].concat()));
    assert_eq!(sent(&[]), r#"{"cache":true,"no-color":false,"offline":false,"progress":true}"#);
    assert_eq!(
        sent(&["--no-cache", "--no-color", "--offline", "-q"]),
        r#"{"cache":false,"no-color":true,"offline":true,"progress":false}"#
    );
}

#[derive(Parser, TelemetrySnapshot)]
struct Ids {
    #[arg(id = "first", long)]
    before: bool,
    #[arg(long, id = "second")]
    after: bool,
    #[arg(long = "third", id = "x")]
    both: bool,
    #[arg(id = "y", long = "fourth")]
    also: bool,
    #[arg(default_value_t = 1 << 2, long = "fifth")]
    #[telemetry(number(max = 9))]
    shifted: u8,
}

#[test]
fn a_long_name_goes_before_an_id() {
    let sent: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&json(&Ids::parse_from(["ids"]))).unwrap();
    let mut longs: Vec<_> =
        Ids::command().get_arguments().filter_map(|one| one.get_long().map(str::to_owned)).collect();
    longs.sort();
    assert_eq!(longs, ["after", "fifth", "first", "fourth", "third"]);
    let mut sent: Vec<_> = sent.keys().cloned().collect();
    sent.sort();
    assert_eq!(sent, longs);
}

/// The attribute of older versions of clap, which stands for all others.
#[derive(Parser, TelemetrySnapshot)]
#[clap(name = "older", rename_all = "snake_case")]
struct Older {
    #[clap(long, short = 'n')]
    dry_run: bool,
    #[clap(long = "continue")]
    keep_going: bool,
    #[clap(long, value_enum, default_value_t = Pace::VerySlow)]
    pace: Pace,
    #[clap(skip)]
    cache: std::cell::Cell<u8>,
    #[clap(flatten)]
    network: Network,
    #[clap(subcommand)]
    command: OlderCommand,
}

#[derive(Subcommand, TelemetrySnapshot)]
enum OlderCommand {
    #[clap(name = "all")]
    ListAll,
    ListNone,
}

#[derive(Clone, Copy, ValueEnum, TelemetrySnapshot)]
#[value(rename_all = "SCREAMING_SNAKE_CASE")]
enum Pace {
    VerySlow,
    #[value(name = "quick")]
    Fast,
}

#[test]
fn the_attribute_of_older_versions_of_clap_counts_as_well() {
    let older = |arguments: &[&str]| json(&Older::parse_from([&["older"], arguments].concat()));
    assert_eq!(
        older(&["--dry_run", "--continue", "--pace", "quick", "--no_proxy", "all"]),
        r#"{"dry_run":true,"continue":true,"pace":"quick","no_proxy":true,"command":"all"}"#
    );
    assert_eq!(
        older(&["--pace", "VERY_SLOW", "list-none"]),
        r#"{"dry_run":false,"continue":false,"pace":"VERY_SLOW","no_proxy":false,"command":"list-none"}"#
    );
}

#[test]
fn values_are_called_as_in_clap() {
    let names: Vec<_> = Pace::value_variants()
        .iter()
        .map(|value| format!("{:?}", value.to_possible_value().unwrap().get_name()))
        .collect();
    assert_eq!([Pace::VerySlow, Pace::Fast].map(|value| json(&value)).to_vec(), names);
}

/// The long name of each flag in clap, for a type under each of its cases.
macro_rules! clap_case {
    ($($case:tt)?) => {{
        #[derive(clap::Args, TelemetrySnapshot)]
        $(#[command(rename_all = $case)])?
        #[allow(non_snake_case, reason = "odd names are what is tested")]
        struct Flags {
            #[arg(long)]
            a: bool,
            #[arg(long)]
            max_age_s: bool,
            #[arg(long)]
            a__b: bool,
            #[arg(long)]
            trailing_: bool,
            #[arg(long)]
            maxAge: bool,
            #[arg(long)]
            HTTPPort2: bool,
            #[arg(long)]
            ipv4_only: bool,
            #[arg(long)]
            r#type: bool,
        }

        #[derive(Parser, TelemetrySnapshot)]
        struct Line {
            #[command(flatten)]
            flags: Flags,
        }

        #[derive(Subcommand, TelemetrySnapshot)]
        #[telemetry(names = "clap")]
        $(#[command(rename_all = $case)])?
        #[allow(non_camel_case_types, reason = "odd names are what is tested")]
        enum Words {
            MaxAgeS,
            HTTPServer,
            Foo_Bar,
            Ipv4Only,
            A,
            lower,
            V2Beta,
        }

        let line = json(&Line::parse_from(["line"]));
        let sent: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&line).unwrap();
        let mut longs: Vec<String> = Line::command().get_arguments().filter_map(|argument| argument.get_long().map(str::to_owned)).collect();
        longs.sort();
        assert_eq!(sent.keys().cloned().collect::<Vec<_>>(), longs);
        let command = Words::augment_subcommands(clap::Command::new("x"));
        let names: Vec<String> = command.get_subcommands().map(|one| format!("{:?}", one.get_name())).collect();
        let all = [Words::MaxAgeS, Words::HTTPServer, Words::Foo_Bar, Words::Ipv4Only, Words::A, Words::lower, Words::V2Beta];
        assert_eq!(all.map(|word| json(&word)).to_vec(), names);
    }};
}

#[test]
fn cases_are_those_of_clap() {
    clap_case!();
    clap_case!("camelCase");
    clap_case!("kebab-case");
    clap_case!("PascalCase");
    clap_case!("SCREAMING_SNAKE_CASE");
    clap_case!("snake_case");
    clap_case!("lower");
    clap_case!("UPPER");
    clap_case!("verbatim");
}
