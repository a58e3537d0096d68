//! A collector in this process, over a store that does what a test says.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use telemetry_collector::arrival::{Arrival, EventId, Fate};
use telemetry_collector::check::Known;
use telemetry_collector::operate::{Collector, Settings};
use telemetry_collector::receive::{Clock, Keep, Later, Metrics, Receiver, Stop, Stopper};
use telemetry_collector::store::Unavailable;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::events::write_schemas;

/// A day of which the tests know the number.
pub(crate) const TODAY: u64 = 20_000;

/// A store in memory.
pub(crate) struct Fake {
    state: Mutex<State>,
    /// Whether it answers.
    answers: watch::Sender<bool>,
    /// How many requests wait for it.
    waiting: watch::Sender<usize>,
}

#[derive(Default)]
struct State {
    kept: Vec<String>,
    seen: HashSet<EventId>,
    failure: Option<Unavailable>,
    refuses: bool,
}

impl Fake {
    fn new() -> Arc<Self> {
        Arc::new(Self { state: Mutex::default(), answers: watch::channel(true).0, waiting: watch::channel(0).0 })
    }

    pub(crate) fn fails(&self, failure: Option<Unavailable>) {
        self.state.lock().unwrap().failure = failure;
    }

    /// Every arrival is to be sent again.
    pub(crate) fn refuses(&self) {
        self.state.lock().unwrap().refuses = true;
    }

    pub(crate) fn answers(&self, answers: bool) {
        self.answers.send_replace(answers);
    }

    /// What was kept, one line each.
    pub(crate) fn kept(&self) -> Vec<String> {
        self.state.lock().unwrap().kept.clone()
    }

    /// Returns when so many requests wait.
    pub(crate) async fn has_waiting(&self, requests: usize) {
        self.waiting.subscribe().wait_for(|waiting| *waiting >= requests).await.unwrap();
    }

    fn keep_one(&self, state: &mut State, arrival: &Arrival) -> Fate {
        let (id, line, fate) = match arrival {
            Arrival::Event { envelope, schema, cells } => {
                let (day, is_ephemeral) = (envelope.day.0, envelope.is_ephemeral);
                let line = format!("{} {} {day} {is_ephemeral} {cells:?}", schema.event(), schema.version());
                (Some(envelope.id), line, Fate::Stored)
            }
            Arrival::Unknown { envelope, event, payload, .. } => {
                let line = format!("unknown {event} {} {}", envelope.day.0, String::from_utf8_lossy(payload));
                (Some(envelope.id), line, Fate::Quarantined)
            }
            Arrival::Reject { day, schema, reason } => {
                let event = schema.as_ref().map_or("", |schema| schema.event());
                (None, format!("reject {event} {} {reason}", day.0), Fate::Rejected)
            }
            Arrival::Deletion { id, .. } => (Some(*id), "deletion".to_owned(), Fate::Deleted),
        };
        if state.refuses {
            return Fate::Refused;
        }
        if id.is_some_and(|id| !state.seen.insert(id)) {
            return Fate::Duplicate;
        }
        state.kept.push(line);
        fate
    }
}

impl Keep for Fake {
    fn keep(&self, arrivals: Vec<Arrival>) -> Later<'_, Vec<Fate>> {
        Box::pin(async move {
            self.waiting.send_modify(|waiting| *waiting += 1);
            let _ = self.answers.subscribe().wait_for(|answers| *answers).await;
            self.waiting.send_modify(|waiting| *waiting -= 1);
            let mut state = self.state.lock().unwrap();
            match state.failure {
                Some(failure) => Err(failure),
                None => Ok(arrivals.iter().map(|arrival| self.keep_one(&mut state, arrival)).collect()),
            }
        })
    }

    fn know(&self, _: Arc<Known>) -> Later<'_, ()> {
        Box::pin(async { Ok(()) })
    }
}

/// A collector that serves.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) store: Arc<Fake>,
    pub(crate) receiver: Arc<Receiver>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) runtime: Runtime,
    pub(crate) stopper: Stopper,
    pub(crate) served: JoinHandle<bool>,
    pub(crate) schemas: TempDir,
}

impl Running {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(set: impl FnOnce(&mut Settings)) -> Self {
        Self::at(set, Clock::new(|| SystemTime::UNIX_EPOCH + Duration::from_secs(TODAY * 24 * 60 * 60)))
    }

    pub(crate) fn at(set: impl FnOnce(&mut Settings), clock: Clock) -> Self {
        Self::showing(axum::Router::new(), set, clock)
    }

    /// One that shows something beside the metrics.
    pub(crate) fn showing(shown: axum::Router, set: impl FnOnce(&mut Settings), clock: Clock) -> Self {
        let schemas = tempfile::tempdir().unwrap();
        write_schemas(schemas.path(), false);
        let mut settings = Settings { listen: "127.0.0.1:0".parse().unwrap(), ..Settings::default() };
        set(&mut settings);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let store = Fake::new();
        let known = Known::read(schemas.path()).unwrap();
        let keep: Arc<dyn Keep> = Arc::<Fake>::clone(&store);
        let collector = runtime.block_on(Collector::bind(settings, known, keep, clock)).unwrap();
        let (stopper, stop) = Stop::new();
        let (address, receiver, metrics) =
            (collector.address(), Arc::clone(collector.receiver()), Arc::clone(collector.metrics()));
        let served = runtime.spawn(collector.serve(shown, stop));
        Self { address, store, receiver, metrics, runtime, stopper, served, schemas }
    }
}
