//! The demonstration's events in each store, beside the same as JSON in one column: disk, speed of writing, and the time of each question.
//!
//! `cargo bench -p telemetry-collector --features clickhouse --bench stores` prints a table, and needs the address of an engine in
//! `COLLECTOR_TEST_CLICKHOUSE`, as `.ci/clickhouse` starts one. `INSTALLS` sets how many are simulated; the usual ones send about a million events,
//! which are in memory. `DO_NOT_TRACK` must not be set, since simulated clients obey it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "that is how a benchmark fails")]

mod simulated;

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use simulated::{copy, envelope, json, simulate};
use telemetry_collector::arrival::Arrival;
use telemetry_collector::ask::{Filter, Source, event as ask_event, overview, published};
use telemetry_collector::clickhouse::{Address, ClickHouse, Options};
use telemetry_collector::demo::{Calendar, DAYS};
use telemetry_collector::receive::Keep;
use telemetry_collector::store::{Limits, Store};

/// As many events arrive together, and as many senders wait at a time.
const BATCH: usize = 1_000;
const SENDERS: usize = 16;

/// How many installations send about a million events.
const INSTALLS: usize = 89_000;

/// The stores, in the order of the table.
const STORES: [&str; 4] = ["SQLite", "as JSON", "ClickHouse", "as JSON"];

fn main() {
    let server = std::env::var("COLLECTOR_TEST_CLICKHOUSE").expect("COLLECTOR_TEST_CLICKHOUSE names no engine");
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stores");
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(&directory).unwrap();
    let installs = std::env::var("INSTALLS").ok().and_then(|text| text.parse().ok()).unwrap_or(INSTALLS);
    let (known, arrivals) = simulate(&directory.join("schemas"), installs);
    let load = Load { arrivals };
    let init = load.arrivals.iter().filter(|arrival| envelope(arrival).1.event() == "init").count();
    println!("{} events, {init} of them `init`, of {installs} simulated installations", load.arrivals.len());
    let mut table = Table::default();

    let engine = Engine { server };
    for database in ["bench_typed", "bench_json"] {
        engine.ask("", &format!("DROP DATABASE IF EXISTS {database}"));
        engine.ask("", &format!("CREATE DATABASE {database}"));
    }
    let path = directory.join("events.db");
    let limits = Limits { waiting_bytes: Options::default().waiting_bytes, ..Limits::default() };
    let store = Store::open_with(&path, limits).unwrap();
    let beside = Store::open(&directory.join("beside.db")).unwrap();
    let address = Address::new(&format!("{}?database=bench_typed", engine.server), "", "").unwrap();
    let kept = Options { retention_days: 36_500, ..Options::default() };
    let clickhouse = ClickHouse::open(&address, &beside, kept).unwrap();
    let json_path = directory.join("json.db");
    let written = [
        load.write(&store.writer()),
        load.write_json_file(&json_path),
        load.write(&clickhouse.writer()),
        load.write_json_engine(&engine),
    ];
    table.row("events/s written", written.map(|time| Some(format!("{:.0}", load.len() / time.as_secs_f64()))));

    let tables = engine.ask(
        "bench_typed",
        "SELECT name FROM system.tables WHERE database = 'bench_typed' AND startsWith(name, '_rows_')",
    );
    for (database, table) in tables.lines().map(|table| ("bench_typed", table)).chain([("bench_json", "events")]) {
        engine.ask(database, &format!("OPTIMIZE TABLE {table} FINAL"));
    }
    let bytes_of = |database: &str, table: &str| {
        let sql = format!(
            "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = '{database}' AND table LIKE '{table}'"
        );
        engine.ask(database, &sql).trim().parse::<u64>().unwrap()
    };
    // Closed, a file has no log.
    store.close();
    let file = |path: &Path| std::fs::metadata(path).unwrap().len();
    let bytes = [file(&path), file(&json_path), bytes_of("bench_typed", "%"), bytes_of("bench_json", "%")];
    table.row("bytes an event", bytes.map(|bytes| Some(format!("{:.0}", bytes as f64 / load.len()))));
    print_parts(&engine);
    for event in ["init", "signIn"] {
        // With the indexes, and without installations.
        let sql = "SELECT sum(pgsize) FROM dbstat WHERE name LIKE ?1";
        let file = Connection::open(&path).unwrap();
        let of_file: u64 = file.query_row(sql, [format!("_rows_{event}%")], |row| row.get(0)).unwrap();
        let events = load.arrivals.iter().filter(|arrival| envelope(arrival).1.event() == event).count() as f64;
        let each = |bytes: u64| Some(format!("{:.0}", bytes as f64 / events));
        let of_engine = bytes_of("bench_typed", &format!("\\_rows\\_{event}"));
        table.row(&format!("bytes of `{event}`"), [each(of_file), None, each(of_engine), None]);
    }

    let store = Store::open(&path).unwrap();
    let (reader, engine_reader) = (store.reader().unwrap(), clickhouse.readers().open().unwrap());
    let sources = [Source::from(&reader), Source::from(&engine_reader)];
    let today = Calendar::day(DAYS - 1);
    table.typed("the overview", sources, |source| drop(overview(source, &known, today, 20).unwrap()));
    for (name, query) in [
        ("the page of an event", ""),
        ("the same with a value", "where=database.engine:postgres"),
        ("the same with two fields", "rows=database.engine&columns=session.cookie.sameSite"),
    ] {
        let filter = Filter::parse(query).unwrap();
        table.typed(name, sources, |source| drop(ask_event(source, &known, "init", &filter, today, 20).unwrap()));
    }
    let filter = Filter::default();
    table.typed("the page of a counted event", sources, |source| {
        drop(ask_event(source, &known, "signIn", &filter, today, 0).unwrap());
    });
    table.typed("what is published", sources, |source| drop(published(source, &known, today, 365, 20).unwrap()));
    // One question as people ask it: events by a word.
    let count = |connection: &Connection, sql: &str| {
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get::<_, usize>(1)).unwrap();
        assert_eq!(rows.map(Result::unwrap).sum::<usize>(), init);
    };
    let counted = |answer: String| {
        let events = answer.lines().map(|line| line.rsplit('\t').next().unwrap().parse::<usize>().unwrap());
        assert_eq!(events.sum::<usize>(), init);
    };
    let file = Connection::open(&json_path).unwrap();
    let times = [
        best(|| count(&reader, "SELECT \"database.engine\", count(*) FROM _rows_init GROUP BY 1")),
        best(|| {
            count(&file, "SELECT payload ->> '$.database.engine', count(*) FROM events WHERE event = 'init' GROUP BY 1")
        }),
        best(|| {
            counted(
                engine.ask("bench_typed", "SELECT \"database.engine:word\", count() FROM _rows_init FINAL GROUP BY 1"),
            )
        }),
        best(|| {
            let word = "JSONExtractString(payload, 'database', 'engine')";
            counted(engine.ask(
                "bench_json",
                &format!("SELECT {word}, count() FROM events FINAL WHERE event = 'init' GROUP BY 1"),
            ));
        }),
    ];
    table.row("events by a word, in SQL", times.map(|time| Some(seconds(time))));
    println!("{}", table.0);
}

/// The columns that take the most room.
fn print_parts(engine: &Engine) {
    let sql = "SELECT if(startsWith(column, '_'), column, 'values'), sum(column_bytes_on_disk) AS bytes \
               FROM system.parts_columns WHERE active AND database = 'bench_typed' AND startsWith(table, '_rows_') GROUP BY 1 ORDER BY 2 DESC";
    println!("ClickHouse, bytes by column:\n{}", engine.ask("bench_typed", sql));
}

/// The results, in Markdown.
struct Table(String);

impl Default for Table {
    fn default() -> Self {
        Self(format!("| | {} |\n|---|---:|---:|---:|---:|", STORES.join(" | ")))
    }
}

impl Table {
    fn row(&mut self, name: &str, cells: [Option<String>; 4]) {
        let row = format!("\n| {name} | {} |", cells.map(Option::unwrap_or_default).join(" | "));
        println!("{}", row.trim());
        self.0.push_str(&row);
    }

    /// The time of a question that only the stores of the collector are asked.
    fn typed(&mut self, name: &str, sources: [Source<'_>; 2], ask: impl Fn(Source<'_>)) {
        let [file, engine] = sources.map(|source| seconds(best(|| ask(source))));
        self.row(name, [Some(file), None, Some(engine), None]);
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

/// What is written.
struct Load {
    arrivals: Vec<Arrival>,
}

impl Load {
    fn len(&self) -> f64 {
        self.arrivals.len() as f64
    }

    fn write(&self, store: &(impl Keep + Clone)) -> Duration {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let started = Instant::now();
        for group in self.arrivals.chunks(BATCH * SENDERS) {
            runtime.block_on(async {
                let mut waiting = Vec::new();
                for batch in group.chunks(BATCH) {
                    let (store, batch) = (store.clone(), batch.iter().map(copy).collect());
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
                "CREATE TABLE events (id BLOB UNIQUE, day INTEGER, install BLOB, event TEXT, payload TEXT);
                 CREATE INDEX days ON events (day, install)",
            )
            .unwrap();
        let started = Instant::now();
        for group in self.arrivals.chunks(BATCH * SENDERS) {
            let transaction = connection.unchecked_transaction().unwrap();
            let mut insert = transaction.prepare("INSERT INTO events VALUES (?1, ?2, ?3, ?4, ?5)").unwrap();
            for arrival in group {
                let (envelope, schema) = envelope(arrival);
                let (install, day) = (envelope.anonymous_id.0, envelope.day.0);
                insert.execute((id(arrival), day, install, schema.event(), json(arrival))).unwrap();
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
            "CREATE TABLE events (_day Int32 CODEC(Delta, ZSTD), _id String CODEC(ZSTD), _install String CODEC(ZSTD), \
             event LowCardinality(String) CODEC(ZSTD), payload String CODEC(ZSTD)) \
             ENGINE = ReplacingMergeTree PARTITION BY toYYYYMM(toDate(_day)) ORDER BY (_day, _id) \
             SETTINGS fsync_after_insert = 1, fsync_part_directory = 1",
        );
        let started = Instant::now();
        for group in self.arrivals.chunks(BATCH * SENDERS) {
            let mut lines = String::new();
            for arrival in group {
                let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect::<String>();
                let (envelope, schema) = envelope(arrival);
                let (id, install) = (hex(&id(arrival)), hex(&envelope.anonymous_id.0));
                let _ = writeln!(lines, "{}\t{id}\t{install}\t{}\t{}", envelope.day.0, schema.event(), json(arrival));
            }
            engine.insert("bench_json", "INSERT INTO events FORMAT TSV", lines);
        }
        started.elapsed()
    }
}

/// The id of an event, as short as the stores have it.
fn id(arrival: &Arrival) -> Vec<u8> {
    let id = envelope(arrival).0.id;
    let counter = id.1.to_be_bytes().into_iter().skip_while(|byte| *byte == 0);
    id.0.into_iter().chain(counter).collect()
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
fn best(mut run: impl FnMut()) -> Duration {
    let once = |_| {
        let started = Instant::now();
        run();
        started.elapsed()
    };
    (0..3).map(once).min().unwrap_or_default()
}
