//! A million events of 60 leaves in each store, beside the same as JSON in one column: disk, speed of writing, and the time of each question.
//!
//! `cargo bench -p telemetry-collector --features clickhouse --bench stores` prints a table, and needs the address of an engine in
//! `COLLECTOR_TEST_CLICKHOUSE`, as `.ci/clickhouse` starts one. `EVENTS` and `INSTALLS` set how many there are.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "that is how a benchmark fails")]

mod rows;

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rows::event;
use rusqlite::Connection;
use telemetry_collector::arrival::{Arrival, Day};
use telemetry_collector::ask::{Filter, Source, event as ask_event, overview, published};
use telemetry_collector::check::{Cell, Known, KnownSchema};
use telemetry_collector::clickhouse::{Address, ClickHouse, Options};
use telemetry_collector::receive::Keep;
use telemetry_collector::store::{Limits, Store};

/// The last day of the events.
const TODAY: Day = Day(20_789);

/// As many events arrive together, and as many senders wait at a time.
const BATCH: u64 = 1_000;
const SENDERS: u64 = 16;

fn main() {
    let server = std::env::var("COLLECTOR_TEST_CLICKHOUSE").expect("COLLECTOR_TEST_CLICKHOUSE names no engine");
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stores");
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(directory.join("schemas")).unwrap();
    let known = known(&directory.join("schemas"));
    let (_, schemas) = known.events().next().unwrap();
    let of = |name: &str, usual: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    let load = Load { schema: &schemas[0], events: of("EVENTS", 1_000_000), installs: of("INSTALLS", 20_000) };
    println!("{} events of {} columns from {} installations", load.events, load.schema.columns().len(), load.installs);

    let engine = Engine { server };
    for database in ["bench_typed", "bench_json"] {
        engine.ask("", &format!("DROP DATABASE IF EXISTS {database}"));
        engine.ask("", &format!("CREATE DATABASE {database}"));
    }
    let path = directory.join("events.db");
    let limits = Limits { waiting_bytes: Options::default().waiting_bytes, ..Limits::default() };
    let store = Store::open_with(&path, limits).unwrap();
    let written = load.write(&store.writer());
    println!("sqlite, typed: {:.0} events/s", load.speed(written));
    let json_path = directory.join("json.db");
    let written = load.write_json_file(&json_path);
    println!("sqlite, JSON: {:.0} events/s", load.speed(written));
    let beside = Store::open(&directory.join("beside.db")).unwrap();
    let address = Address::new(&format!("{}?database=bench_typed", engine.server), "", "").unwrap();
    let clickhouse =
        ClickHouse::open(&address, &beside, Options { retention_days: 36_500, ..Options::default() }).unwrap();
    let written = load.write(&clickhouse.writer());
    println!("clickhouse, typed: {:.0} events/s", load.speed(written));
    let written = load.write_json_engine(&engine);
    println!("clickhouse, JSON: {:.0} events/s", load.speed(written));

    for (database, table) in [("bench_typed", "_rows_init"), ("bench_json", "events")] {
        engine.ask(database, &format!("OPTIMIZE TABLE {table} FINAL"));
    }
    let bytes = |database: &str| {
        let sql = format!("SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = '{database}'");
        engine.ask(database, &sql).trim().parse::<u64>().unwrap()
    };
    // Closed, a file has no log.
    store.close();
    let file = |path: &Path| std::fs::metadata(path).unwrap().len();
    for (name, bytes) in [
        ("sqlite, typed", file(&path)),
        ("sqlite, JSON", file(&json_path)),
        ("clickhouse, typed", bytes("bench_typed")),
        ("clickhouse, JSON", bytes("bench_json")),
    ] {
        println!("{name}: {} bytes an event", bytes / load.events);
    }
    print_parts(&engine);
    let store = Store::open(&path).unwrap();
    let reader = store.reader().unwrap();

    let engine_reader = clickhouse.readers().open().unwrap();
    for (name, source) in [("sqlite", Source::from(&reader)), ("clickhouse", Source::from(&engine_reader))] {
        time(&format!("{name}, overview"), || drop(overview(source, &known, TODAY, 20).unwrap()));
        for query in ["", "where=api.enabled:true", "rows=api.engine&columns=api.level"] {
            let filter = Filter::parse(query).unwrap();
            time(&format!("{name}, event {query:?}"), || {
                drop(ask_event(source, &known, "init", &filter, TODAY, 20).unwrap());
            });
        }
        time(&format!("{name}, what is published"), || drop(published(source, &known, TODAY, 365, 20).unwrap()));
    }
    // One question as people ask it: events by a word.
    let count = |connection: &Connection, sql: &str| {
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get::<_, i64>(1)).unwrap();
        assert_eq!(rows.map(Result::unwrap).sum::<i64>(), i64::try_from(load.events).unwrap());
    };
    time("sqlite, a word, typed", || {
        count(&reader, "SELECT \"api.engine\", count(*) FROM _rows_init GROUP BY 1");
    });
    let json = Connection::open(&json_path).unwrap();
    time("sqlite, a word, JSON", || {
        count(&json, "SELECT payload ->> '$.api.engine', count(*) FROM events GROUP BY 1");
    });
    time("clickhouse, a word, typed", || {
        drop(engine.ask("bench_typed", "SELECT \"api.engine:word\", count() FROM _rows_init FINAL GROUP BY 1"));
    });
    time("clickhouse, a word, JSON", || {
        drop(engine.ask(
            "bench_json",
            "SELECT JSONExtractString(payload, 'api', 'engine'), count() FROM events FINAL GROUP BY 1",
        ));
    });
    drop(reader);
}

/// The columns that take the most room.
fn print_parts(engine: &Engine) {
    let sql = "SELECT replaceRegexpOne(column, '^[a-z]+[.][a-zA-Z]+:', 'values of '), sum(column_bytes_on_disk) AS bytes \
               FROM system.parts_columns WHERE active AND database = 'bench_typed' AND table = '_rows_init' GROUP BY 1 ORDER BY 2 DESC";
    println!("clickhouse, bytes by column:\n{}", engine.ask("bench_typed", sql));
}

/// What is written.
struct Load<'s> {
    schema: &'s Arc<KnownSchema>,
    events: u64,
    installs: u64,
}

impl Load<'_> {
    fn speed(&self, time: Duration) -> f64 {
        self.events as f64 / time.as_secs_f64()
    }

    fn batch(&self, first: u64) -> Vec<Arrival> {
        let numbers = first..self.events.min(first + BATCH);
        numbers.map(|number| event(self.schema, number, self.installs, day(number, self.events))).collect()
    }

    fn write(&self, store: &(impl Keep + Clone)) -> Duration {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let started = Instant::now();
        let firsts: Vec<u64> = (0..self.events).step_by(usize::try_from(BATCH).unwrap()).collect();
        for firsts in firsts.chunks(usize::try_from(SENDERS).unwrap()) {
            runtime.block_on(async {
                let mut waiting = Vec::new();
                for first in firsts {
                    let (store, batch) = (store.clone(), self.batch(*first));
                    waiting.push(tokio::spawn(async move { store.keep(batch).await.unwrap() }));
                }
                for write in waiting {
                    write.await.unwrap();
                }
            });
        }
        started.elapsed()
    }

    /// A file with each event as JSON, by id.
    fn write_json_file(&self, path: &Path) -> Duration {
        let connection = Connection::open(path).unwrap();
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())).unwrap();
        connection.pragma_update(None, "synchronous", "FULL").unwrap();
        connection
            .execute_batch(
                "CREATE TABLE events (id BLOB UNIQUE, day INTEGER, install BLOB, payload TEXT);
                 CREATE INDEX days ON events (day, install)",
            )
            .unwrap();
        let started = Instant::now();
        for first in (0..self.events).step_by(usize::try_from(BATCH * SENDERS).unwrap()) {
            let transaction = connection.unchecked_transaction().unwrap();
            let mut insert = transaction.prepare("INSERT INTO events VALUES (?1, ?2, ?3, ?4)").unwrap();
            for first in (first..first + BATCH * SENDERS).step_by(usize::try_from(BATCH).unwrap()) {
                for (id, install, day, payload) in self.batch(first).iter().map(json) {
                    insert.execute((id, day, install, payload)).unwrap();
                }
            }
            drop(insert);
            transaction.commit().unwrap();
        }
        started.elapsed()
    }

    /// A table of the engine with each event as JSON, by id.
    fn write_json_engine(&self, engine: &Engine) -> Duration {
        engine.ask(
            "bench_json",
            "CREATE TABLE events (_day Int32 CODEC(Delta, ZSTD), _id String CODEC(ZSTD), _install String CODEC(ZSTD), payload String CODEC(ZSTD)) \
             ENGINE = ReplacingMergeTree PARTITION BY toYYYYMM(toDate(_day)) ORDER BY (_day, _id) \
             SETTINGS fsync_after_insert = 1, fsync_part_directory = 1",
        );
        let started = Instant::now();
        for first in (0..self.events).step_by(usize::try_from(BATCH * SENDERS).unwrap()) {
            let mut lines = String::new();
            for first in (first..first + BATCH * SENDERS).step_by(usize::try_from(BATCH).unwrap()) {
                for (id, install, day, payload) in self.batch(first).iter().map(json) {
                    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect::<String>();
                    let _ = writeln!(lines, "{day}\t{}\t{}\t{payload}", hex(&id), hex(&install));
                }
            }
            engine.insert("bench_json", "INSERT INTO events FORMAT TSV", lines);
        }
        started.elapsed()
    }
}

/// The id, the installation, the day, and the payload as it was sent.
fn json(arrival: &Arrival) -> ([u8; 16], [u8; 32], i32, String) {
    let Arrival::Event { envelope, schema, cells } = arrival else { panic!("no event") };
    let mut payload = String::from("{");
    let mut part = "";
    for (column, cell) in schema.columns().iter().zip(cells) {
        let (of, name) = column.path.split_once('.').unwrap();
        let value = match cell {
            Cell::Absent => continue,
            Cell::Flag(flag) => flag.to_string(),
            Cell::Integer(integer) => integer.to_string(),
            Cell::Word(index) => format!("{:?}", column.texts[*index]),
            Cell::Version(_, [major, minor, patch]) => format!("\"{major}.{minor}.{patch}\""),
            Cell::Json(bytes) => String::from_utf8(bytes.clone()).unwrap(),
        };
        let before = match (part, part == of) {
            ("", _) => format!("\"{of}\":{{"),
            (_, true) => ",".to_owned(),
            (_, false) => format!("}},\"{of}\":{{"),
        };
        part = of;
        let _ = write!(payload, "{before}\"{name}\":{value}");
    }
    payload.push_str("}}");
    (envelope.id.0, envelope.anonymous_id.0, envelope.day.0, payload)
}

/// The engine's HTTP interface.
struct Engine {
    server: String,
}

impl Engine {
    fn ask(&self, database: &str, sql: &str) -> String {
        self.post(&format!("?database={}", if database.is_empty() { "default" } else { database }), sql.to_owned())
    }

    fn insert(&self, database: &str, sql: &str, rows: String) {
        let query: String = form_urlencoded::byte_serialize(sql.as_bytes()).collect();
        self.post(&format!("?database={database}&query={query}"), rows);
    }

    fn post(&self, query: &str, body: String) -> String {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let client = reqwest::Client::builder().no_proxy().build().unwrap();
            let answer = client.post(format!("{}{query}", self.server)).body(body).send().await.unwrap();
            let is_done = answer.status().is_success();
            let text = answer.text().await.unwrap();
            assert!(is_done, "{text}");
            text
        })
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
    let schema = rows::schema();
    let (bits, hash, lines) = (schema.bits(), schema.hash(), schema.to_json());
    let release = format!(r#"{{"version":"0.1.0","date":"2026-11-26","bits":{bits},"hash":"{hash}"}}"#);
    let text = format!(r#"{{"format":1,"event":"init","releases":[{release}],"schema":{lines}}}"#);
    std::fs::write(directory.join("init.json"), text).unwrap();
    Known::read(directory).unwrap()
}

/// The events are of 90 days, in their order.
fn day(number: u64, events: u64) -> Day {
    Day(20_700 + i32::try_from(number * 90 / events).unwrap())
}
