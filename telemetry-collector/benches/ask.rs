//! How long the reports take over a million events of 60 leaves, and as many counted events of 4.
//!
//! `cargo bench -p telemetry-collector --bench ask` prints the time of the overview and of the event's report, with everything shown and with
//! small counts hidden. `EVENTS` and `INSTALLS` set how many there are.

#![allow(clippy::unwrap_used, clippy::panic, reason = "that is how a benchmark fails")]

mod rows;

use std::path::Path;
use std::time::Instant;

use rows::event;
use telemetry::schema::Released;
use telemetry::{TelemetryEvent, TelemetrySnapshot as _};
use telemetry_collector::arrival::Day;
use telemetry_collector::ask::{Filter, event as ask_event, overview, published};
use telemetry_collector::check::Known;
use telemetry_collector::store::Store;

/// The last day of the events.
const TODAY: Day = Day(20_789);

/// What happens often.
#[derive(TelemetryEvent)]
#[telemetry(event = "command", counted)]
#[allow(dead_code, reason = "only its schema is used")]
struct Command {
    #[telemetry(one_of("build", "check", "clean", "run", "test"))]
    name: String,
    by_hand: bool,
    #[telemetry(version)]
    compiler: Option<String>,
}

fn main() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ask");
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(directory.join("schemas")).unwrap();
    let known = known(&directory.join("schemas"));
    let schemas = ["init", "command"].map(|name| {
        let (_, schemas) = known.events().find(|(event, _)| *event == name).unwrap();
        &schemas[0]
    });
    let of = |name: &str, usual: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (events, installs) = (of("EVENTS", 1_000_000), of("INSTALLS", 20_000));
    let path = directory.join("events.db");
    let store = Store::open(&path).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for (schema, ids) in schemas.into_iter().zip([0, events]) {
        for first in (0..events).step_by(2_000) {
            let arrivals = (first..events.min(first + 2_000))
                .map(|number| event(schema, ids + number, installs, day(number, events)))
                .collect();
            runtime.block_on(store.writer().write(arrivals)).unwrap();
        }
    }
    let reader = store.reader().unwrap();
    println!("{events} events of {} columns from {installs} installations", schemas[0].columns().len());
    println!("and {events} counted events of {} columns", schemas[1].columns().len());
    for least in [0, 20] {
        time(&format!("overview, least {least}"), || drop(overview(&reader, &known, TODAY, least).unwrap()));
        for query in ["", "where=api.enabled:true", "rows=api.engine&columns=api.level"] {
            let filter = Filter::parse(query).unwrap();
            time(&format!("event, least {least}, {query:?}"), || {
                drop(ask_event(&reader, &known, "init", &filter, TODAY, least).unwrap());
            });
        }
    }
    // Sums are told where nothing is hidden.
    for query in ["", "where=by_hand:true", "rows=name&columns=by_hand"] {
        let filter = Filter::parse(query).unwrap();
        time(&format!("counted event, {query:?}"), || {
            drop(ask_event(&reader, &known, "command", &filter, TODAY, 0).unwrap());
        });
    }
    time("what is published, least 20", || drop(published(&reader, &known, TODAY, 365, 20).unwrap()));
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
    for (event, schema) in [("init", rows::schema()), ("command", Released::of(&Command::SCHEMA))] {
        let (bits, hash, lines) = (schema.bits(), schema.hash(), schema.to_json());
        let release = format!(r#"{{"version":"0.1.0","date":"2026-11-26","bits":{bits},"hash":"{hash}"}}"#);
        let text = format!(r#"{{"format":1,"event":"{event}","releases":[{release}],"schema":{lines}}}"#);
        std::fs::write(directory.join(format!("{event}.json")), text).unwrap();
    }
    Known::read(directory).unwrap()
}

/// The events are of 90 days, in their order.
fn day(number: u64, events: u64) -> Day {
    Day(20_700 + i32::try_from(number * 90 / events).unwrap())
}
