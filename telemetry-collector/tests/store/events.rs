//! Events in their tables.

use std::sync::Arc;

use telemetry_collector::arrival::{Arrival, Fate};
use telemetry_collector::check::{Cell, KnownSchema};

use super::*;

#[test]
fn a_view_shows_words_versions_and_days_as_text() {
    let kept = Kept::new();
    let payload = r#"{"by_hand":false,"wait":7,"command":"check","compiler":"1.90","flags":["fast"]}"#;
    assert_eq!(kept.write_one(event(&wider_run(), 1, 1, payload)), Fate::Stored);
    let row: String = kept.one(
        "SELECT _day || ' ' || _version || ' ' || by_hand || ' ' || wait || ' ' || command || ' ' || compiler || ' ' || flags FROM run",
    );
    assert_eq!(row, r#"2026-11-27 0.2.0 0 7 check 1.90 ["fast"]"#);
}

#[test]
fn what_was_not_sent_is_null() {
    let kept = Kept::new();
    kept.write_one(event(&run(), 1, 1, r#"{"by_hand":true,"wait":1}"#));
    assert_eq!(kept.one::<u32>("SELECT count(*) FROM _rows_run WHERE command IS NULL"), 1);
}

#[test]
fn an_event_is_stored_once_also_within_a_group() {
    let kept = Kept::new();
    let fates = kept.write(vec![event(&run(), 1, 1, FAST), event(&run(), 1, 1, FAST), event(&run(), 2, 1, FAST)]);
    assert_eq!(fates, [Fate::Stored, Fate::Duplicate, Fate::Stored]);
    assert_eq!(kept.write_one(event(&run(), 2, 1, FAST)), Fate::Duplicate);
    assert_eq!(kept.one::<u32>("SELECT count(*) FROM run"), 2);
}

#[test]
fn an_event_is_a_duplicate_after_the_store_was_opened_again() {
    let mut kept = Kept::new();
    kept.write_one(event(&run(), 1, 1, FAST));
    kept.close();
    kept.store = Some(Store::open(&kept.path()).unwrap());
    assert_eq!(kept.write_one(event(&run(), 1, 1, FAST)), Fate::Duplicate);
}

#[test]
fn an_arrival_that_cannot_be_stored_does_not_hinder_the_others() {
    let kept = Kept::new();
    let wrong = |number, cells| Arrival::Event { envelope: envelope(number, 1, TODAY), schema: run(), cells };
    let fates = kept.write(vec![
        event(&run(), 1, 1, FAST),
        wrong(2, vec![Cell::Flag(true)]),
        wrong(3, vec![Cell::Flag(true), Cell::Integer(1), Cell::Word(9)]),
        wrong(4, vec![Cell::Flag(true), Cell::Flag(true), Cell::Absent]),
        event(&run(), 5, 1, FAST),
    ]);
    assert_eq!(fates, [Fate::Stored, Fate::Refused, Fate::Refused, Fate::Refused, Fate::Stored]);
    assert_eq!(kept.one::<u32>("SELECT count(*) FROM run"), 2);
}

#[test]
fn events_whose_names_differ_in_case_only_have_tables_of_their_own() {
    let kept = Kept::new();
    for (number, name) in [(1, "Start"), (2, "start"), (3, "sqlite_x"), (4, "select"), (5, "a.b-c"), (6, "_rows")] {
        let schema = Arc::new(KnownSchema::new(name, "0.1.0", "2026-01-01", Released::of(&Run::SCHEMA)));
        assert_eq!(kept.write_one(event(&schema, number, 1, FAST)), Fate::Stored, "{name}");
    }
    let views: Vec<String> = kept.all("SELECT view_name FROM _event ORDER BY number");
    assert_eq!(views, ["Start", "start#2", "event_sqlite_x", "select", "a.b-c", "_rows"]);
    for view in views {
        assert_eq!(kept.one::<u32>(&format!("SELECT count(*) FROM \"{view}\"")), 1, "{view}");
    }
}

#[test]
fn the_anonymous_id_is_in_one_table_only() {
    let kept = Kept::new();
    kept.write(vec![event(&run(), 1, 9, FAST), event(&run(), 2, 9, FAST), event(&run(), 3, 8, FAST)]);
    assert_eq!(kept.one::<u32>("SELECT count(DISTINCT _install) FROM run"), 2);
    assert_eq!(kept.one::<Vec<u8>>("SELECT id FROM _install ORDER BY id DESC LIMIT 1"), [9; 32]);
}

#[test]
fn the_layout_of_the_file_is_printed_as_sql_that_can_be_run() {
    let kept = Kept::new();
    kept.write_one(event(&wider_run(), 1, 1, r#"{"by_hand":true,"wait":1,"flags":[]}"#));
    let copy = Connection::open_in_memory().unwrap();
    let sql = kept.store().sql().unwrap();
    copy.execute_batch(&sql).unwrap();
    // What is there already stays as it is, as in the file itself, by who can only read it.
    copy.execute_batch(&sql).unwrap();
    kept.store().reader().unwrap().execute_batch(&sql).unwrap();
    assert_eq!(one::<u32>(&copy, "SELECT count(*) FROM run"), 0);
}
