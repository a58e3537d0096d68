//! A store with events of three schemas.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use telemetry::TelemetrySnapshot;
use telemetry::schema::Released;
use telemetry_collector::arrival::{AnonymousId, Arrival, Day, Envelope, EventId, Fate};
use telemetry_collector::ask::report::{EventReport, Overview};
use telemetry_collector::ask::{AskError, Filter, Published};
use telemetry_collector::check::{Known, KnownSchema};
use tempfile::TempDir;

use crate::clickhouse::both::Both;

/// 2026-11-27, a Friday.
pub(crate) const TODAY: Day = Day(20_784);

#[derive(TelemetrySnapshot)]
pub(crate) struct Run {
    /// Whether a person did it.
    by_hand: bool,
    /// How long it waited.
    #[telemetry(number(max = 1_000, unit = "ms"))]
    wait: Option<u32>,
    #[telemetry(one_of("build", "test"))]
    command: Option<String>,
    #[telemetry(version)]
    compiler: Option<String>,
}

/// The same with more words, another kind of a field, and lists.
#[derive(TelemetrySnapshot)]
pub(crate) struct WiderRun {
    /// Whether a person did it.
    by_hand: bool,
    /// How long it waited.
    #[telemetry(bucket(10, 100))]
    wait: Option<u32>,
    #[telemetry(one_of("check", "build", "test"))]
    command: Option<String>,
    #[telemetry(version)]
    compiler: Option<String>,
    /// The flags.
    #[telemetry(each(one_of("fast", "quiet", "offline"), max = 4))]
    flags: Vec<String>,
    #[telemetry(each(max = 4))]
    steps: Vec<Step>,
    mode: Option<Mode>,
}

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "kind", rename_all = "lowercase")]
#[allow(dead_code, reason = "only its schema is used")]
pub(crate) enum Mode {
    Local { sandbox: bool },
    Remote { tls: bool },
}

#[derive(TelemetrySnapshot)]
pub(crate) struct Step {
    #[telemetry(one_of("compile", "link"))]
    name: String,
    cached: bool,
}

#[derive(TelemetrySnapshot)]
pub(crate) struct Started {
    by_hand: bool,
}

/// An event whose releases have one field more each.
#[derive(TelemetrySnapshot)]
pub(crate) struct Grown1 {
    first: bool,
}

#[derive(TelemetrySnapshot)]
pub(crate) struct Grown2 {
    first: bool,
    second: bool,
    group: Option<Group>,
}

#[derive(TelemetrySnapshot)]
pub(crate) struct Grown3 {
    first: bool,
    second: bool,
    third: bool,
    group: Option<Group>,
}

#[derive(TelemetrySnapshot)]
pub(crate) struct Group {
    always: bool,
    sometimes: Option<bool>,
}

pub(crate) struct Schemas {
    pub(crate) run: Arc<KnownSchema>,
    pub(crate) wider_run: Arc<KnownSchema>,
    pub(crate) started: Arc<KnownSchema>,
    pub(crate) grown: [Arc<KnownSchema>; 3],
    pub(crate) known: Known,
}

impl Schemas {
    pub(crate) fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let add = |event: &str, version: &str, date: &str, schema: Released| {
            write(home.path(), event, version, date, &schema);
            Arc::new(KnownSchema::new(event, version, date, schema))
        };
        let run = add("run", "0.1.0", "2026-01-01", Released::of(&Run::SCHEMA));
        let wider_run = add("run", "0.2.0", "2026-02-01", Released::of(&WiderRun::SCHEMA));
        let started = add("started", "0.1.0", "2026-01-01", Released::of(&Started::SCHEMA));
        let grown = [
            add("grown", "0.1.0", "2026-01-01", Released::of(&Grown1::SCHEMA)),
            add("grown", "0.2.0", "2026-02-01", Released::of(&Grown2::SCHEMA)),
            add("grown", "0.3.0", "2026-03-01", Released::of(&Grown3::SCHEMA)),
        ];
        Self { run, wider_run, started, grown, known: Known::read(home.path()).unwrap() }
    }
}

/// Writes the file of one release.
pub(crate) fn write(home: &Path, event: &str, version: &str, date: &str, schema: &Released) {
    let directory = home.join(version);
    fs::create_dir_all(&directory).unwrap();
    let (bits, hash, lines) = (schema.bits(), schema.hash(), schema.to_json());
    let release = format!(r#"{{"version":"{version}","date":"{date}","bits":{bits},"hash":"{hash}"}}"#);
    let text = format!(r#"{{"format":1,"event":"{event}","releases":[{release}],"schema":{lines}}}"#);
    fs::write(directory.join(format!("{event}.json")), text).unwrap();
}

/// A store in a directory of its own.
pub(crate) struct Asked {
    pub(crate) both: Both,
    pub(crate) schemas: Schemas,
    next: std::cell::Cell<u64>,
    /// After the store, which is closed first.
    _directory: TempDir,
}

impl Asked {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let both = Both::open(&directory.path().join("events.db"));
        Self { both, schemas: Schemas::new(), next: std::cell::Cell::new(1), _directory: directory }
    }

    /// An envelope with an id of its own.
    pub(crate) fn envelope(&self, install: u8, day: Day) -> Envelope {
        let number = self.next.replace(self.next.get() + 1);
        let mut process = [0; 16];
        process[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
        let anonymous_id = AnonymousId([install; 32]);
        Envelope { id: EventId(process, number), anonymous_id, is_ephemeral: false, day }
    }

    pub(crate) fn event(&self, schema: &Arc<KnownSchema>, envelope: Envelope, payload: &str) -> Arrival {
        let cells = schema.check(payload.as_bytes()).unwrap_or_else(|reason| panic!("{payload}: {reason}"));
        Arrival::Event { envelope, schema: Arc::clone(schema), cells }
    }

    pub(crate) fn write(&self, arrivals: Vec<Arrival>) -> Vec<Fate> {
        self.both.write(arrivals)
    }

    pub(crate) fn reader(&self) -> Connection {
        self.both.store.reader().unwrap()
    }

    pub(crate) fn ask(&self, query: &str, least: u64) -> Result<EventReport, AskError> {
        self.ask_of("run", query, least)
    }

    pub(crate) fn ask_of(&self, name: &str, query: &str, least: u64) -> Result<EventReport, AskError> {
        self.ask_at(TODAY, name, query, least)
    }

    pub(crate) fn ask_at(&self, today: Day, name: &str, query: &str, least: u64) -> Result<EventReport, AskError> {
        let filter = Filter::parse(query).unwrap();
        Ok(self.both.event(&self.schemas.known, name, &filter, today, least)?.unwrap())
    }

    /// What is published on a day.
    pub(crate) fn published(&self, today: Day, retention_days: u16, least: u64) -> Published {
        self.both.published(&self.schemas.known, today, retention_days, least)
    }

    pub(crate) fn overview(&self, least: u64) -> Overview {
        self.overview_at(TODAY, least)
    }

    pub(crate) fn overview_at(&self, today: Day, least: u64) -> Overview {
        self.both.overview(&self.schemas.known, today, least)
    }
}
