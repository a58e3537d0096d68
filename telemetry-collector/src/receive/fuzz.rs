//! Requests that have come through hyper: any headers and any body.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::response::IntoResponse as _;
use prometheus_client::metrics::gauge::Gauge;
use telemetry_spec::name;
use tokio::runtime::{self, Runtime};

use super::answer::Answer;
use super::connections::Connections;
use super::headers::EventHeaders;
use super::server::Peer;
use super::{Clock, Keep, Later, Limits, MAX_EVENT, Proxies, Receiver};
use crate::arrival::{Arrival, Day, Envelope, Fate};
use crate::check::{Known, envelope};
use crate::fuzz::known;

const TODAY: i32 = 20_000;

/// A store that answers at once and tells what it got.
#[derive(Default)]
struct Seen(Mutex<Vec<Arrival>>);

impl Seen {
    fn take(&self) -> Vec<Arrival> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Keep for Seen {
    fn keep(&self, arrivals: Vec<Arrival>) -> Later<'_, Vec<Fate>> {
        let fates = arrivals.iter().map(fate).collect();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(arrivals);
        Box::pin(async { Ok(fates) })
    }

    fn know(&self, _: Arc<Known>) -> Later<'_, ()> {
        Box::pin(async { Ok(()) })
    }
}

const fn fate(arrival: &Arrival) -> Fate {
    match arrival {
        Arrival::Event { .. } => Fate::Stored,
        Arrival::Unknown { .. } => Fate::Quarantined,
        Arrival::Reject { .. } => Fate::Rejected,
        Arrival::Deletion { .. } => Fate::Deleted,
    }
}

struct Collector {
    runtime: Runtime,
    store: Arc<Seen>,
    receiver: Arc<Receiver>,
    peer: Peer,
}

impl Collector {
    fn new() -> std::io::Result<Self> {
        let runtime = runtime::Builder::new_current_thread().enable_time().build()?;
        let (limits, store) =
            (Limits { events_per_second: u32::MAX, burst: u32::MAX, ..Limits::default() }, Arc::<Seen>::default());
        let keep: Arc<dyn Keep> = Arc::<Seen>::clone(&store);
        let clock =
            Clock::new(|| SystemTime::UNIX_EPOCH + Duration::from_secs(u64::from(TODAY.unsigned_abs()) * 86_400));
        let receiver = Receiver::new(known(), keep, Arc::default(), limits, Proxies::default(), clock)?;
        let connection = Arc::new(runtime.block_on(Connections::new(1, Gauge::default()).open()));
        Ok(Self { runtime, store, receiver, peer: Peer { address: IpAddr::V4(Ipv4Addr::LOCALHOST), connection } })
    }

    fn ask(&self, request: Request) -> (Answer, Vec<Arrival>) {
        let answer = self.runtime.block_on(self.receiver.take(&self.peer, request));
        (answer, self.store.take())
    }
}

/// Lines of headers, an empty line, and the body. What arrives is what a client can send, and a line of a batch arrives as an event alone.
pub(crate) fn request(bytes: &[u8]) {
    static COLLECTOR: LazyLock<Option<Collector>> = LazyLock::new(|| Collector::new().ok());
    let Some(collector) = COLLECTOR.as_ref() else { return };
    let (head, body) = match bytes.windows(2).position(|two| two == b"\n\n") {
        Some(at) => (bytes.get(..at).unwrap_or_default(), bytes.get(at + 2..).unwrap_or_default()),
        None => (bytes, &b""[..]),
    };
    let request = with_headers(head, body);
    let headers = request.headers().clone();
    let (answer, arrivals) = collector.ask(request);
    arrivals.iter().for_each(check);
    let fates: Vec<Fate> = arrivals.iter().map(fate).collect();
    match &answer {
        Answer::Single(fate) => assert_eq!(fates, [*fate]),
        Answer::Malformed => assert_eq!(fates, [Fate::Rejected]),
        Answer::Batch(answered) => assert_eq!(&fates, answered),
        Answer::Refused(_) => assert!(fates.is_empty()),
    }
    if let (Answer::Single(_), Ok(EventHeaders { id: Some(_), schema: Some(_), .. })) =
        (&answer, EventHeaders::read(&headers))
    {
        in_a_batch(collector, &headers, body, &arrivals);
    }
    let status = answer.into_response().status();
    assert!(status.is_success() || status.is_client_error());
}

fn with_headers(head: &[u8], body: &[u8]) -> Request {
    let mut request = Request::new(Body::from(body.to_vec()));
    for line in head.split(|byte| *byte == b'\n').take(100) {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let (name, value) = line.split_at(colon);
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value)) {
            request.headers_mut().append(name, value);
        }
    }
    request
}

fn check(arrival: &Arrival) {
    match arrival {
        Arrival::Event { envelope, schema, cells } => {
            is_of_a_week(envelope);
            assert_eq!(cells.len(), schema.columns().len());
        }
        Arrival::Unknown { envelope, event, payload, .. } => {
            is_of_a_week(envelope);
            assert!(name::is_name(event) && envelope::well_formed(payload).is_ok());
        }
        Arrival::Reject { day, schema, reason } => {
            assert_eq!(*day, Day(TODAY));
            assert!(schema.is_some() || reason.path.is_empty());
        }
        Arrival::Deletion { .. } => {}
    }
}

fn is_of_a_week(envelope: &Envelope) {
    assert!((TODAY - 7..=TODAY).contains(&envelope.day.0));
}

/// An event is judged alike alone and as the line of a batch.
fn in_a_batch(collector: &Collector, headers: &axum::http::HeaderMap, body: &[u8], alone: &[Arrival]) {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("0").to_owned();
    let Some(members) = body.strip_prefix(b"{").filter(|_| !body.contains(&b'\n')) else { return };
    if members.starts_with(br#""type":"deletion""#) || body.len() > MAX_EVENT / 2 {
        return;
    }
    let (id, schema, age) = (text("idempotency-key"), text("telemetry-schema"), text("telemetry-age"));
    let line = format!("{{\"id\":\"{id}\",\"schema\":\"{schema}\",\"age\":{age},");
    let mut request = Request::new(Body::from([line.as_bytes(), members].concat()));
    request.headers_mut().insert("content-type", HeaderValue::from_static("application/x-ndjson"));
    if let Some(ephemeral) = headers.get("telemetry-id") {
        request.headers_mut().insert("telemetry-id", ephemeral.clone());
    }
    let (_, line) = collector.ask(request);
    assert_eq!(line.iter().map(told).collect::<Vec<_>>(), alone.iter().map(told).collect::<Vec<_>>());
}

fn told(arrival: &Arrival) -> String {
    match arrival {
        Arrival::Event { envelope, schema, cells } => format!("{envelope:?} {:?} {cells:?}", schema.hash()),
        Arrival::Reject { schema, reason, .. } => format!("{:?} {reason}", schema.as_ref().map(|schema| schema.hash())),
        other => format!("{other:?}"),
    }
}
