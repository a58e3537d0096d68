//! What a filter can ask for.

use super::fixture::Asked;
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
