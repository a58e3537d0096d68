use std::path::PathBuf;
use std::time::{Duration, UNIX_EPOCH};

use telemetry_derive::TelemetryEvent;
use tempfile::TempDir;

use super::*;

/// Versions of an event.
macro_rules! events {
    ($($name:ident $event:literal { $($fields:tt)* })+) => {$(
        #[derive(TelemetryEvent)]
        #[telemetry(crate = crate, event = $event)]
        #[allow(dead_code, reason = "its schema is all that is needed")]
        struct $name { $($fields)* }
    )+};
}

events! {
    First "started" {
        /// Whether a person did it.
        by_hand: bool,
        #[telemetry(number(max = 15, unit = "s"))]
        wait: u8,
        #[telemetry(one_of("a", "b"))]
        word: String,
    }
    Reworded "started" {
        /// Whether somebody did it.
        by_hand: bool,
        #[telemetry(number(max = 15, unit = "s"))]
        wait: u8,
        #[telemetry(one_of("a", "b"))]
        word: String,
    }
    Wider "started" {
        /// Whether somebody did it.
        by_hand: bool,
        #[telemetry(number(max = 99, unit = "s"))]
        wait: u8,
        #[telemetry(one_of("a", "b"))]
        word: String,
    }
    Widest "started" {
        /// Whether somebody did it.
        by_hand: bool,
        #[telemetry(number(max = 99, unit = "s"))]
        wait: u8,
        #[telemetry(one_of("a", "aa", "b"))]
        word: String,
        later: bool,
    }
    Less "started" { by_hand: bool }
    OtherUnit "started" { by_hand: bool, #[telemetry(number(max = 15, unit = "ms"))] wait: u8 }
    OtherName "waited" { by_hand: bool, #[telemetry(number(max = 15, unit = "ms"))] wait: u8 }
}

/// A directory of schemas.
struct Schemas(TempDir);

impl Schemas {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, event: &str) -> PathBuf {
        self.0.path().join("schemas").join(format!("{event}.json"))
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path("started")).unwrap()
    }

    fn set(&self, text: &str) {
        fs::write(self.path("started"), text).unwrap();
    }

    fn run(&self, scope: &Scope, version: &str, is_update: bool) -> Result<(), String> {
        let run = Run { version: version.to_owned(), date: "2026-11-26".to_owned(), is_update };
        check(scope, &self.0.path().join("schemas"), &run)
    }

    fn check<E: crate::TelemetryEvent>(&self, version: &str) -> Result<(), String> {
        self.run(&Scope::new().event::<E>(), version, false)
    }

    fn update<E: crate::TelemetryEvent>(&self, version: &str) -> Result<(), String> {
        self.run(&Scope::new().event::<E>(), version, true)
    }

    fn versions(&self) -> Vec<String> {
        let history = released::read(&self.text()).unwrap();
        history.releases().iter().map(|release| release.version.clone()).collect()
    }
}

/// The lines of the second text that the first one lacks, with `+`, and the other way round, with `-`.
fn changed(old: &str, new: &str) -> Vec<String> {
    let lacks = |text: &str, line: &str| !text.lines().any(|other| other == line);
    let gone = old.lines().filter(|line| lacks(new, line)).map(|line| format!("-{line}"));
    gone.chain(new.lines().filter(|line| lacks(old, line)).map(|line| format!("+{line}"))).collect()
}

#[test]
fn a_file_is_written_and_holds_until_the_schema_changes() {
    let schemas = Schemas::new();
    let missing = schemas.check::<First>("0.1.0").unwrap_err();
    assert!(
        missing.contains("no schema of `started` is there; to add it, run the test with TELEMETRY_UPDATE=1"),
        "{missing}"
    );
    assert!(!schemas.path("started").exists());

    schemas.update::<First>("0.1.0").unwrap();
    schemas.check::<First>("0.1.0").unwrap();
    schemas.check::<First>("7.0.0").unwrap();
    let history = released::read(&schemas.text()).unwrap();
    assert_eq!(history.event(), "started");
    let [release] = history.releases() else { panic!("{history:?}") };
    assert_eq!((release.version.as_str(), release.date.as_str()), ("0.1.0", "2026-11-26"));
    assert_eq!(release.schema, Released::of(&<First as crate::TelemetrySnapshot>::SCHEMA));
    // As git checks it out on Windows.
    schemas.set(&schemas.text().replace('\n', "\r\n"));
    schemas.check::<First>("0.1.0").unwrap();
}

#[test]
fn a_missing_update_is_told_in_words() {
    let schemas = Schemas::new();
    schemas.update::<First>("0.1.0").unwrap();
    let missing = schemas.check::<Widest>("0.2.0").unwrap_err();
    for part in [
        "started.json: the schema of `started` is not there. Since version 0.1.0:\n",
        "`wait` can send more: number from 0 to 99 s; before: number from 0 to 15 s.\n",
        "`word` can send more: also `aa`.\n`later` is new: yes or no.\n",
        "to add it, run the test with TELEMETRY_UPDATE=1 and review the change",
    ] {
        assert!(missing.contains(part), "{part}\n{missing}");
    }
    assert!(!missing.contains("Cargo.toml"), "{missing}");
    // The version is still that of the entry.
    let missing = schemas.check::<Widest>("0.1.0").unwrap_err();
    assert!(missing.contains("It replaces the schema of version 0.1.0"), "{missing}");
    assert!(missing.contains("if 0.1.0 is released, raise the version in Cargo.toml first"), "{missing}");
}

#[test]
fn a_schema_that_is_not_released_is_replaced_and_a_released_one_stays() {
    let schemas = Schemas::new();
    schemas.update::<First>("0.1.0").unwrap();
    let first = schemas.text();
    schemas.update::<Wider>("0.2.0").unwrap();
    schemas.update::<Widest>("0.2.0").unwrap();
    assert_eq!(schemas.versions(), ["0.1.0", "0.2.0"]);
    schemas.check::<Widest>("0.2.0").unwrap();
    // One that was released is there, whatever came after it.
    schemas.check::<Reworded>("0.3.0").unwrap();
    schemas.update::<First>("0.3.0").unwrap();
    assert_eq!(schemas.versions(), ["0.1.0", "0.2.0"]);
    // The same as if the schema between them had never been.
    let late = Schemas::new();
    late.update::<First>("0.1.0").unwrap();
    late.update::<Widest>("0.2.0").unwrap();
    late.update::<First>("0.3.0").unwrap();
    assert_eq!(schemas.text(), late.text());
    assert!(schemas.text().len() > first.len());
    // An older line of versions goes on.
    let refused = schemas.update::<Wider>("0.1.0").unwrap_err();
    assert!(refused.contains("raise the version in Cargo.toml"), "{refused}");
}

#[test]
fn a_change_of_one_field_is_a_change_of_few_lines() {
    let schemas = Schemas::new();
    schemas.update::<Reworded>("0.1.0").unwrap();
    let before = schemas.text();
    schemas.update::<Wider>("0.2.0").unwrap();
    let wider = schemas.text();
    let changes = changed(&before, &wider);
    let lines: Vec<&str> = changes.iter().map(|line| line.split(",\"hash\"").next().unwrap()).collect();
    // The release before has another comma behind it.
    assert_eq!(
        lines,
        [
            r#"-    {"version":"0.1.0","date":"2026-11-26","bits":7"#,
            r#"-    {"path":"wait","is":"number","min":0,"max":15,"unit":"s","bits":4},"#,
            r#"+    {"version":"0.1.0","date":"2026-11-26","bits":7"#,
            r#"+    {"version":"0.2.0","date":"2026-11-26","bits":10"#,
            r#"+    {"path":"wait","is":"number","min":0,"max":15,"unit":"s","bits":4,"until":"0.2.0"},"#,
            r#"+    {"path":"wait","is":"number","min":0,"max":99,"unit":"s","bits":7,"since":"0.2.0"},"#,
        ]
    );
    schemas.update::<Widest>("0.3.0").unwrap();
    let changes = changed(&wider, &schemas.text());
    assert!(changes.contains(&r#"+    {"word":"aa","since":"0.3.0"},"#.to_owned()), "{changes:#?}");
    assert!(
        changes.contains(&r#"+    {"path":"later","is":"flag","bits":1,"since":"0.3.0"},"#.to_owned()),
        "{changes:#?}"
    );
    assert_eq!(changes.len(), 5, "{changes:#?}");
}

#[test]
fn a_purpose_is_renewed_without_a_release() {
    let schemas = Schemas::new();
    schemas.update::<First>("0.1.0").unwrap();
    schemas.update::<Widest>("0.2.0").unwrap();
    schemas.update::<First>("0.3.0").unwrap();
    let stale = schemas.check::<Reworded>("0.4.0").unwrap_err();
    assert!(stale.contains("the file is not as it is written: line "), "{stale}");
    let before = schemas.text();
    schemas.update::<Reworded>("0.4.0").unwrap();
    assert_eq!(
        changed(&before, &schemas.text()),
        [
            r#"-    {"path":"by_hand","is":"flag","bits":1,"purpose":"Whether a person did it."},"#,
            r#"+    {"path":"by_hand","is":"flag","bits":1,"purpose":"Whether somebody did it."},"#,
        ]
    );
    schemas.check::<Reworded>("0.4.0").unwrap();
}

#[test]
fn an_edit_of_what_was_released_is_refused() {
    let schemas = Schemas::new();
    schemas.update::<First>("0.1.0").unwrap();
    schemas.update::<Widest>("0.2.0").unwrap();
    let text = schemas.text();
    let edits = [
        ("\"max\":15", "\"max\":16", "release 1 was edited"),
        ("\"max\":99", "\"max\":98", "release 2 was edited"),
        ("{\"word\":\"b\"},", "{\"word\":\"c\"},", "release 1 was edited"),
        (",\"until\":\"0.2.0\"", "", "another value ends here"),
        ("\"unit\":\"s\",", "", "was edited"),
        ("{\"word\":\"aa\",\"since\":\"0.2.0\"}", "{\"word\":\"aa\"}", "release 1 was edited"),
        ("\"version\":\"0.1.0\"", "\"version\":\"0.2.0\"", "that of another one"),
        ("\"event\":\"started\"", "\"event\":\"stopped\"", "another event"),
        ("\"format\": 1", "\"format\": 2", "update `telemetry`"),
        ("\"format\": 1", "\"format\": one", "not JSON"),
    ];
    for (from, to, reason) in edits {
        let edited = text.replacen(from, to, 1).replace(
            "\"event\": \"started\"",
            if from.contains("event") { "\"event\": \"stopped\"" } else { "\"event\": \"started\"" },
        );
        assert_ne!(edited, text, "{from}");
        schemas.set(&edited);
        for outcome in
            [schemas.check::<Widest>("0.2.0"), schemas.update::<Widest>("0.2.0"), schemas.update::<Less>("0.3.0")]
        {
            let refused = outcome.unwrap_err();
            let is_told = refused.contains(reason) || refused.contains("has this member twice");
            assert!(is_told && !refused.contains("aa"), "{from}: {refused}");
        }
        assert_eq!(schemas.text(), edited);
    }
}

#[test]
fn a_break_is_refused_unless_the_event_has_a_new_name() {
    let schemas = Schemas::new();
    schemas.update::<First>("0.1.0").unwrap();
    let text = schemas.text();
    for outcome in [schemas.check::<OtherUnit>("0.2.0"), schemas.update::<OtherUnit>("0.2.0")] {
        let refused = outcome.unwrap_err();
        assert!(refused.contains("a name stands for something else than in version 0.1.0"), "{refused}");
        assert!(
            refused.contains("`wait` has another meaning and needs a new name: number from 0 to 15 ms; before:"),
            "{refused}"
        );
    }
    assert_eq!(schemas.text(), text);
    // A name that was given up keeps its meaning.
    schemas.update::<Less>("0.2.0").unwrap();
    let refused = schemas.update::<OtherUnit>("0.3.0").unwrap_err();
    assert!(refused.contains("than in version 0.1.0"), "{refused}");
    schemas.update::<OtherName>("0.3.0").unwrap();
    assert!(schemas.path("waited").exists());
    // What is not released can be taken back.
    let young = Schemas::new();
    young.update::<First>("0.1.0").unwrap();
    young.update::<OtherUnit>("0.1.0").unwrap();
}

#[test]
fn each_event_has_its_file_and_all_problems_are_told() {
    let schemas = Schemas::new();
    let both = Scope::new().event::<First>().event::<OtherName>();
    let problems = schemas.run(&both, "0.1.0", false).unwrap_err();
    assert!(problems.contains("started.json: no schema") && problems.contains("waited.json: no schema"), "{problems}");
    schemas.run(&both, "0.1.0", true).unwrap();
    schemas.run(&both, "0.1.0", false).unwrap();
}

#[test]
fn a_day_is_that_in_utc() {
    let day_of = |seconds| day(UNIX_EPOCH + Duration::from_secs(seconds));
    assert_eq!(day_of(0), "1970-01-01");
    assert_eq!(day_of(951_782_399), "2000-02-28");
    assert_eq!(day_of(951_782_400), "2000-02-29");
    assert_eq!(day_of(1_796_083_199), "2026-11-30");
    assert_eq!(day_of(1_796_083_200), "2026-12-01");
}
