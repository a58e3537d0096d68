//! How long the reports take over a million events of 60 leaves.
//!
//! `cargo bench -p telemetry-collector --bench ask` prints the time of the overview and of the event's report, with everything shown and with
//! small counts hidden. `EVENTS` and `INSTALLS` set how many there are.

#![allow(clippy::unwrap_used, clippy::panic, reason = "that is how a benchmark fails")]

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use telemetry::TelemetrySnapshot;
use telemetry::schema::Released;
use telemetry_collector::arrival::{AnonymousId, Arrival, Day, Envelope, EventId};
use telemetry_collector::ask::{Filter, event as ask_event, overview};
use telemetry_collector::check::{Cell, Column, ColumnKind, Known, KnownSchema};
use telemetry_collector::store::Store;

/// The last day of the events.
const TODAY: Day = Day(20_789);

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
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ask");
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(directory.join("schemas")).unwrap();
    let known = known(&directory.join("schemas"));
    let (_, schemas) = known.events().next().unwrap();
    let of = |name: &str, usual: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (events, installs) = (of("EVENTS", 1_000_000), of("INSTALLS", 20_000));
    let path = directory.join("events.db");
    let store = Store::open(&path).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for first in (0..events).step_by(2_000) {
        let arrivals =
            (first..events.min(first + 2_000)).map(|number| event(&schemas[0], number, installs, events)).collect();
        runtime.block_on(store.writer().write(arrivals)).unwrap();
    }
    let reader = store.reader().unwrap();
    println!("{events} events of {} columns from {installs} installations", schemas[0].columns().len());
    for least in [0, 20] {
        time(&format!("overview, least {least}"), || drop(overview(&reader, &known, TODAY, least).unwrap()));
        for query in ["", "where=api.enabled:true", "rows=api.engine&columns=api.level"] {
            let filter = Filter::parse(query).unwrap();
            time(&format!("event, least {least}, {query:?}"), || {
                drop(ask_event(&reader, &known, "init", &filter, TODAY, least).unwrap());
            });
        }
    }
}

/// The best of three.
fn time(name: &str, mut run: impl FnMut()) {
    let once = |_| {
        let started = Instant::now();
        run();
        started.elapsed()
    };
    println!("{name}: {} ms", (0..3).map(once).min().unwrap_or_default().as_millis());
}

fn known(directory: &Path) -> Known {
    let schema = Released::of(&Configuration::SCHEMA);
    let (bits, hash, lines) = (schema.bits(), schema.hash(), schema.to_json());
    let release = format!(r#"{{"version":"0.1.0","date":"2026-11-26","bits":{bits},"hash":"{hash}"}}"#);
    let text = format!(r#"{{"format":1,"event":"init","releases":[{release}],"schema":{lines}}}"#);
    std::fs::write(directory.join("init.json"), text).unwrap();
    Known::read(directory).unwrap()
}

/// An event whose values look random and are the same in each run.
fn event(schema: &Arc<KnownSchema>, number: u64, installs: u64, events: u64) -> Arrival {
    let seed = mix(number);
    let mut process = [0; 16];
    process[..8].copy_from_slice(&seed.to_le_bytes());
    process[8..].copy_from_slice(&mix(seed).to_le_bytes());
    let mut install = [0; 32];
    let which = mix(seed ^ 1) % installs;
    for (index, bytes) in install.chunks_mut(8).enumerate() {
        bytes.copy_from_slice(&mix(which * 4 + index as u64).to_le_bytes());
    }
    let envelope = Envelope {
        id: EventId(process, 0),
        anonymous_id: AnonymousId(install),
        is_ephemeral: false,
        day: Day(20_700 + i32::try_from(number * 90 / events).unwrap()),
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
