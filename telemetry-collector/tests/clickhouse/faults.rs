//! Faults of the engine in the middle of a batch: every event counts once.

use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{env, fs};

use telemetry_collector::arrival::{AnonymousId, Arrival, Day, Envelope, EventId, Fate};
use telemetry_collector::ask::report::{Count, EventReport, Overview};
use telemetry_collector::ask::{Filter, Source, event, overview};
use telemetry_collector::clickhouse::{ClickHouse, EngineError, forward};
use telemetry_collector::store::{Deletion, Store, Unavailable};
use tempfile::TempDir;

use super::both::{copy, wait};
use super::engine::{Database, Engine, Own, VARIABLE, options};
use crate::ask::fixture::Schemas;

const DAY: Day = Day(20_780);

/// A database of the engine that the environment names, and schemas.
struct Place {
    engine: Engine,
    schemas: Schemas,
    directory: TempDir,
}

impl Place {
    fn new() -> Self {
        let server = env::var(VARIABLE).expect("COLLECTOR_TEST_CLICKHOUSE names no engine; .ci/clickhouse starts one");
        let directory = tempfile::tempdir().unwrap();
        let engine = Engine::new(&server, &directory.path().join("beside.db"));
        Self { engine, schemas: Schemas::new(), directory }
    }

    fn write(&self, arrivals: Vec<Arrival>) -> Result<Vec<Fate>, Unavailable> {
        wait(self.engine.clickhouse.writer().write(arrivals))
    }

    fn batch(&self, process: u8) -> Vec<Arrival> {
        batch(&self.schemas, process)
    }

    /// How many events and installations count, and how many rows there are in the end.
    fn counts(&self) -> (String, String, String) {
        counts(&self.engine.database)
    }
}

fn counts(database: &Database) -> (String, String, String) {
    let ask = |sql: &str| database.ask(sql).trim().to_owned();
    let both = |what: &str, how: &str| {
        format!(
            "SELECT {what} FROM (SELECT _id, _install FROM _rows_run {how} UNION ALL SELECT _id, _install FROM _rows_started {how})"
        )
    };
    (ask(&both("count()", "FINAL")), ask(&both("uniqExact(_install)", "FINAL")), ask(&both("uniqExact(_id)", "")))
}

fn expected(batches: usize) -> (String, String, String) {
    ((20 * batches).to_string(), batches.to_string(), (20 * batches).to_string())
}

/// Twenty events of one installation, of two kinds.
fn batch(schemas: &Schemas, process: u8) -> Vec<Arrival> {
    let event = |counter: u64| {
        let (schema, payload) = if counter.is_multiple_of(2) {
            (&schemas.run, r#"{"by_hand":true,"wait":5,"command":"build"}"#)
        } else {
            (&schemas.started, r#"{"by_hand":true}"#)
        };
        let envelope = Envelope {
            id: EventId([process; 16], counter),
            anonymous_id: AnonymousId([process; 32]),
            is_ephemeral: false,
            day: DAY,
        };
        Arrival::Event { envelope, schema: Arc::clone(schema), cells: schema.check(payload.as_bytes()).unwrap() }
    };
    (0..20).map(event).collect()
}

fn again(arrivals: &[Arrival]) -> Vec<Arrival> {
    arrivals.iter().map(copy).collect()
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn an_insert_that_was_not_acknowledged_counts_once() {
    for fault in ["drop", "refuse", "broken", "late", "hang"] {
        for times in [1, 2] {
            let place = Place::new();
            place.write(place.batch(0)).unwrap();
            place.engine.database.fault(fault, times);
            let batch = place.batch(1);
            let mut tries = 0;
            // A sender tries again until it is told that its events are there.
            let fates = loop {
                tries += 1;
                match place.write(again(&batch)) {
                    Ok(fates) => break fates,
                    Err(reason) => assert!(matches!(reason, Unavailable::Engine(_)), "{fault}: {reason}"),
                }
                assert!(tries < 10, "{fault}");
                place.engine.database.fault("none", 0);
            };
            let is_there = |fate: &Fate| matches!(fate, Fate::Stored | Fate::Duplicate);
            assert!(fates.len() == 20 && fates.iter().all(is_there), "{fault}: {fates:?}");
            assert_eq!(place.write(again(&batch)).unwrap(), [Fate::Duplicate; 20], "{fault}");
            assert_eq!(place.counts(), expected(2), "{fault} {times}");
        }
    }
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn what_was_sent_is_settled_before_anything_else_is_done() {
    let place = Place::new();
    place.write(place.batch(0)).unwrap();
    // The first table is there, the second one is not.
    place.engine.database.fault("refuse", 3);
    let failed = place.write(place.batch(1)).unwrap_err();
    assert_eq!(failed, Unavailable::Engine(EngineError::Exception(241)));
    place.engine.database.fault("none", 0);
    // The deletion comes after the events that nobody was told of, so that nothing of them is left.
    let id = AnonymousId([1; 32]);
    let writer = place.engine.clickhouse.writer();
    assert_eq!(wait(writer.delete(EventId([9; 16], 1), id)).unwrap(), Deletion::Deleted { events: 20 });
    assert_eq!(place.counts(), expected(1));
    assert_eq!(wait(writer.delete(EventId([9; 16], 2), id)).unwrap(), Deletion::Nothing);
    assert_eq!(wait(writer.delete(EventId([9; 16], 2), id)).unwrap(), Deletion::Repeated);
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn an_event_that_comes_again_after_midnight_counts_once() {
    let place = Place::new();
    let batch = place.batch(1);
    place.write(again(&batch)).unwrap();
    for days in [-1, 1] {
        let mut later = again(&batch);
        for arrival in &mut later {
            let Arrival::Event { envelope, .. } = arrival else { panic!() };
            envelope.day.0 += days;
        }
        assert_eq!(place.write(later).unwrap(), [Fate::Duplicate; 20]);
    }
    assert_eq!(place.counts(), expected(1));
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn a_full_queue_is_told_at_once() {
    let place = Place::new();
    let small = telemetry_collector::clickhouse::Options { waiting_bytes: 8 << 10, ..options() };
    let clickhouse = ClickHouse::open(&place.engine.database.address(), &place.engine.beside, small).unwrap();
    let writer = clickhouse.writer();
    wait(writer.write(place.batch(0))).unwrap();
    place.engine.database.fault("late", 1);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (one, first) = (writer.clone(), place.batch(1));
    let waiting = runtime.spawn(async move { one.write(first).await });
    // It takes the room as soon as it is polled.
    let begun = Instant::now();
    let refused = loop {
        let batch = runtime
            .block_on(async { tokio::time::timeout(Duration::from_millis(50), writer.write(place.batch(2))).await });
        if let Ok(answer) = batch {
            break answer;
        }
        assert!(begun.elapsed() < Duration::from_secs(30));
    };
    assert_eq!(refused.unwrap_err(), Unavailable::Busy);
    place.engine.database.fault("none", 0);
    runtime.block_on(waiting).unwrap().unwrap();
}

fn rows(place: &Place, source: Source<'_>) -> (EventReport, Overview) {
    let today = Day(DAY.0 + 60);
    let report = event(source, &place.schemas.known, "run", &Filter::default(), today, 0).unwrap().unwrap();
    (report, overview(source, &place.schemas.known, today, 0).unwrap())
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn rows_that_are_there_twice_count_once() {
    let place = Place::new();
    place.write(place.batch(1)).unwrap();
    let reader = place.engine.clickhouse.readers().open().unwrap();
    let before = rows(&place, Source::from(&reader));
    for table in ["_rows_run", "_rows_started", "_install"] {
        place.engine.database.ask(&format!("INSERT INTO {table} SELECT * FROM {table}"));
    }
    assert_eq!(rows(&place, Source::from(&reader)), before);
    assert_eq!(before.0.events, Count::Shown(10));
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn a_retention_that_is_ended_at_any_step_counts_each_day_once() {
    for (of, after) in [
        ("INSERT INTO _active", 0),
        ("INSERT INTO _active", 7),
        ("INSERT INTO _daily", 4),
        ("INSERT INTO _fact", 2),
        ("INSERT INTO _fact", 5),
        ("INSERT INTO _fact", 6),
        ("DELETE FROM", 0),
        ("DELETE FROM", 1),
        ("DELETE FROM", 2),
        ("ALTER TABLE", 0),
    ] {
        let place = Place::new();
        let file = Store::open(&place.directory.path().join("file.db")).unwrap();
        for process in 1..=4 {
            let mut batch = place.batch(process);
            for arrival in &mut batch {
                let Arrival::Event { envelope, .. } = arrival else { panic!() };
                envelope.day.0 += i32::from(process) / 2;
            }
            wait(file.writer().write(again(&batch))).unwrap();
            place.write(batch).unwrap();
        }
        let (today, days) = (Day(DAY.0 + 60), 30);
        wait(file.writer().retain(today, days)).unwrap();
        place.engine.database.refuse(of, after);
        let writer = place.engine.clickhouse.writer();
        wait(writer.retain(today, days)).unwrap_err();
        wait(writer.retain(today, days)).unwrap();
        let (of_file, of_engine) = (file.reader().unwrap(), place.engine.clickhouse.readers().open().unwrap());
        assert_eq!(rows(&place, Source::from(&of_engine)), rows(&place, Source::from(&of_file)), "{of} {after}");
        let sum = "SELECT sum(events), sum(installs) FROM _daily";
        let of_file = of_file.query_row(sum, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))).unwrap();
        let of_engine = place.engine.database.ask(&format!("{sum} FINAL"));
        assert_eq!(of_engine.trim(), format!("{}\t{}", of_file.0, of_file.1), "{of} {after}");
    }
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn an_engine_that_ends_within_a_batch_has_every_event_once() {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path().join("engine");
    let own = Own::start(&place, 0);
    let (schemas, port) = (Schemas::new(), own.port());
    let engine = Engine::new(&own.server, &directory.path().join("beside.db"));
    let writer = engine.clickhouse.writer();
    wait(writer.write(batch(&schemas, 0))).unwrap();
    let mut running = own;
    for process in 1..=3 {
        let of_process = batch(&schemas, process);
        engine.database.fault("kill", 1);
        assert!(matches!(wait(writer.write(again(&of_process))), Err(Unavailable::Engine(_))));
        // It ended after the first table of the batch.
        running.wait();
        assert!(wait(writer.write(Vec::new())).is_err(), "events cannot be stored now");
        running = Own::start(&place, port);
        let fates = wait(writer.write(again(&of_process))).unwrap();
        assert!(fates.iter().all(|fate| matches!(fate, Fate::Stored | Fate::Duplicate)));
        assert_eq!(counts(&engine.database), expected(usize::from(process) + 1));
    }
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn a_file_is_taken_over_once_however_often_it_is_begun() {
    let place = Place::new();
    let file = Store::open(&place.directory.path().join("file.db")).unwrap();
    for process in 1..=5 {
        wait(file.writer().write(place.batch(process))).unwrap();
    }
    // An event that both have.
    place.write(place.batch(5)).unwrap();
    place.engine.database.fault("drop", 1);
    let address = place.engine.database.address();
    let take = || forward(&address, file.readers(), options());
    let mut taken = 0;
    for fault in ["refuse", "broken", "none"] {
        place.engine.database.fault(fault, 3);
        match take() {
            Ok(rows) => taken = rows,
            Err(reason) => assert!(matches!(reason, Unavailable::Engine(_)), "{reason}"),
        }
    }
    assert!(taken <= 80, "{taken}");
    assert_eq!(place.counts(), expected(5));
    assert_eq!(take().unwrap(), 0);
    wait(file.writer().write(place.batch(6))).unwrap();
    assert_eq!(take().unwrap(), 20);
    assert_eq!(place.counts(), expected(6));
    fs::metadata(place.directory.path().join("file.db")).unwrap();
}
