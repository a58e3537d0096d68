//! How many events a second the store takes, durably, and how much disk each takes.
//!
//! `cargo bench -p telemetry-collector --bench store` prints events a second, and the ratio to a bare `INSERT` of one blob of the same size, with
//! as many rows in a transaction.

#![allow(clippy::unwrap_used, clippy::panic, reason = "that is how a benchmark fails")]

mod rows;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use rows::event;
use rusqlite::Connection;
use telemetry_collector::arrival::{Day, Fate};
use telemetry_collector::check::KnownSchema;
use telemetry_collector::store::{Store, Unavailable};

const TASKS: u64 = 32;
const INSTALLS: u64 = 20_000;

fn main() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("store");
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(&directory).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let schema = Arc::new(KnownSchema::new("init", "0.1.0", "2026-11-26", rows::schema()));
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
                    let arrivals =
                        (first..first + batch).map(|number| event(&schema, number, INSTALLS, day(number))).collect();
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

/// The events are of 90 days in turn.
fn day(number: u64) -> Day {
    Day(20_700 + i32::try_from(number / 10_000 % 90).unwrap())
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
