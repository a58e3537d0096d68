//! The store: what is in the file after what happened.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "that is how a test fails")]

mod delete;
mod events;
mod faults;
mod file;
mod load;
mod migrate;
mod quarantine;
mod rejects;
mod retain;

use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::types::FromSql;
use telemetry::TelemetrySnapshot;
use telemetry::schema::Released;
use telemetry_collector::arrival::{AnonymousId, Arrival, Day, Envelope, EventId, Fate};
use telemetry_collector::check::KnownSchema;
use telemetry_collector::store::{Limits, Store};
use tempfile::TempDir;

/// The day of the events of the tests: 2026-11-27.
const TODAY: Day = Day(20_784);

#[derive(TelemetrySnapshot)]
struct Run {
    by_hand: bool,
    #[telemetry(number(max = 1_000_000))]
    wait: u32,
    #[telemetry(one_of("build", "test"))]
    command: Option<String>,
}

/// The same with one more word, a version and a list.
#[derive(TelemetrySnapshot)]
struct WiderRun {
    by_hand: bool,
    #[telemetry(number(max = 1_000_000))]
    wait: u32,
    #[telemetry(one_of("check", "build", "test"))]
    command: Option<String>,
    #[telemetry(version)]
    compiler: Option<String>,
    #[telemetry(each(one_of("fast", "quiet"), max = 4))]
    flags: Vec<String>,
}

fn run() -> Arc<KnownSchema> {
    Arc::new(KnownSchema::new("run", "0.1.0", "2026-01-01", Released::of(&Run::SCHEMA)))
}

fn wider_run() -> Arc<KnownSchema> {
    Arc::new(KnownSchema::new("run", "0.2.0", "2026-02-01", Released::of(&WiderRun::SCHEMA)))
}

/// A store in a directory of its own.
struct Kept {
    directory: TempDir,
    store: Option<Store>,
}

impl Kept {
    fn new() -> Self {
        Self::with(Limits::default())
    }

    fn with(limits: Limits) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Some(Store::open_with(&directory.path().join("events.db"), limits).unwrap());
        Self { directory, store }
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("events.db")
    }

    fn store(&self) -> &Store {
        self.store.as_ref().unwrap()
    }

    fn close(&mut self) {
        self.store.take().unwrap().close();
    }

    /// Opens the file again.
    fn reopen(&mut self, limits: Limits) {
        self.store = Some(Store::open_with(&self.path(), limits).unwrap());
    }

    fn write(&self, arrivals: Vec<Arrival>) -> Vec<Fate> {
        wait(self.store().writer().write(arrivals)).unwrap()
    }

    fn write_one(&self, arrival: Arrival) -> Fate {
        self.write(vec![arrival])[0]
    }

    fn one<T: FromSql>(&self, sql: &str) -> T {
        one(&self.store().reader().unwrap(), sql)
    }

    /// The rows of one column.
    fn all<T: FromSql>(&self, sql: &str) -> Vec<T> {
        let connection = self.store().reader().unwrap();
        let mut statement = connection.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }
}

fn one<T: FromSql>(connection: &Connection, sql: &str) -> T {
    connection.query_row(sql, [], |row| row.get(0)).unwrap_or_else(|error| panic!("{sql}: {error}"))
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

fn envelope(number: u64, install: u8, day: Day) -> Envelope {
    let mut process = [0; 16];
    // Ids of processes are random, so their order says nothing.
    process[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    Envelope { id: EventId(process, number), anonymous_id: AnonymousId([install; 32]), is_ephemeral: false, day }
}

/// An event of today.
fn event(schema: &Arc<KnownSchema>, number: u64, install: u8, payload: &str) -> Arrival {
    event_of(schema, envelope(number, install, TODAY), payload)
}

fn event_of(schema: &Arc<KnownSchema>, envelope: Envelope, payload: &str) -> Arrival {
    Arrival::Event { envelope, schema: Arc::clone(schema), cells: schema.check(payload.as_bytes()).unwrap() }
}

fn unknown(schema: &Arc<KnownSchema>, envelope: Envelope, payload: &str) -> Arrival {
    let event = schema.event().to_owned();
    Arrival::Unknown { envelope, schema: schema.hash(), event, payload: payload.as_bytes().to_vec() }
}

const FAST: &str = r#"{"by_hand":true,"wait":2,"command":"test"}"#;
