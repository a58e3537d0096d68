//! Events of a configuration of 60 leaves, whose values look random and are the same in each run.

use std::sync::Arc;

use telemetry::TelemetrySnapshot;
use telemetry::schema::Released;
use telemetry_collector::arrival::{AnonymousId, Arrival, Day, Envelope, EventId};
use telemetry_collector::check::{Cell, Column, ColumnKind, KnownSchema};

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

/// The schema of the configuration.
pub(crate) fn schema() -> Released {
    Released::of(&Configuration::SCHEMA)
}

/// The event with this number, of one of so many installations.
pub(crate) fn event(schema: &Arc<KnownSchema>, number: u64, installs: u64, day: Day) -> Arrival {
    let seed = mix(number);
    let mut process = [0; 16];
    process[..8].copy_from_slice(&seed.to_le_bytes());
    process[8..].copy_from_slice(&mix(seed).to_le_bytes());
    let mut install = [0; 32];
    let which = mix(seed ^ 1) % installs;
    for (index, bytes) in install.chunks_mut(8).enumerate() {
        bytes.copy_from_slice(&mix(which * 4 + index as u64).to_le_bytes());
    }
    let envelope = Envelope { id: EventId(process, 0), anonymous_id: AnonymousId(install), is_ephemeral: false, day };
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
