//! How many events a second the program takes over HTTP, on disk before it answers, from 32 connections of another process.
//!
//! `cargo bench -p telemetry-collector --bench receive` prints events a second and the program's memory, singly and in batches as the client
//! fills them, and the ratios to servers that get the same bytes: one of axum that reads the body, and one that checks it by the crate
//! `jsonschema`. Neither stores anything. `SECONDS` sets how long each is loaded.

#![allow(clippy::unwrap_used, clippy::panic, reason = "that is how a benchmark fails")]

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::post;
use data_encoding::BASE64;
use serde::Deserialize;
use telemetry::schema::Released;
use telemetry::{TelemetryEvent, TelemetrySnapshot, testing};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::task::LocalSet;

const CONNECTIONS: usize = 32;

/// The most lines and bytes of a batch of the client.
const BATCH: (usize, usize) = (telemetry_spec::batch::LINES, telemetry_spec::batch::BYTES);

/// Bodies that differ, which are sent again and again under other ids.
const BODIES: u64 = 1024;

#[derive(TelemetrySnapshot)]
struct Part {
    enabled: bool,
    verbose: bool,
    cached: bool,
    strict: bool,
    #[telemetry(one_of("postgres", "mysql", "sqlite", "mssql", "mongodb", "other"))]
    engine: &'static str,
    #[telemetry(one_of("debug", "info", "warn", "error"))]
    level: Option<&'static str>,
    #[telemetry(one_of("always", "daily", "weekly", "monthly", "yearly", "never"))]
    rotation: Option<&'static str>,
    #[telemetry(number(max = 100))]
    workers: u32,
    #[telemetry(number(max = 1_000_000))]
    limit: Option<u32>,
    #[telemetry(version)]
    version: Option<&'static str>,
}

/// 60 leaves.
#[derive(TelemetryEvent)]
#[telemetry(event = "init", budget_bits = 2000)]
struct Configuration {
    api: Part,
    database: Part,
    sessions: Part,
    mail: Part,
    jobs: Part,
    metrics: Part,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("--reference") => reference(arguments.next().as_deref() == Some("jsonschema")),
        _ => compare(),
    }
}

fn compare() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("receive");
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(directory.join("schemas")).unwrap();
    write_schema(&directory.join("schemas/init.json"));
    let bodies: Rc<[String]> = (0..BODIES).map(|number| body(&configuration(number))).collect();
    let size = bodies.iter().map(String::len).sum::<usize>() / bodies.len();
    println!("{CONNECTIONS} connections, events of 60 leaves, {size} bytes each");
    for is_batch in [false, true] {
        let collector = Server::collector(&directory, name(is_batch));
        let (events, ours) = collector.load(&bodies, is_batch);
        let (name, cost, resident) = (name(is_batch), collector.processor_time() / events, collector.resident());
        println!("{name}: {ours:.0} events/s, {cost:.1} us of the processors an event, {resident} KiB resident");
        drop(collector);
        for reference in ["axum", "jsonschema"] {
            let server = Server::reference(reference);
            let (events, theirs) = server.load(&bodies, is_batch);
            let cost = server.processor_time() / events;
            println!("    {:.2} of {reference} ({theirs:.0}/s, {cost:.1} us)", ours / theirs);
        }
    }
}

const fn name(is_batch: bool) -> &'static str {
    if is_batch { "batches" } else { "single" }
}

/// A server in a process of its own.
struct Server(Child, SocketAddr);

impl Server {
    fn collector(directory: &Path, database: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_telemetry-collector"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--burst", "1000000", "--events-per-second", "1000000"]);
        Self::start(
            command
                .args(["--schemas", "schemas", "--database", database, "--log-level", "warn"])
                .current_dir(directory),
        )
    }

    fn reference(name: &str) -> Self {
        Self::start(Command::new(std::env::current_exe().unwrap()).args(["--reference", name]))
    }

    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address =
            line.trim_end().strip_prefix("Events are taken at http://").and_then(|rest| rest.split('/').next());
        Self(child, address.unwrap().parse().unwrap())
    }

    /// How many events it answers, in all and a second.
    fn load(&self, bodies: &Rc<[String]>, is_batch: bool) -> (f64, f64) {
        let time = Duration::from_secs(std::env::var("SECONDS").map_or(10, |text| text.parse().unwrap()));
        let began = Instant::now();
        let sent = Rc::new(AtomicU64::new(0));
        let tasks = LocalSet::new();
        for connection in 0..CONNECTIONS {
            let (bodies, sent, address) = (Rc::clone(bodies), Rc::clone(&sent), self.1);
            tasks.spawn_local(async move {
                let mut connection = Connection::open(address, connection).await;
                while began.elapsed() < time {
                    let events = connection.send(&bodies, is_batch).await;
                    sent.fetch_add(events, Ordering::Relaxed);
                }
            });
        }
        runtime().block_on(tasks);
        let sent = sent.load(Ordering::Relaxed) as f64;
        (sent, sent / began.elapsed().as_secs_f64())
    }

    /// The time of the processors that the process has taken, in microseconds. The system counts it in hundredths of a second.
    fn processor_time(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0.id())).unwrap_or_default();
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() * 10_000.0
    }

    /// The most that the process had in memory, in KiB.
    fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A client: one process, whose events have one series of ids and one anonymous id.
struct Connection {
    stream: TcpStream,
    schema: String,
    number: u64,
    series: usize,
    anonymous_id: String,
    body: Vec<u8>,
    request: Vec<u8>,
    answer: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr, series: usize) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let schema = Configuration::SCHEMA.hash();
        let anonymous_id = BASE64.encode(&[u8::try_from(series).unwrap(); 32]);
        let (body, request, answer) = (Vec::new(), Vec::new(), vec![0; 4096]);
        Self { stream, schema, number: 0, series, anonymous_id, body, request, answer }
    }

    /// Sends a request and waits for the answer. It returns the number of events.
    async fn send(&mut self, bodies: &[String], is_batch: bool) -> u64 {
        use std::io::Write as _;
        let Self { schema, anonymous_id, body, request, .. } = self;
        body.clear();
        request.clear();
        let mut lines = 0;
        let mut head = String::new();
        let of = |number: u64| bodies.get(usize::try_from(number).unwrap() % bodies.len()).unwrap();
        if is_batch {
            while lines < BATCH.0 {
                let event = of(self.number + 1);
                if body.len() + event.len() + 200 > BATCH.1 {
                    break;
                }
                self.number += 1;
                let (series, number) = (self.series, self.number);
                let id = format_args!("{series:032x}-{number}");
                let members = event.get(1..).unwrap();
                writeln!(body, r#"{{"id":"{id}","schema":"{schema}","age":0,{members}{anonymous_id}"}}"#).unwrap();
                lines += 1;
            }
            head.push_str("content-type: application/x-ndjson\r\n");
        } else {
            self.number += 1;
            lines = 1;
            write!(body, r#"{}{anonymous_id}"}}"#, of(self.number)).unwrap();
            let (series, number) = (self.series, self.number);
            head = format!(
                "content-type: application/json\r\nuser-agent: telemetry/0.1.0\r\ntelemetry-age: 0\r\n\
                 telemetry-schema: {schema}\r\nidempotency-key: {series:032x}-{number}\r\n"
            );
        }
        write!(request, "POST /v1/events HTTP/1.1\r\nhost: localhost\r\n{head}content-length: {}\r\n\r\n", body.len())
            .unwrap();
        request.extend_from_slice(body);
        self.stream.write_all(request).await.unwrap();
        self.is_taken().await;
        lines as u64
    }

    /// Reads an answer, which must be 200 with a length.
    async fn is_taken(&mut self) {
        let mut length = 0;
        loop {
            let read = self.stream.read(self.answer.get_mut(length..).unwrap()).await.unwrap();
            assert!(read > 0, "the connection was closed");
            length += read;
            let answer = std::str::from_utf8(self.answer.get(..length).unwrap()).unwrap();
            let Some((head, body)) = answer.split_once("\r\n\r\n") else { continue };
            assert!(head.starts_with("HTTP/1.1 200 "), "{answer}");
            let told = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= told.unwrap().parse().unwrap() {
                assert!(!body.contains("rejected") && !body.contains("quarantined"), "{body}");
                return;
            }
        }
    }
}

/// Serves until it is killed.
fn reference(checks: bool) {
    let schema = Released::of(&Configuration::SCHEMA).to_json_schema();
    let validator = Arc::new(jsonschema::validator_for(&schema).unwrap());
    let router = Router::new().route(
        "/v1/events",
        post(move |body: Bytes| {
            let validator = Arc::clone(&validator);
            async move {
                let lines = || body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
                if checks && !lines().all(|line| is_valid(&validator, line)) {
                    return StatusCode::UNPROCESSABLE_ENTITY;
                }
                StatusCode::OK
            }
        }),
    );
    Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("Events are taken at http://{}/v1/events", listener.local_addr().unwrap());
        axum::serve(listener, router).await.unwrap();
    });
}

#[derive(Deserialize)]
struct Line {
    payload: serde_json::Value,
}

fn is_valid(validator: &jsonschema::Validator, line: &[u8]) -> bool {
    serde_json::from_slice(line).is_ok_and(|line: Line| validator.is_valid(&line.payload))
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn write_schema(path: &Path) {
    let schema = Released::of(&Configuration::SCHEMA);
    let (bits, hash, lines) = (schema.bits(), schema.hash(), schema.to_json());
    let release = format!(r#"{{"version":"0.1.0","date":"2026-11-26","bits":{bits},"hash":"{hash}"}}"#);
    let text = format!(r#"{{"format":1,"event":"init","releases":[{release}],"schema":{lines}}}"#);
    std::fs::write(path, text).unwrap();
}

/// A body up to its anonymous id.
fn body(configuration: &Configuration) -> String {
    let outgoing = testing::outgoing(configuration);
    let (before, _) = outgoing.body().rsplit_once("\"anonymousId\":").unwrap();
    before.to_owned() + "\"anonymousId\":\""
}

/// A configuration whose values look random and are the same in each run.
fn configuration(number: u64) -> Configuration {
    let mut random = fastrand::Rng::with_seed(number);
    let mut part = || Part {
        enabled: random.bool(),
        verbose: random.bool(),
        cached: random.bool(),
        strict: random.bool(),
        engine: random.choice(["postgres", "mysql", "sqlite", "mssql", "mongodb"]).unwrap(),
        level: random.choice([None, Some("debug"), Some("info"), Some("warn"), Some("error")]).unwrap(),
        rotation: random.choice([None, Some("always"), Some("daily"), Some("weekly"), Some("never")]).unwrap(),
        workers: random.u32(..100),
        limit: random.choice([None, Some(1_000), Some(250_000), Some(4_096)]).unwrap(),
        version: random.choice([None, Some("1.2.3"), Some("2.40.1"), Some("3.0.9")]).unwrap(),
    };
    Configuration { api: part(), database: part(), sessions: part(), mail: part(), jobs: part(), metrics: part() }
}
