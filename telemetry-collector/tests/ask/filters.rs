//! What a filter can ask for.

use std::sync::Arc;

use telemetry::TelemetrySnapshot;
use telemetry::schema::Released;
use telemetry_collector::ask::Filter;
use telemetry_collector::check::{Known, KnownSchema};

use super::fixture::{self, Asked, TODAY};
use super::naive::Row;
use super::truth::{n, row};

#[test]
fn a_flag_is_asked_for_as_the_page_or_as_the_report_calls_it() {
    let asked = Asked::new();
    let rows = [row(0, 1), row(1, 1), Row { by_hand: false, ..row(2, 1) }];
    asked.write(rows.iter().map(|row| row.arrival(&asked)).collect());
    let installs = |value: &str| asked.ask(&format!("where=by_hand:{value}"), 0).unwrap().installs;
    assert_eq!(["true", "yes", "false", "no", ""].map(installs), [n(2), n(2), n(1), n(1), n(0)]);
}

#[test]
fn a_value_that_a_field_cannot_have_is_answered_with_those_that_it_can() {
    let asked = Asked::new();
    let said = |query: &str| asked.ask(query, 0).unwrap_err().to_string();
    let begin = "`where` has a value that its field cannot have";
    assert_eq!(
        said("where=command:secret"),
        format!("{begin}; `command` has `check`, `build`, `test`, `other`, or nothing for \"not sent\"")
    );
    assert_eq!(
        said("where=by_hand:secret"),
        format!("{begin}; `by_hand` has `true`, `false`, or nothing for \"not sent\"")
    );
    assert_eq!(said("where=compiler:secret"), begin);
}

#[test]
fn a_filter_that_does_not_fit_the_event_is_refused_without_being_repeated() {
    let asked = Asked::new();
    for query in [
        "version=secret",
        "where=secret:1",
        "where=command:secret",
        "where=compiler:secret",
        "where=wait:11",
        "where=flags:fast",
        "rows=secret&columns=wait",
        "rows=wait&columns=compiler",
        "where=wait:integer:5",
    ] {
        let error = asked.ask(query, 0).unwrap_err().to_string();
        assert!(!error.contains("secret") && !error.contains("database"), "{query}: {error}");
    }
}

#[derive(TelemetrySnapshot)]
#[allow(dead_code, reason = "only its schema is used")]
struct Called {
    command: Command,
}

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "name")]
#[allow(dead_code, reason = "only its schema is used")]
enum Command {
    #[telemetry(rename = "db:migrate")]
    Migrate { fast: bool },
    #[telemetry(rename = "db:seed")]
    Seed { fast: bool },
}

#[test]
fn a_field_of_a_variant_whose_word_has_a_colon_is_asked_for() {
    let (asked, home) = (Asked::new(), tempfile::tempdir().unwrap());
    let schema = || Released::of(&Called::SCHEMA);
    fixture::write(home.path(), "called", "0.1.0", "2026-01-01", &schema());
    let (known, called) =
        (Known::read(home.path()).unwrap(), KnownSchema::new("called", "0.1.0", "2026-01-01", schema()));
    let called = Arc::new(called);
    let event = |install, name: &str, fast: bool| {
        let payload = format!(r#"{{"command":{{"name":"{name}","fast":{fast}}}}}"#);
        asked.event(&called, asked.envelope(install, TODAY), &payload)
    };
    asked.write(vec![event(0, "db:migrate", true), event(1, "db:migrate", false), event(2, "db:seed", true)]);
    let installs = |query: &str| {
        let filter = Filter::parse(query).unwrap();
        asked.both.event(&known, "called", &filter, TODAY, 0).unwrap().unwrap().installs
    };
    assert_eq!(installs(r"where=command<db\:migrate>.fast:true"), n(1));
    assert_eq!(installs(r"where=command<db\:seed>.fast:"), n(2));
    assert_eq!(installs("where=command.name:db:migrate"), n(2));
}

/// Of five installations, two have a release without the words of `mode.kind`, one sent none of it, and two sent one.
fn of_two_releases() -> Asked {
    let asked = Asked::new();
    let mode = Some(("local", true));
    let older = Row { is_wider: false, ..row(0, 1) };
    let rows =
        [older.clone(), Row { install: 1, ..older }, row(2, 1), Row { mode, ..row(3, 1) }, Row { mode, ..row(4, 1) }];
    asked.write(rows.iter().map(|row| row.arrival(&asked)).collect());
    asked
}

#[test]
fn a_release_without_a_field_did_not_leave_it_out() {
    let asked = of_two_releases();
    let report = asked.ask("", 0).unwrap();
    let field = report.fields.iter().find(|field| field.path == "mode.kind").unwrap();
    assert_eq!((field.sent, field.absent, field.without), (n(2), n(1), n(2)));
    let not_sent = asked.ask("where=mode.kind:", 0).unwrap();
    assert_eq!((not_sent.installs, not_sent.events), (n(1), n(1)));
    // Of the version that does not have it, none left it out.
    let older = asked.ask("version=0.1.0&where=mode.kind:", 0).unwrap();
    assert_eq!((older.installs, older.events), (n(0), n(0)));
}

#[test]
fn what_a_release_has_is_known_after_its_file_was_removed() {
    let asked = of_two_releases();
    let home = tempfile::tempdir().unwrap();
    fixture::write(home.path(), "run", "0.2.0", "2026-02-01", &Released::of(&fixture::WiderRun::SCHEMA));
    let known = Known::read(home.path()).unwrap();
    let report = asked.both.event(&known, "run", &Filter::default(), TODAY, 0).unwrap().unwrap();
    let sums = |path: &str| {
        let field = report.fields.iter().find(|field| field.path == path).unwrap();
        (field.sent, field.absent, field.without)
    };
    assert_eq!(sums("mode.kind"), (n(2), n(1), n(2)));
    assert_eq!((sums("command"), sums("by_hand")), ((n(5), n(0), n(0)), (n(5), n(0), n(0))));
    // Another kind of the same path is another field.
    assert_eq!(sums("wait"), (n(3), n(0), n(2)));
}

#[derive(TelemetrySnapshot)]
#[allow(dead_code, reason = "only its schema is used")]
struct Versioned {
    #[telemetry(version)]
    version: Option<String>,
}

#[test]
fn a_field_that_is_called_version_is_not_the_version_of_the_schema() {
    let (asked, home) = (Asked::new(), tempfile::tempdir().unwrap());
    let schema = || Released::of(&Versioned::SCHEMA);
    fixture::write(home.path(), "versioned", "0.1.0", "2026-01-01", &schema());
    let known = Known::read(home.path()).unwrap();
    let versioned = Arc::new(KnownSchema::new("versioned", "0.1.0", "2026-01-01", schema()));
    asked.write(vec![asked.event(&versioned, asked.envelope(0, TODAY), r#"{"version":"7.1"}"#)]);
    let report = asked.both.event(&known, "versioned", &Filter::default(), TODAY, 0).unwrap().unwrap();
    let choices: Vec<(&str, &str)> =
        report.choices.iter().map(|choice| (choice.path.as_str(), choice.values[0].as_str())).collect();
    assert_eq!(choices, [("version", "0.1.0"), ("version", "7.1")]);
}

#[test]
fn fields_whose_values_are_not_known_beforehand_are_not_set_against_others() {
    let asked = Asked::new();
    for (query, key) in [("rows=compiler&columns=wait", "rows"), ("rows=wait&columns=compiler", "columns")] {
        let said = asked.ask(query, 0).unwrap_err().to_string();
        assert!(said.starts_with(&format!("`{key}` names a field of versions")), "{said}");
    }
}
