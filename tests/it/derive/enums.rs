//! Enums: a word, an object under a tag, or the value as it is.

use telemetry::TelemetrySnapshot;

use super::{field, json};

#[derive(TelemetrySnapshot)]
#[telemetry(rename_all = "lowercase")]
enum Hollow {
    Unit,
    Braces {},
    Parentheses(),
    Skipped {
        #[telemetry(skip)]
        _path: String,
    },
}

#[test]
fn variants_without_data_may_have_brackets() {
    field!(Hollow {
        Hollow::Unit => r#""unit""#,
        Hollow::Braces {} => r#""braces""#,
        Hollow::Parentheses() => r#""parentheses""#,
        Hollow::Skipped { _path: "/home/jane".into() } => r#""skipped""#,
    });
}

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "kind", rename_all = "lowercase")]
enum HollowUnderATag {
    Full { on: bool },
    Braces {},
    Parentheses(),
}

#[derive(TelemetrySnapshot)]
#[telemetry(untagged, rename_all = "lowercase")]
enum HollowUntagged {
    Full { on: bool },
    Braces {},
    Parentheses(),
}

#[test]
fn variants_without_data_may_have_brackets_beside_others_with_data() {
    field!(HollowUnderATag {
        HollowUnderATag::Full { on: true } => r#"{"kind":"full","on":true}"#,
        HollowUnderATag::Braces {} => r#"{"kind":"braces"}"#,
        HollowUnderATag::Parentheses() => r#"{"kind":"parentheses"}"#,
    });
    field!(HollowUntagged {
        HollowUntagged::Full { on: true } => r#"{"on":true}"#,
        HollowUntagged::Braces {} => "{}",
        HollowUntagged::Parentheses() => "{}",
    });
}

#[derive(TelemetrySnapshot, Clone, Copy)]
#[telemetry(rename_all = "kebab-case")]
enum SameSite {
    VeryStrict,
    #[telemetry(rename = "LAX")]
    Lax,
    r#None,
}

#[test]
fn an_enum_without_data_is_sent_as_a_word() {
    field!(SameSite { SameSite::VeryStrict => r#""very-strict""#, SameSite::Lax => r#""LAX""#, SameSite::r#None => r#""none""# });
    field!(Option<SameSite> { Some(SameSite::Lax) => r#""LAX""#, None => None });
    field!(#[telemetry(each)] Vec<SameSite> { vec![SameSite::Lax, SameSite::r#None] => r#"["LAX","none"]"# });
    assert_eq!(json(&SameSite::Lax), r#""LAX""#);
}

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "kind", rename_all = "snake_case")]
enum Storage {
    InMemory,
    #[telemetry(rename_all = "camelCase")]
    OnDisk {
        with_journal: bool,
        #[telemetry(skip)]
        _path: String,
        #[telemetry(count)]
        files: Option<Vec<String>>,
    },
    Remote(#[telemetry(rename = "tls")] bool, #[telemetry(rename = "url", presence)] String),
    Custom(#[telemetry(skip)] String),
}

#[test]
fn under_a_tag_every_variant_is_sent_as_an_object() {
    assert_eq!(json(&Storage::InMemory), r#"{"kind":"in_memory"}"#);
    let disk = Storage::OnDisk { with_journal: true, _path: "/secret".into(), files: None };
    assert_eq!(json(&disk), r#"{"kind":"on_disk","withJournal":true}"#);
    assert_eq!(
        json(&Storage::Remote(true, "https://me:secret@db".into())),
        r#"{"kind":"remote","tls":true,"url":true}"#
    );
    assert_eq!(json(&Storage::Custom("hunter2".into())), r#"{"kind":"custom"}"#);
    field!(Option<Storage> { Some(Storage::InMemory) => r#"{"kind":"in_memory"}"#, None => None });
    field!(#[telemetry(each)] Vec<Storage> { vec![Storage::InMemory] => r#"[{"kind":"in_memory"}]"# });
}

#[derive(TelemetrySnapshot)]
struct Redis {
    tls: bool,
}

#[derive(TelemetrySnapshot)]
#[telemetry(untagged, rename_all = "lowercase")]
enum Cache {
    Off,
    Size(#[telemetry(number(max = 10))] u32),
    Enabled(bool),
    Maybe(Option<bool>),
    Redis(Redis),
    Tags(#[telemetry(each(one_of("a")))] Vec<String>),
    Detailed { ttl: bool },
    Custom(#[telemetry(skip)] String),
}

#[test]
fn an_untagged_enum_is_sent_as_a_word_a_value_or_an_object() {
    field!(Cache {
        Cache::Off => r#""off""#,
        Cache::Size(99) => "10",
        Cache::Enabled(true) => "true",
        Cache::Maybe(Some(false)) => "false",
        Cache::Maybe(None) => None,
        Cache::Redis(Redis { tls: true }) => r#"{"tls":true}"#,
        Cache::Tags(vec!["a".into()]) => r#"["a"]"#,
        Cache::Detailed { ttl: true } => r#"{"ttl":true}"#,
        Cache::Custom("hunter2".into()) => r#""custom""#,
    });
    field!(#[telemetry(each)] Vec<Cache> { vec![Cache::Off, Cache::Maybe(None), Cache::Size(1)] => r#"["off",1]"# });
    assert_eq!(json(&Cache::Size(1)), "1");
}

#[derive(TelemetrySnapshot)]
#[telemetry(rename_all = "lowercase")]
enum Size {
    Größe,
    #[telemetry(rename = "→")]
    Next,
}

#[test]
fn a_word_can_be_of_any_script() {
    assert_eq!(json(&Size::Größe), "\"größe\"");
    assert_eq!(json(&Size::Next), "\"→\"");
}

#[derive(TelemetrySnapshot)]
#[telemetry(rename_all = "lowercase")]
enum Theme {
    Dark,
    Custom(#[telemetry(skip)] String),
}

#[test]
fn an_enum_whose_values_are_all_skipped_is_sent_as_its_word() {
    assert_eq!(json(&Theme::Dark), r#""dark""#);
    assert_eq!(json(&Theme::Custom("hunter2".into())), r#""custom""#);
    assert_eq!(Theme::SCHEMA.bits(), 1);
}

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "name", rename_all = "kebab-case")]
enum Command {
    ListAll,
    #[cfg(not(test))]
    Daemon {
        detach: bool,
    },
}

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "name", content = "with")]
enum CommandWithContent {
    List,
    #[cfg(not(test))]
    Daemon {
        detach: bool,
    },
}

#[derive(TelemetrySnapshot)]
#[telemetry(untagged)]
enum Memory {
    Automatic,
    #[cfg(not(test))]
    Limited(bool),
}

#[derive(TelemetrySnapshot)]
struct Invocation {
    quiet: bool,
    #[telemetry(flatten)]
    command: Command,
    #[telemetry(each)]
    before: Vec<Command>,
}

/// As in the builds that have them.
#[test]
fn variants_with_data_may_all_be_behind_a_cfg() {
    field!(Command { Command::ListAll => r#"{"name":"list-all"}"# });
    field!(CommandWithContent { CommandWithContent::List => r#"{"name":"List"}"# });
    field!(Memory { Memory::Automatic => r#""Automatic""# });
    let invocation = Invocation { quiet: true, command: Command::ListAll, before: vec![Command::ListAll] };
    assert_eq!(json(&invocation), r#"{"quiet":true,"name":"list-all","before":[{"name":"list-all"}]}"#);
}
