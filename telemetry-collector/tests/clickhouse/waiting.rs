//! What waits beside, and what several collectors do to one database: deletions and the retention.

use std::env;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use telemetry_collector::arrival::{AnonymousId, Arrival, Day, Envelope, EventId, Fate};
use telemetry_collector::check::KnownSchema;
use telemetry_collector::clickhouse::{ClickHouse, Options, Writer};
use telemetry_collector::receive::Clock;
use telemetry_collector::store::{Deletion, Limits, Retained, Store};
use tempfile::TempDir;
use tokio::time::timeout;

use super::both::wait;
use super::engine::{Database, VARIABLE, options};
use crate::ask::fixture::Schemas;

const FAST: &str = r#"{"by_hand":true,"wait":5,"command":"build"}"#;

/// A database, and a place for the files of collectors.
struct Place {
    database: Database,
    schemas: Schemas,
    directory: TempDir,
}

/// A collector with a file of its own.
struct Collector {
    // It is closed before the file.
    clickhouse: ClickHouse,
    beside: Store,
}

impl Place {
    fn new() -> Self {
        let server = env::var(VARIABLE).expect("COLLECTOR_TEST_CLICKHOUSE names no engine; .ci/clickhouse starts one");
        let directory = tempfile::tempdir().unwrap();
        Self { database: Database::new(&server), schemas: Schemas::new(), directory }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn collector(&self, name: &str) -> Collector {
        self.over(Store::open(&self.path(name)).unwrap())
    }

    fn over(&self, beside: Store) -> Collector {
        let clickhouse = ClickHouse::open(&self.database.address(), &beside, options()).unwrap();
        Collector { clickhouse, beside }
    }

    /// An event of an installation that was published on this day.
    fn event(&self, number: u64, install: u8, day: Day) -> Arrival {
        let schema = Arc::clone(&self.schemas.run);
        let cells = schema.check(FAST.as_bytes()).unwrap();
        Arrival::Event { envelope: envelope(number, install, day), schema, cells }
    }

    /// The same, from a collector whose directory lacks the schema.
    fn unknown(&self, number: u64, install: u8, day: Day) -> Arrival {
        let (schema, event) = (self.schemas.run.hash(), self.schemas.run.event().to_owned());
        Arrival::Unknown { envelope: envelope(number, install, day), schema, event, payload: FAST.into() }
    }

    fn all(&self) -> Vec<Arc<KnownSchema>> {
        self.schemas.known.events().flat_map(|(_, schemas)| schemas).cloned().collect()
    }

    fn rows(&self) -> u64 {
        self.database.number("SELECT count() FROM _rows_run FINAL")
    }
}

impl Collector {
    fn writer(&self) -> Writer {
        self.clickhouse.writer()
    }

    fn write(&self, arrivals: Vec<Arrival>) -> Vec<Fate> {
        wait(self.writer().write(arrivals)).unwrap()
    }

    fn beside(&self, sql: &str) -> i64 {
        self.beside.reader().unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

fn envelope(number: u64, install: u8, day: Day) -> Envelope {
    Envelope { id: EventId([7; 16], number), anonymous_id: AnonymousId([install; 32]), is_ephemeral: false, day }
}

fn deletion(number: u64, install: u8) -> Arrival {
    Arrival::Deletion { id: EventId([9; 16], number), anonymous_id: AnonymousId([install; 32]) }
}

fn today() -> Day {
    Clock::system().today()
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn a_deletion_holds_for_what_waits_beside_another_collector() {
    let place = Place::new();
    let [one, other] = ["one.db", "other.db"].map(|name| place.collector(name));
    let (today, later) = (today(), Day(today().0 + 1));
    let waits = vec![place.unknown(1, 1, today), place.unknown(2, 2, today), place.unknown(3, 1, later)];
    assert_eq!(other.write(waits), [Fate::Quarantined; 3]);
    assert_eq!(one.write(vec![deletion(1, 1)]), [Fate::Deleted]);
    assert_eq!(wait(one.writer().delete(EventId([9; 16], 2), AnonymousId([3; 32]))).unwrap(), Deletion::Nothing);
    // What is published on a later day is another matter.
    assert_eq!(wait(other.writer().adopt(place.all())).unwrap(), 2);
    assert_eq!(place.rows(), 2);
    assert_eq!(place.database.number(&format!("SELECT count() FROM _rows_run WHERE _day = {}", today.0)), 1);
    assert_eq!(place.database.number("SELECT count() FROM _install FINAL"), 2);
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn what_comes_after_a_deletion_at_the_same_collector_is_taken_over() {
    let place = Place::new();
    let one = place.collector("one.db");
    one.write(vec![place.unknown(1, 1, today())]);
    assert_eq!(one.write(vec![deletion(1, 1), place.unknown(2, 1, today())]), [Fate::Deleted, Fate::Quarantined]);
    assert_eq!(wait(one.writer().adopt(place.all())).unwrap(), 1);
    assert_eq!(place.rows(), 1);
    // What came before it in the same batch never waits.
    place.database.refuse("INSERT INTO _deletion", 0);
    let batch = || vec![place.unknown(3, 2, today()), deletion(2, 2)];
    wait(one.writer().write(batch())).unwrap_err();
    assert_eq!(one.write(batch()), [Fate::Quarantined, Fate::Deleted]);
    assert_eq!((wait(one.writer().forward()).unwrap(), place.rows()), (0, 1));
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn a_deletion_holds_for_what_is_taken_over_at_that_moment() {
    let place = Place::new();
    let slow = || sleep(Duration::from_millis(400));
    let one = place.over(Store::open_slow(&place.path("one.db"), Limits::default(), slow).unwrap());
    one.write(vec![place.event(1, 2, today())]);
    one.write(vec![place.unknown(2, 1, today())]);
    // It is a row of the file, and not of the engine.
    wait(one.beside.writer().adopt(vec![Arc::clone(&place.schemas.run)])).unwrap();
    let writer = one.writer();
    let (fates, forwarded) = wait(async {
        let forward = async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            writer.forward().await
        };
        tokio::join!(writer.write(vec![deletion(1, 1)]), forward)
    });
    assert_eq!(fates.unwrap(), [Fate::Deleted]);
    forwarded.unwrap();
    assert_eq!(place.rows(), 1);
    assert_eq!((wait(one.writer().forward()).unwrap(), place.rows()), (0, 1));
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn rows_that_arrived_although_their_installation_was_deleted_are_taken_back() {
    let place = Place::new();
    let [one, other] = ["one.db", "other.db"].map(|name| place.collector(name));
    other.write(vec![place.unknown(1, 1, today()), place.unknown(2, 2, today()), place.unknown(3, 3, today())]);
    // The rows are there, and nobody was told. The deletion comes before the next try.
    place.database.fault_of("drop", "INSERT INTO \"_rows_", 3);
    wait(other.writer().adopt(place.all())).unwrap_err();
    one.write(vec![deletion(1, 1), deletion(2, 3)]);
    place.database.ask(
        "INSERT INTO _rows_run (_day, _install, _schema, _ephemeral, _id, _number) \
         SELECT _day, (SELECT min(install) FROM _deleted), _schema, _ephemeral, unhex(concat(repeat('07', 16), '01')), 1 FROM _rows_run",
    );
    place.database.ask(&format!("INSERT INTO _install SELECT install, {day}, {day} FROM _deleted", day = today().0));
    assert_eq!((place.rows(), place.database.number("SELECT count() FROM _install FINAL")), (2, 3));
    // What comes after the deletion stays, with its installation.
    assert_eq!(one.write(vec![place.event(4, 1, today())]), [Fate::Stored]);
    wait(other.writer().forward()).unwrap();
    assert_eq!((place.rows(), place.database.number("SELECT count() FROM _install FINAL")), (2, 2));
    let deleted = wait(one.writer().delete(EventId([9; 16], 3), AnonymousId([1; 32]))).unwrap();
    assert_eq!((deleted, place.rows()), (Deletion::Deleted { events: 1 }, 1));
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn a_deletion_by_hand_holds_for_what_the_collector_of_the_same_file_sends_again() {
    for arrives in [false, true] {
        let place = Place::new();
        let [one, by_hand] = ["one.db"; 2].map(|name| place.collector(name));
        one.write(vec![place.unknown(1, 1, today())]);
        place.database.fault_of("refuse", "INSERT INTO \"_rows_", 3);
        wait(one.writer().adopt(place.all())).unwrap_err();
        let delete = |number| wait(by_hand.writer().delete(EventId([9; 16], number), AnonymousId([1; 32]))).unwrap();
        assert_eq!((delete(1), place.rows()), (Deletion::Deleted { events: 1 }, 0));
        // It is sent again before anything else.
        if arrives {
            assert_eq!(one.write(vec![deletion(2, 2)]), [Fate::Deleted]);
        } else {
            assert_eq!(wait(one.writer().forward()).unwrap(), 0);
        }
        assert_eq!((place.rows(), delete(3)), (0, Deletion::Nothing));
    }
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn what_was_taken_over_leaves_the_file_beside() {
    let place = Place::new();
    let one = place.collector("one.db");
    one.write(vec![place.unknown(1, 1, today()), place.unknown(2, 2, today())]);
    assert_eq!(wait(one.writer().adopt(place.all())).unwrap(), 2);
    let left = || (one.beside("SELECT count(*) FROM _install"), one.beside("SELECT count(*) FROM _rows_run"));
    assert_eq!(left(), (0, 0));
    // Numbers of rows are given again.
    for number in 3..6 {
        assert_eq!(one.write(vec![place.unknown(number, 1, today())]), [Fate::Stored]);
        assert_eq!((place.rows(), left()), (number, (0, 0)));
    }
    assert_eq!(one.write(vec![place.event(1, 1, today())]), [Fate::Duplicate]);
    // An engine that is away delays it.
    place.database.fault_of("refuse", "INSERT INTO \"_rows_", 3);
    one.write(vec![place.unknown(6, 3, today())]);
    assert_eq!((place.rows(), left()), (5, (1, 1)));
    wait(one.writer().adopt(place.all())).unwrap();
    assert_eq!((place.rows(), left()), (6, (0, 0)));
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn a_file_that_was_a_store_before_keeps_its_rows() {
    let place = Place::new();
    let file = Store::open(&place.path("one.db")).unwrap();
    wait(file.writer().write(vec![place.event(1, 1, today())])).unwrap();
    let one = place.over(file);
    one.write(vec![place.unknown(2, 2, today())]);
    wait(one.writer().adopt(place.all())).unwrap();
    assert_eq!((place.rows(), one.beside("SELECT count(*) FROM _install")), (2, 2));
    assert_eq!(wait(one.writer().adopt(place.all())).unwrap(), 0);
    // The number of a row that was the last one is given again.
    one.write(vec![deletion(1, 2)]);
    assert_eq!(wait(one.writer().adopt(place.all())).unwrap(), 0);
    assert_eq!(one.write(vec![place.unknown(3, 3, today())]), [Fate::Stored]);
    assert_eq!((place.rows(), one.beside("SELECT max(_number) FROM _rows_run")), (2, 2));
    // Even before anybody looks for it,
    one.write(vec![deletion(2, 3)]);
    assert_eq!(one.write(vec![place.unknown(4, 4, today())]), [Fate::Stored]);
    assert_eq!((place.rows(), one.beside("SELECT max(_number) FROM _rows_run")), (2, 2));
    // and if it is not the last one of them.
    one.write(vec![place.unknown(5, 4, today()), place.unknown(6, 4, today())]);
    assert_eq!((place.rows(), one.beside("SELECT max(_number) FROM _rows_run")), (4, 4));
    one.write(vec![deletion(3, 4)]);
    assert_eq!(one.write(vec![place.unknown(7, 5, today())]), [Fate::Stored]);
    assert_eq!((place.rows(), one.beside("SELECT max(_number) FROM _rows_run")), (2, 2));
    // What was there was passed over.
    assert_eq!(place.database.number("SELECT count() FROM _rows_run"), 2);
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn what_the_retention_of_the_engine_deleted_is_not_taken_over_again() {
    let place = Place::new();
    let file = Store::open(&place.path("one.db")).unwrap();
    // It is due, and the engine does not delete it by itself yet.
    let due = Day(today().0 - 33);
    wait(file.writer().write(vec![place.event(1, 1, due), place.event(2, 2, today())])).unwrap();
    let options = Options { retention_days: 30, ..options() };
    let one =
        Collector { clickhouse: ClickHouse::open(&place.database.address(), &file, options).unwrap(), beside: file };
    assert_eq!(wait(one.writer().adopt(place.all())).unwrap(), 2);
    // Another collector has done it, and this one has not in its file.
    place.database.ask(&format!("DELETE FROM _rows_run WHERE _day = {}", due.0));
    one.write(vec![deletion(1, 2)]);
    assert_eq!(one.write(vec![place.unknown(3, 3, today())]), [Fate::Stored]);
    assert_eq!((place.rows(), one.beside("SELECT count(*) FROM _rows_run")), (1, 2));
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn the_engine_keeps_rows_until_a_longer_retention_is_over() {
    let place = Place::new();
    let file = Store::open(&place.path("one.db")).unwrap();
    let open = |retention_days| {
        ClickHouse::open(&place.database.address(), &file, Options { retention_days, ..options() }).unwrap()
    };
    // What the table says, and the day on which what is there already is deleted.
    let ttl = || {
        let sql = "SELECT extract(engine_full, 'toIntervalDay.([0-9]+)') FROM system.tables \
                   WHERE database = currentDatabase() AND name = '_rows_run'";
        place.database.ask(sql).trim().to_owned()
    };
    let deleted_in = |day: Day| {
        let sql = "SELECT toInt32(toDate(max(delete_ttl_info_max))) FROM system.parts \
                   WHERE database = currentDatabase() AND table = '_rows_run' AND active";
        place.database.ask(sql).trim().parse::<i32>().unwrap() - day.0
    };
    let one = open(30);
    let day = Day(today().0 - 20);
    assert_eq!(wait(one.writer().write(vec![place.event(1, 1, day)])).unwrap(), [Fate::Stored]);
    assert_eq!((ttl().as_str(), deleted_in(day)), ("37", 37));
    one.close();
    // A table that an earlier version made.
    place.database.ask("ALTER TABLE _rows_run RESET SETTING materialize_ttl_recalculate_only");
    open(90).close();
    assert_eq!(ttl(), "97");
    let is_rewritten = "SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = '_rows_run' \
                        AND engine_full NOT LIKE '%materialize_ttl_recalculate_only = 1%'";
    assert_eq!(place.database.number(is_rewritten), 0);
    let begin = Instant::now();
    while deleted_in(day) != 97 {
        assert!(begin.elapsed() < Duration::from_secs(30), "{}", deleted_in(day));
        sleep(Duration::from_millis(20));
    }
    // What a shorter retention makes due is not counted yet.
    open(30).close();
    assert_eq!(ttl(), "97");
    // A table that the operator made in another way stays as it is.
    place.database.ask("ALTER TABLE _rows_run REMOVE TTL");
    open(90).close();
    assert_eq!((ttl().as_str(), place.rows()), ("", 1));
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn deletions_of_strangers_cost_a_few_requests_together() {
    let place = Place::new();
    let one = place.collector("one.db");
    wait(one.writer().adopt(place.all())).unwrap();
    one.write(vec![place.event(1, 1, today())]);
    let strangers: Vec<Arrival> = (10..60)
        .flat_map(|stranger| [deletion(stranger.into(), stranger), place.event(stranger.into(), 1, today())])
        .collect();
    let before = place.database.statements();
    let fates = one.write(strangers);
    let asked = place.database.statements() - before;
    assert!(asked < 12, "{asked}");
    assert_eq!(fates, [Fate::Deleted, Fate::Stored].repeat(50));
    assert_eq!(place.rows(), 51);
    // Each in its order.
    let mixed = vec![
        deletion(1, 1),
        place.event(2, 1, today()),
        deletion(1, 1),
        deletion(2, 2),
        place.event(3, 2, today()),
        deletion(3, 2),
        deletion(4, 2),
    ];
    let fates = one.write(mixed);
    let (gone, stored) = (Fate::Deleted, Fate::Stored);
    assert_eq!(fates, [gone, stored, Fate::Duplicate, gone, stored, gone, gone]);
    assert_eq!(place.rows(), 1);
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn a_retention_that_failed_is_tried_again_by_the_collector_whose_turn_it_is() {
    let place = Place::new();
    let [one, other] = ["one.db", "other.db"].map(|name| place.collector(name));
    let day = Day(20_000);
    one.write(vec![place.event(1, 1, day)]);
    let retain = |collector: &Collector| wait(collector.writer().retain_in_turn(Day(day.0 + 60), 30));
    place.database.refuse("DELETE FROM", 0);
    retain(&one).unwrap_err();
    assert_eq!(retain(&other).unwrap(), Retained::default());
    assert_eq!(retain(&one).unwrap().events, 1);
    assert_eq!(place.rows(), 0);
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn the_engine_is_asked_for_nothing_while_nothing_waits() {
    let place = Place::new();
    let one = place.collector("one.db");
    one.write(vec![place.unknown(1, 1, today())]);
    assert_eq!(wait(one.writer().adopt(place.all())).unwrap(), 1);
    let before = place.database.statements();
    assert_eq!(wait(one.writer().adopt(place.all())).unwrap(), 0);
    assert_eq!(place.database.statements() - before, 0);
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn events_are_taken_while_the_retention_runs() {
    let place = Place::new();
    let one = place.collector("one.db");
    let day = Day(20_000);
    one.write(vec![place.event(1, 1, day)]);
    place.database.fault_of("late", "INSERT INTO _active", 1);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let writer = one.writer();
    let retained = runtime.spawn(async move { writer.retain(Day(day.0 + 60), 30).await });
    let begin = Instant::now();
    while place.database.faults_left() > 0 {
        assert!(begin.elapsed() < Duration::from_secs(30));
        sleep(Duration::from_millis(20));
    }
    let written = runtime.block_on(async {
        timeout(Duration::from_secs(10), one.writer().write(vec![place.event(2, 1, Day(day.0 + 50))])).await
    });
    place.database.fault("none", 0);
    assert_eq!(written.expect("it waits for the retention").unwrap(), [Fate::Stored]);
    assert_eq!(runtime.block_on(retained).unwrap().unwrap().events, 1);
    assert_eq!(place.rows(), 1);
}
