//! How many events a second the store takes, durably, and how much disk each takes.
//!
//! `cargo bench -p telemetry-collector --bench store` prints events a second, and the ratio to a bare `INSERT` of one blob of the same size, with
//! as many rows in a transaction.

#![allow(clippy::unwrap_used, clippy::panic, reason = "that is how a benchmark fails")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use rusqlite::Connection;
use telemetry::TelemetrySnapshot;
use telemetry::schema::Released;
use telemetry_collector::arrival::{AnonymousId, Arrival, Day, Envelope, EventId, Fate};
use telemetry_collector::check::{Cell, Column, ColumnKind, KnownSchema};
use telemetry_collector::store::{Store, Unavailable};

const TASKS: u64 = 32;
const INSTALLS: u64 = 20_000;

#[derive(TelemetrySnapshot)]
struct Part {
    enabled: bool,
    verbose: bool,
    cached: bool,
    strict: bool,
    #[telemetry(one_of("postgres", "mysql", "sqlite", "mssql", "mongodb", "other"))]
    engine: String,
    #[telemetry(one_of("debug", "info", "warn", "error"))]
    level: Option<String>,
    #[telemetry(one_of("always", "daily", "weekly", "monthly", "yearly", "never"))]
    rotation: Option<String>,
    #[telemetry(number(max = 100))]
    workers: u32,
    #[telemetry(number(max = 1_000_000))]
    limit: Option<u32>,
    #[telemetry(version)]
    version: Option<String>,
}

#[derive(TelemetrySnapshot)]
struct Configuration {
    api: Part,
    database: Part,
    sessions: Part,
    mail: Part,
    jobs: Part,
    metrics: Part,
}

fn main() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("store");
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(&directory).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let schema = Arc::new(KnownSchema::new("init", "0.1.0", "2026-11-26", Released::of(&Configuration::SCHEMA)));
    println!("{} columns", schema.columns().len());
    let scale: u64 = std::env::var("EVENTS").ok().and_then(|events| events.parse().ok()).unwrap_or(500_000);
    for (name, batch, events) in [("single", 1, scale / 10), ("batches of 100", 100, scale)] {
        let path = directory.join(format!("{batch}.db"));
        let bare = bare(&directory.join(format!("bare-{batch}.db")), TASKS * batch, events);
        let store = Store::open(&path).unwrap();
        let resident = resident();
        let started = Instant::now();
        runtime.block_on(send(&store, &schema, batch, events));
        let speed = events as f64 / started.elapsed().as_secs_f64();
        let grown = self::resident().saturating_sub(resident);
        store.close();
        let bytes = std::fs::metadata(&path).unwrap().len() as f64 / events as f64;
        println!(
            "{name}: {speed:.0} events/s, {:.2} of bare inserts ({bare:.0}/s), {bytes:.0} bytes an event, {grown} KiB more resident",
            speed / bare
        );
        spread(&path);
    }
}

/// One writer, whose tasks all send a batch and wait for its fate.
async fn send(store: &Store, schema: &Arc<KnownSchema>, batch: u64, events: u64) {
    let next = Arc::new(AtomicU64::new(0));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..TASKS {
        let (writer, schema, next) = (store.writer(), Arc::clone(schema), Arc::clone(&next));
        tasks.spawn(async move {
            loop {
                let first = next.fetch_add(batch, Ordering::Relaxed);
                if first >= events {
                    return;
                }
                loop {
                    let arrivals = (first..first + batch).map(|number| event(&schema, number)).collect();
                    match writer.write(arrivals).await {
                        Ok(fates) => assert!(fates.iter().all(|fate| *fate == Fate::Stored)),
                        Err(Unavailable::Busy) => {
                            tokio::task::yield_now().await;
                            continue;
                        }
                        Err(error) => panic!("{error}"),
                    }
                    break;
                }
            }
        });
    }
    while tasks.join_next().await.is_some_and(|task| task.is_ok()) {}
}

/// An event whose values look random and are the same in each run.
fn event(schema: &Arc<KnownSchema>, number: u64) -> Arrival {
    let seed = mix(number);
    let mut process = [0; 16];
    process[..8].copy_from_slice(&seed.to_le_bytes());
    process[8..].copy_from_slice(&mix(seed).to_le_bytes());
    let mut install = [0; 32];
    let which = mix(seed ^ 1) % INSTALLS;
    for (index, bytes) in install.chunks_mut(8).enumerate() {
        bytes.copy_from_slice(&mix(which * 4 + index as u64).to_le_bytes());
    }
    let envelope = Envelope {
        id: EventId(process, 0),
        anonymous_id: AnonymousId(install),
        is_ephemeral: false,
        day: Day(20_700 + i32::try_from(number / 10_000 % 90).unwrap()),
    };
    let cells =
        schema.columns().iter().enumerate().map(|(index, column)| cell(column, mix(seed ^ index as u64))).collect();
    Arrival::Event { envelope, schema: Arc::clone(schema), cells }
}

fn cell(column: &Column, random: u64) -> Cell {
    if !column.is_required && random.is_multiple_of(4) {
        return Cell::Absent;
    }
    let random = random >> 8;
    match column.kind {
        ColumnKind::Flag => Cell::Flag(random.is_multiple_of(2)),
        ColumnKind::Integer => {
            Cell::Integer(i64::try_from(random % if column.is_required { 100 } else { 1_000_000 }).unwrap())
        }
        ColumnKind::Word => Cell::Word(usize::try_from(random).unwrap() % column.texts.len()),
        ColumnKind::Version => Cell::Version(
            3,
            [
                1 + u16::from(random.is_multiple_of(3)),
                u16::try_from(random % 40).unwrap(),
                u16::try_from(random % 10).unwrap(),
            ],
        ),
        ColumnKind::Json => Cell::Json(b"[]".to_vec()),
    }
}

const fn mix(number: u64) -> u64 {
    let mut number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// Inserts of one blob, `group` in a transaction that is synced.
fn bare(path: &Path, group: u64, rows: u64) -> f64 {
    let connection = Connection::open(path).unwrap();
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())).unwrap();
    connection.pragma_update(None, "synchronous", "FULL").unwrap();
    connection.execute_batch("CREATE TABLE bare (value BLOB)").unwrap();
    let mut insert = connection.prepare("INSERT INTO bare VALUES (?1)").unwrap();
    let started = Instant::now();
    for _ in 0..rows / group {
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        for _ in 0..group {
            insert.execute([[7_u8; 200].as_slice()]).unwrap();
        }
        connection.execute_batch("COMMIT").unwrap();
    }
    (rows / group * group) as f64 / started.elapsed().as_secs_f64()
}

fn spread(path: &Path) {
    let connection = Connection::open(path).unwrap();
    let sql = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 5";
    let mut statement = connection.prepare(sql).unwrap();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        println!("    {}: {} KiB", row.get::<_, String>(0).unwrap(), row.get::<_, u64>(1).unwrap() / 1024);
    }
}

/// What the process has in memory, in KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
