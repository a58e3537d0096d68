//! What waits beside, and what several collectors do to one database: deletions and the retention.

use std::env;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use telemetry_collector::arrival::{AnonymousId, Arrival, Day, Envelope, EventId, Fate};
use telemetry_collector::clickhouse::{ClickHouse, Writer};
use telemetry_collector::store::{Retained, Store};
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
    _beside: Store,
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
        Collector { clickhouse, _beside: beside }
    }

    /// An event of an installation that was published on this day.
    fn event(&self, number: u64, install: u8, day: Day) -> Arrival {
        let schema = Arc::clone(&self.schemas.run);
        let cells = schema.check(FAST.as_bytes()).unwrap();
        Arrival::Event { envelope: envelope(number, install, day), schema, cells }
    }

    fn rows(&self) -> u64 {
        self.database.number("SELECT count() FROM _rows_run FINAL")
    }
}

impl Collector {
    fn writer(&self) -> Writer {
        self.clickhouse.writer()
    }
}

fn envelope(number: u64, install: u8, day: Day) -> Envelope {
    Envelope { id: EventId([7; 16], number), anonymous_id: AnonymousId([install; 32]), is_ephemeral: false, day }
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn a_retention_that_failed_is_tried_again_by_the_collector_whose_turn_it_is() {
    let place = Place::new();
    let [one, other] = ["one.db", "other.db"].map(|name| place.collector(name));
    let day = Day(20_000);
    wait(one.writer().write(vec![place.event(1, 1, day)])).unwrap();
    let retain = |collector: &Collector| wait(collector.writer().retain_in_turn(Day(day.0 + 60), 30));
    place.database.refuse("DELETE FROM", 0);
    retain(&one).unwrap_err();
    assert_eq!(retain(&other).unwrap(), Retained::default());
    assert_eq!(retain(&one).unwrap().events, 1);
    assert_eq!(place.rows(), 0);
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn events_are_taken_while_the_retention_runs() {
    let place = Place::new();
    let one = place.collector("one.db");
    let day = Day(20_000);
    wait(one.writer().write(vec![place.event(1, 1, day)])).unwrap();
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
