//! A type that carries attributes of serde or clap is told under their names, unless it says otherwise.

use std::collections::BTreeMap;

use clap::Args;
use serde::{Deserialize, Serialize};
use telemetry::TelemetrySnapshot;

use crate::derive::json;

/// One attribute of serde is enough, wherever it is.
#[derive(Deserialize, TelemetrySnapshot)]
struct OnField {
    #[serde(rename = "tls")]
    is_encrypted: bool,
    keep_alive: bool,
}

#[derive(Deserialize, TelemetrySnapshot)]
enum OnVariant {
    #[serde(rename = "1.3")]
    V1_3,
}

#[derive(Deserialize, TelemetrySnapshot)]
#[telemetry(tag = "type")]
enum OnFieldOfVariant {
    Named {
        #[serde(rename = "tls")]
        is_encrypted: bool,
    },
}

#[derive(Args, TelemetrySnapshot)]
struct Flags {
    #[arg(short)]
    dry_run: bool,
    keep_going: bool,
}

#[test]
fn one_attribute_of_serde_or_clap_is_followed_wherever_it_is() {
    assert_eq!(json(&OnField { is_encrypted: true, keep_alive: true }), r#"{"tls":true,"keep_alive":true}"#);
    assert_eq!(json(&OnVariant::V1_3), r#""1.3""#);
    assert_eq!(json(&OnFieldOfVariant::Named { is_encrypted: true }), r#"{"type":"Named","tls":true}"#);
    assert_eq!(json(&Flags { dry_run: true, keep_going: false }), r#"{"dry-run":true,"keep-going":false}"#);
}

/// What is told of a type that carries attributes of both crates, with names from `$names`.
macro_rules! told {
    ($names:literal) => {{
        #[derive(Args, Deserialize, TelemetrySnapshot)]
        #[telemetry(names = $names)]
        #[serde(rename_all = "camelCase")]
        struct Both {
            #[arg(long = "fast")]
            #[serde(rename = "QUICK")]
            is_fast: bool,
            max_age: bool,
            #[telemetry(rename = "mine")]
            #[serde(rename = "theirs")]
            #[arg(long = "theirs")]
            stated: bool,
            #[serde(skip)]
            of_program: bool,
        }

        json(&Both { is_fast: true, max_age: true, stated: true, of_program: true })
    }};
}

#[test]
fn what_a_type_states_wins_over_the_attributes_that_it_carries() {
    assert_eq!(told!("serde"), r#"{"QUICK":true,"maxAge":true,"mine":true}"#);
    assert_eq!(told!("clap"), r#"{"fast":true,"max-age":true,"mine":true,"of-program":true}"#);
    assert_eq!(told!("rust"), r#"{"is_fast":true,"max_age":true,"mine":true,"of_program":true}"#);
}

#[derive(Deserialize, TelemetrySnapshot)]
#[telemetry(names = "rust", rename_all = "SCREAMING_SNAKE_CASE", tag = "mine")]
#[serde(tag = "theirs", rename_all = "camelCase")]
enum Stated {
    #[serde(rename = "x")]
    WithLog {
        #[telemetry(rename = "is")]
        #[serde(rename = "y")]
        on: bool,
    },
}

#[test]
fn with_names_of_rust_this_crates_attributes_count_alone() {
    assert_eq!(json(&Stated::WithLog { on: true }), r#"{"mine":"WITH_LOG","is":true}"#);
}

#[derive(Deserialize)]
struct Raw {
    on: bool,
}

/// Attributes that change how serde reads a value, not what its fields are called.
#[derive(Deserialize, TelemetrySnapshot)]
#[serde(from = "Raw", rename_all = "camelCase")]
struct ByFrom {
    is_on: bool,
}

#[derive(Deserialize, TelemetrySnapshot)]
#[serde(try_from = "Raw")]
struct ByTryFrom {
    is_on: bool,
}

impl From<Raw> for ByFrom {
    fn from(raw: Raw) -> Self {
        Self { is_on: raw.on }
    }
}

impl From<Raw> for ByTryFrom {
    fn from(raw: Raw) -> Self {
        Self { is_on: raw.on }
    }
}

struct Foreign {
    is_on: bool,
}

#[derive(Deserialize, TelemetrySnapshot)]
#[serde(remote = "Foreign", rename_all = "camelCase")]
struct Mirror {
    is_on: bool,
}

#[derive(Deserialize, TelemetrySnapshot)]
struct OfForeign {
    #[serde(with = "Mirror", rename = "theirs")]
    #[telemetry(nested, with = |foreign: &Foreign| Mirror { is_on: foreign.is_on })]
    foreign: Foreign,
    #[serde(default, alias = "b", skip_serializing_if = "Option::is_none")]
    plain: Option<bool>,
}

#[test]
fn attributes_about_something_else_than_names_have_no_effect() {
    assert_eq!(json(&ByFrom::from(Raw { on: true })), r#"{"isOn":true}"#);
    assert_eq!(json(&ByTryFrom::from(Raw { on: true })), r#"{"is_on":true}"#);
    let read: OfForeign = serde_json::from_str(r#"{"theirs":{"isOn":true},"b":false}"#).unwrap();
    assert_eq!(json(&read), r#"{"theirs":{"isOn":true},"plain":false}"#);
}

/// What serde leaves out is sent if this crate's attributes name it.
#[derive(Deserialize, TelemetrySnapshot)]
struct Renamed {
    #[serde(skip)]
    #[telemetry(rename = "connected")]
    is_connected: bool,
    #[serde(skip)]
    is_busy: bool,
}

#[test]
fn a_skipped_field_with_a_name_here_is_sent() {
    assert_eq!(json(&Renamed { is_connected: true, is_busy: true }), r#"{"connected":true}"#);
}

#[derive(Serialize, Deserialize, TelemetrySnapshot)]
#[serde(tag = "@type", content = "@data")]
#[telemetry(tag = "kind", content = "")]
enum Beside {
    Limits(Limits),
}

#[test]
fn an_empty_content_puts_the_members_beside_the_tag() {
    assert_eq!(json(&Beside::Limits(Limits { per_user: true })), r#"{"kind":"Limits","perUser":true}"#);
}

#[derive(Serialize, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "kebab-case")]
enum Theme {
    HighContrast,
    /// Serde reads any other text as this.
    #[serde(untagged)]
    OfUser(#[telemetry(skip)] String),
}

#[test]
fn a_variant_that_serde_does_not_name_has_the_word_of_its_own_name() {
    assert_eq!(json(&Theme::HighContrast), r#""high-contrast""#);
    assert_eq!(json(&serde_json::from_str::<Theme>(r#""hunter2""#).unwrap()), r#""of-user""#);
}

#[derive(Serialize, Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase")]
struct Limits {
    per_user: bool,
}

#[derive(Serialize, Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase")]
struct Server {
    #[serde(flatten)]
    limits: Limits,
    tls: bool,
    #[serde(flatten)]
    boxed: Option<Box<OnlyRead>>,
    #[serde(flatten)]
    _inner: Box<OnlyHere>,
    /// What the program does not know.
    #[serde(flatten)]
    other_options: BTreeMap<String, String>,
    #[serde(skip)]
    password: String,
    #[serde(skip)]
    connected: bool,
    last: bool,
}

#[derive(Serialize, Deserialize, TelemetrySnapshot, Default)]
struct OnlyRead {
    read: bool,
}

#[derive(Serialize, Deserialize, TelemetrySnapshot, Default)]
struct OnlyHere {
    here: bool,
}

#[test]
fn the_members_of_a_flattened_struct_and_the_size_of_a_flattened_map_are_told() {
    let read = r#"{"perUser":true,"tls":true,"read":true,"here":true,"a":"hunter2","b":"hunter2","last":true}"#;
    let server: Server = serde_json::from_str(read).unwrap();
    assert_eq!(
        json(&Server { connected: true, password: "hunter2".into(), ..server }),
        r#"{"perUser":true,"tls":true,"read":true,"here":true,"otherOptions":2,"last":true}"#,
    );
}
