//! What is left of events that are older than the retention.

use telemetry_collector::arrival::Fate;
use telemetry_collector::check::{Fault, Reason};
use telemetry_collector::store::Retained;

use super::*;

fn retain(kept: &Kept, today: i32, days: u16) -> Retained {
    wait(kept.store().writer().retain(Day(today), days)).unwrap()
}

fn on(number: u64, install: u8, day: i32, wait: u32) -> Arrival {
    let payload = format!(r#"{{"by_hand":true,"wait":{wait},"command":"test"}}"#);
    event_of(&run(), envelope(number, install, Day(day)), &payload)
}

fn counts(kept: &Kept) -> Vec<String> {
    kept.all(
        "SELECT format('%s %d: %d events, %d installs', name, low, events, installs) FROM _daily \
         JOIN _column ON number = column ORDER BY day, name, low",
    )
}

#[test]
fn rows_become_counts_without_ids() {
    let kept = Kept::new();
    let ephemeral = Envelope { is_ephemeral: true, ..envelope(4, 4, Day(100)) };
    kept.write(vec![
        on(1, 1, 100, 7),
        on(2, 1, 100, 7),
        on(3, 2, 100, 1_234),
        event_of(&run(), ephemeral, r#"{"by_hand":false,"wait":1999}"#),
        on(5, 1, 191, 7),
    ]);
    assert_eq!(retain(&kept, 191, 90), Retained { days: 1, events: 4, ..Retained::default() });
    let test: i64 = kept.one("SELECT number FROM _word WHERE text = 'test'");
    assert_eq!(
        counts(&kept),
        [
            "by_hand 0: 1 events, 0 installs".to_owned(),
            "by_hand 1: 3 events, 2 installs".to_owned(),
            format!("command {test}: 3 events, 2 installs"),
            "wait 7: 2 events, 1 installs".to_owned(),
            "wait 1000: 2 events, 1 installs".to_owned(),
        ]
    );
    assert_eq!(kept.one::<u32>("SELECT events FROM _daily WHERE column = 0"), 4);
    assert_eq!(kept.all::<i32>("SELECT _day FROM _rows_run"), [191]);
    assert_eq!(kept.all::<Vec<u8>>("SELECT id FROM _install"), [vec![1; 32]]);
}

#[test]
fn counts_are_the_same_when_it_runs_twice() {
    let kept = Kept::new();
    kept.write(vec![on(1, 1, 100, 7), on(2, 2, 101, 8), on(3, 1, 101, 8)]);
    retain(&kept, 200, 30);
    let first = (counts(&kept), kept.all::<u32>("SELECT installs FROM _active ORDER BY 1"));
    assert_eq!(retain(&kept, 200, 30), Retained::default());
    assert_eq!(first, (counts(&kept), kept.all::<u32>("SELECT installs FROM _active ORDER BY 1")));
}

#[test]
fn a_day_is_kept_until_no_event_of_it_can_arrive() {
    let kept = Kept::new();
    kept.write(vec![on(1, 1, 192, 7), on(2, 1, 191, 7)]);
    assert_eq!(retain(&kept, 200, 0).days, 1, "seven days ago is kept, whatever was asked for");
    assert_eq!(kept.all::<i32>("SELECT _day FROM _rows_run"), [192]);
}

#[test]
fn an_event_that_comes_after_its_day_was_counted_is_added() {
    let kept = Kept::new();
    kept.write_one(on(1, 1, 100, 7));
    retain(&kept, 200, 30);
    assert_eq!(kept.write_one(on(2, 2, 100, 7)), Fate::Stored);
    retain(&kept, 200, 30);
    assert_eq!(counts(&kept)[2], "wait 7: 2 events, 2 installs");
    assert_eq!(kept.one::<u32>("SELECT installs FROM _active WHERE period = 'day' AND event = 0"), 2);
}

/// 2026-11-02 is a Monday, and day 20,759. November is days 20,758 to 20,787.
#[test]
fn weeks_and_months_are_counted_while_all_their_rows_are_there() {
    let kept = Kept::new();
    kept.write(vec![
        on(1, 1, 20_759, 1),
        on(2, 2, 20_759, 1),
        on(3, 2, 20_761, 1),
        on(4, 3, 20_765, 1),
        on(5, 4, 20_786, 1),
    ]);
    for today in 20_840..20_860 {
        retain(&kept, today, 60);
    }
    let active = |period: &str| -> Vec<String> {
        kept.all(&format!(
            "SELECT first_day || ': ' || installs FROM _active WHERE period = '{period}' AND event = 0 ORDER BY first_day"
        ))
    };
    for today in (20_865..=20_900).step_by(7) {
        retain(&kept, today, 60);
    }
    assert_eq!(active("day"), ["20759: 2", "20761: 1", "20765: 1", "20786: 1"]);
    assert_eq!(active("week"), ["20759: 3", "20780: 1"].map(str::to_owned));
    assert_eq!(active("month"), ["20758: 4"]);
}

#[test]
fn items_of_lists_are_counted() {
    let kept = Kept::new();
    let with = |number, flags| {
        let payload = format!(r#"{{"by_hand":true,"wait":1,"flags":{flags}}}"#);
        event_of(&wider_run(), envelope(number, 1, Day(100)), &payload)
    };
    kept.write(vec![with(1, r#"["fast","quiet"]"#), with(2, r#"["fast"]"#), with(3, "[]")]);
    retain(&kept, 200, 30);
    let items: Vec<String> =
        kept.all("SELECT item || ' ' || events FROM _daily WHERE low = 1 AND item != '' ORDER BY item");
    assert_eq!(items, ["fast 2", "quiet 1"]);
}

/// SQLite joins 500 tables in one statement at most.
#[test]
fn more_events_than_a_statement_can_join_are_counted() {
    let kept = Kept::new();
    let schema =
        |number| Arc::new(KnownSchema::new(&format!("e{number}"), "0.1.0", "2026-01-01", Released::of(&One::SCHEMA)));
    let schemas: Vec<_> = (0..501).map(schema).collect();
    // The last event has an installation of its own.
    let install = |number: u64| if number == 500 { 7 } else { (number % 3) as u8 };
    let of = |number: u64, schema| event_of(schema, envelope(number, install(number), Day(100)), r#"{"on":true}"#);
    kept.write((0..).zip(&schemas).map(|(number, schema)| of(number, schema)).collect());
    assert_eq!(retain(&kept, 200, 30).events, 501);
    assert_eq!(kept.all::<u32>("SELECT installs FROM _active WHERE event = 0 AND period = 'day'"), [4]);
}

#[derive(TelemetrySnapshot)]
struct One {
    on: bool,
}

#[test]
fn what_waits_for_its_schema_is_deleted_too() {
    let kept = Kept::new();
    kept.write(vec![unknown(&run(), envelope(1, 1, Day(100)), FAST), unknown(&run(), envelope(2, 1, Day(199)), FAST)]);
    assert_eq!(retain(&kept, 200, 30), Retained { quarantined: 1, ..Retained::default() });
}

/// A store with one event of each day from the first to the last.
fn filled(first: i32, last: i32) -> Kept {
    let kept = Kept::new();
    fill(&kept, first, last);
    kept
}

fn fill(kept: &Kept, first: i32, last: i32) {
    kept.write((first..=last).map(|day| on(day.try_into().unwrap(), 1, day, 7)).collect());
}

fn waiting(number: u8, day: i32) -> Arrival {
    unknown(&wider_run(), envelope(number.into(), 2, Day(day)), FAST)
}

fn first_day(kept: &Kept) -> i32 {
    kept.one("SELECT min(_day) FROM _rows_run")
}

/// A clock of 2036.
const AHEAD: i32 = 24_100;

#[test]
fn a_clock_far_ahead_deletes_a_week_a_day_of_what_there_is() {
    let kept = filled(20_001, 20_010);
    // Days without events do not count.
    kept.write((0..10).map(|number| waiting(number, 20_000 + 3 * i32::from(number))).collect());
    let reason = || Reason { fault: Fault::Missing, path: "wait".to_owned() };
    let reject = |day| Arrival::Reject { day: Day(day), schema: Some(run()), reason: reason() };
    kept.write((20_000..20_010).map(reject).collect());

    let week = Retained { days: 7, events: 7, quarantined: 7, postponed_days: 7 };
    assert_eq!(retain(&kept, AHEAD, 30), week);
    let left = || {
        let first = |table| kept.one::<i32>(&format!("SELECT min(day) FROM {table}"));
        (first_day(&kept), first("_quarantine"), first("_reject"))
    };
    let of_week = (20_008, 20_021, 20_007);
    assert_eq!(left(), of_week);
    let again = Retained { postponed_days: 7, ..Retained::default() };
    assert_eq!(retain(&kept, AHEAD, 30), again, "not again on the same day");
    // The clock is right again.
    for today in 20_028..=20_037 {
        assert_eq!(retain(&kept, today, 30), Retained::default());
    }
    assert_eq!(left(), of_week);
    assert_eq!(retain(&kept, 20_039, 30), Retained { days: 1, events: 1, ..Retained::default() });
    retain(&kept, AHEAD, 30);
    assert_eq!(kept.one::<i64>("SELECT (SELECT count(*) FROM _rows_run) + (SELECT count(*) FROM _quarantine)"), 0);
}

#[test]
fn a_clock_far_ahead_deletes_a_week_where_all_events_wait() {
    let kept = Kept::new();
    kept.write((0..10).map(|number| waiting(number, 20_000 + i32::from(number))).collect());
    let week = Retained { quarantined: 7, postponed_days: 3, ..Retained::default() };
    assert_eq!(retain(&kept, AHEAD, 365), week);
    assert_eq!(retain(&kept, 20_011, 365), Retained::default());
}

/// As of a machine whose battery is empty, once or at each of its starts.
#[test]
fn a_clock_in_the_past_deletes_nothing_and_delays_nothing() {
    let kept = filled(20_001, 20_040);
    let run = |today| (retain(&kept, today, 30).postponed_days, first_day(&kept));
    assert_eq!(run(20_037), (0, 20_007));
    for past in [1, 20_020, -5, i32::MIN, 20_036] {
        assert_eq!(run(past), (0, 20_007), "{past}");
        assert_eq!(run(20_037), (0, 20_007), "after {past}");
    }
    // It comes while the clock is wrong.
    kept.write_one(on(1, 1, 0, 7));
    assert_eq!(run(0), (0, 0));
    assert_eq!(run(20_043), (0, 20_013));
}

#[test]
fn a_clock_that_was_wrong_at_first_is_forgotten() {
    for wrong in [1, AHEAD] {
        let kept = Kept::new();
        assert_eq!(retain(&kept, wrong, 30), Retained::default());
        fill(&kept, 20_001, 20_038);
        assert_eq!(retain(&kept, 20_038, 30), Retained { days: 7, events: 7, ..Retained::default() }, "{wrong}");
        assert_eq!(retain(&kept, 20_039, 30), Retained { days: 1, events: 1, ..Retained::default() }, "{wrong}");
    }
}

#[test]
fn what_comes_after_the_first_run_of_a_day_is_limited_too() {
    let kept = filled(20_001, 20_003);
    assert_eq!(retain(&kept, AHEAD, 30).days, 3);
    fill(&kept, 20_011, 20_030);
    let left = [7, 0].map(|days| Retained { days, events: days, postponed_days: 13, ..Retained::default() });
    assert_eq!([retain(&kept, AHEAD, 30), retain(&kept, AHEAD, 30)], left);
}

#[test]
fn a_collector_that_was_off_catches_up_in_some_days() {
    let kept = filled(20_001, 20_040);
    for today in 20_030..=20_040 {
        assert_eq!(retain(&kept, today, 30).postponed_days, 0);
    }
    let postponed = [20_100, 20_100, 20_101, 20_102, 20_103, 20_104, 20_105].map(|today| {
        let retained = retain(&kept, today, 30);
        (retained.days, retained.postponed_days)
    });
    assert_eq!(postponed, [(7, 24), (0, 24), (7, 17), (7, 10), (7, 3), (3, 0), (0, 0)]);
}

#[test]
fn what_a_shorter_retention_makes_due_is_deleted_at_once() {
    let kept = filled(20_001, 20_040);
    assert_eq!(retain(&kept, 20_040, 60), Retained::default());
    assert_eq!(retain(&kept, 20_040, 20), Retained { days: 19, events: 19, ..Retained::default() });
    assert_eq!(retain(&kept, AHEAD, 20).days, 7);
}

/// Only what the longer one kept, and by the clock of the run.
#[test]
fn a_shorter_retention_under_a_clock_far_ahead_deletes_a_week() {
    let kept = filled(20_001, 20_040);
    assert_eq!(retain(&kept, 20_040, 365), Retained::default());
    assert_eq!(retain(&kept, AHEAD, 20), Retained { days: 7, events: 7, postponed_days: 33, ..Retained::default() });
}

#[test]
fn a_shorter_retention_goes_on_where_a_run_was_ended() {
    let kept = filled(20_001, 20_040);
    retain(&kept, 20_040, 365);
    assert_eq!(retain(&kept, 20_040, 20).days, 19);
    // As if that run had been ended before it deleted anything.
    fill(&kept, 20_001, 20_019);
    assert_eq!(retain(&kept, 20_041, 20), Retained { days: 20, events: 20, ..Retained::default() });
    assert_eq!(retain(&kept, 20_041, 20), Retained::default());
    fill(&kept, 20_001, 20_019);
    assert_eq!(retain(&kept, 20_042, 20).days, 7, "from now on, this one counts");
}
