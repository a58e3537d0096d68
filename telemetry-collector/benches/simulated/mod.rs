//! The events of a demonstration, in memory.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use telemetry_collector::arrival::{Arrival, Envelope, EventId, Fate};
use telemetry_collector::check::{Cell, Known, KnownSchema};
use telemetry_collector::demo::{self, Calendar, Plan};
use telemetry_collector::operate::{Collector, Settings};
use telemetry_collector::receive::{Keep, Later, Stop};

/// Simulates installations, and gives the schemas, which it writes to a directory, and the events that fitted them, in the order of their arrival.
pub(crate) fn simulate(schemas: &Path, installs: usize) -> (Known, Vec<Arrival>) {
    demo::write_schemas(schemas).unwrap();
    let known = || Known::read(schemas).unwrap();
    let mut settings = Settings { listen: "127.0.0.1:0".parse().unwrap(), ..Settings::default() };
    settings.limits.events_per_second = 1_000_000;
    settings.limits.burst = 1_000_000;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (calendar, kept) = (Calendar::default(), Arc::new(Memory::default()));
    let keep: Arc<dyn Keep> = Arc::<Memory>::clone(&kept);
    let collector = runtime.block_on(Collector::bind(settings, known(), keep, calendar.clock())).unwrap();
    let (address, (stopper, stop)) = (collector.address(), Stop::new());
    let served = runtime.spawn(collector.serve(axum::Router::new(), stop));
    demo::run(&Plan::new(installs, 1), address, &calendar, |_, _| {}).unwrap();
    stopper.stop();
    runtime.block_on(served).unwrap();
    let arrivals = std::mem::take(&mut kept.0.lock().unwrap_or_else(PoisonError::into_inner).0);
    (known(), arrivals)
}

/// Keeps what fits its schema, once each.
#[derive(Default)]
struct Memory(Mutex<(Vec<Arrival>, HashSet<EventId>)>);

impl Keep for Memory {
    fn keep(&self, arrivals: Vec<Arrival>) -> Later<'_, Vec<Fate>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut fates = Vec::with_capacity(arrivals.len());
        for arrival in arrivals {
            let fate = match &arrival {
                Arrival::Event { envelope, .. } if kept.1.insert(envelope.id) => Fate::Stored,
                Arrival::Event { .. } => Fate::Duplicate,
                _ => Fate::Rejected,
            };
            fates.push(fate);
            kept.0.extend(Some(arrival).filter(|_| fate == Fate::Stored));
        }
        Box::pin(async { Ok(fates) })
    }

    fn know(&self, _: Arc<Known>) -> Later<'_, ()> {
        Box::pin(async { Ok(()) })
    }
}

pub(crate) fn envelope(arrival: &Arrival) -> (&Envelope, &KnownSchema) {
    let Arrival::Event { envelope, schema, .. } = arrival else { panic!("only events are kept") };
    (envelope, schema)
}

pub(crate) fn copy(arrival: &Arrival) -> Arrival {
    let Arrival::Event { envelope, schema, cells } = arrival else { panic!("only events are kept") };
    Arrival::Event { envelope: *envelope, schema: Arc::clone(schema), cells: cells.clone() }
}

/// The payload as it was sent.
pub(crate) fn json(arrival: &Arrival) -> String {
    let Arrival::Event { schema, cells, .. } = arrival else { panic!("only events are kept") };
    let (mut text, mut open): (String, Vec<&str>) = (String::new(), vec![""]);
    text.push('{');
    let columns = schema.columns();
    for (at, (column, cell)) in columns.iter().zip(cells).enumerate() {
        let is_object = columns.get(at + 1).is_some_and(|next| next.path.starts_with(&format!("{}.", column.path)));
        let value = match cell {
            // That an object is there is told by its members.
            _ if is_object => continue,
            Cell::Absent => continue,
            Cell::Flag(flag) => flag.to_string(),
            Cell::Integer(integer) => integer.to_string(),
            Cell::Word(index) => format!("{:?}", column.texts[*index]),
            Cell::Version(count, parts) => {
                format!("{:?}", parts[..usize::from(*count)].iter().map(u16::to_string).collect::<Vec<_>>().join("."))
            }
            Cell::Json(bytes) => String::from_utf8(bytes.clone()).unwrap(),
        };
        let (of, name) = column.path.rsplit_once('.').unwrap_or(("", &column.path));
        let is_within = |open: &str| open.is_empty() || of == open || of.starts_with(&format!("{open}."));
        while open.last().is_some_and(|open| !is_within(open)) {
            open.pop();
            text.push('}');
        }
        if !text.ends_with('{') {
            text.push(',');
        }
        while let Some(more) =
            open.last().filter(|open| **open != of).map(|open| of[open.len()..].trim_start_matches('.'))
        {
            let next = more.split('.').next().unwrap_or_default();
            let _ = write!(text, "\"{next}\":{{");
            open.push(&of[..of.len() - more.len() + next.len()]);
        }
        let _ = write!(text, "\"{name}\":{value}");
    }
    text.push_str(&"}".repeat(open.len()));
    text
}
