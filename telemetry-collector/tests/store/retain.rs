//! What is left of events that are older than the retention.

use telemetry_collector::arrival::Fate;
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
    assert_eq!(kept.one::<i32>("SELECT value FROM _fact WHERE name = 'rows from day'"), 101);
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

#[test]
fn a_clock_that_jumps_ahead_deletes_a_week_a_day_and_no_more() {
    const YEARS: i32 = 2_000;
    let kept = Kept::new();
    kept.write((100..140_u8).map(|day| on(u64::from(day), 1, i32::from(day), 7)).collect());
    let left = || kept.one::<i32>("SELECT min(_day) FROM _rows_run");
    let postponed = |today| (retain(&kept, today, 30).postponed_days, left());
    assert_eq!(postponed(140), (0, 110));
    assert_eq!(postponed(YEARS), (1_853, 117));
    assert_eq!(postponed(YEARS), (1_853, 117), "not again on the same day");
    assert_eq!(postponed(YEARS + 1), (1_847, 124));
    // The clock is corrected, and time goes on.
    assert_eq!(postponed(141), (0, 124), "what is deleted does not come back");
    assert_eq!(postponed(155), (7, 124));
    assert_eq!(postponed(156), (1, 125));
    assert_eq!(postponed(157), (0, 127));
}

/// As of a machine whose battery is empty, once or at each of its starts.
#[test]
fn a_clock_in_the_past_stops_nothing() {
    let kept = Kept::new();
    kept.write((1..=40_u8).map(|day| on(u64::from(day), 1, 20_000 + i32::from(day), 7)).collect());
    let run = |today| (retain(&kept, today, 30).postponed_days, kept.one::<i32>("SELECT min(_day) FROM _rows_run"));
    assert_eq!(run(20_040), (0, 20_010));
    for past in [1, 20_020, -5, 20_039] {
        assert_eq!(run(past), (0, 20_010), "{past}");
        assert_eq!(run(20_040), (0, 20_010), "after {past}");
    }
    assert_eq!(run(1), (0, 20_010));
    assert_eq!(run(20_041), (0, 20_011));
}

#[test]
fn a_clock_that_is_years_ahead_and_right_again_deletes_a_week_in_all() {
    let kept = Kept::new();
    kept.write((1..=40_u8).map(|day| on(u64::from(day), 1, 20_000 + i32::from(day), 7)).collect());
    let run = |today| (retain(&kept, today, 30).postponed_days, kept.one::<i32>("SELECT min(_day) FROM _rows_run"));
    assert_eq!(run(20_040), (0, 20_010));
    for ahead in [24_100, 24_200, 30_000] {
        assert_eq!(run(ahead), (u64::try_from(ahead - 20_047).unwrap(), 20_017));
        assert_eq!(run(20_040), (0, 20_017), "after {ahead}");
    }
}

/// The first run finds no rows, and what its clock shows is no reason to keep or to delete those that come.
#[test]
fn the_clock_of_a_run_without_rows_is_forgotten() {
    for wrong in [1, 24_100] {
        let kept = Kept::new();
        assert_eq!(retain(&kept, wrong, 30), Retained::default());
        assert_eq!(kept.all::<i32>("SELECT value FROM _fact WHERE name = 'rows from day'"), [0_i32; 0], "{wrong}");
        kept.write((1..=38_u8).map(|day| on(u64::from(day), 1, 20_000 + i32::from(day), 7)).collect());
        assert_eq!(retain(&kept, 20_038, 30), Retained { days: 7, events: 7, ..Retained::default() }, "{wrong}");
        assert_eq!(retain(&kept, 24_101, 30).days, 7, "{wrong}");
    }
}
