//! The route that takes events.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use axum::extract::{Extension, Request, State};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Router, middleware};
use telemetry_spec::batch;
use tokio::time::timeout;

use super::answer::{Answer, Refusal};
use super::body::{Held, Room};
use super::clock::Clock;
use super::events::{Context, Received};
use super::headers::EventHeaders;
use super::ids::Ids;
use super::keep::Keep;
use super::limits::{Limits, MAX_BATCH, MAX_EVENT, STORE_TIME};
use super::metrics::Metrics;
use super::peer::Proxies;
use super::rate::Rate;
use super::server::Peer;
use crate::arrival::Fate;
use crate::check::Known;
use crate::live::Live;
use crate::store::Unavailable;

/// The path to which events are sent. Another form of events would have another path.
pub const PATH: &str = "/v1/events";

const KIB: usize = 1024;

/// Receives events, checks them, and has them kept.
pub struct Receiver {
    known: RwLock<Arc<Known>>,
    store: Arc<dyn Keep>,
    metrics: Arc<Metrics>,
    limits: Limits,
    proxies: Proxies,
    clock: Clock,
    rate: Rate,
    room: Room,
    ids: Ids,
    live: Arc<Live>,
    /// Whether the store failed last.
    fails: AtomicBool,
}

/// The form of a body, by its content type.
#[derive(Clone, Copy)]
enum Form {
    Single,
    Batch,
}

impl Receiver {
    /// Receives events of these schemas for this store.
    ///
    /// # Errors
    ///
    /// If the system has no randomness.
    pub fn new(
        known: Known,
        store: Arc<dyn Keep>,
        metrics: Arc<Metrics>,
        limits: Limits,
        proxies: Proxies,
        clock: Clock,
    ) -> std::io::Result<Arc<Self>> {
        let rate = Rate::new(limits.events_per_second, limits.burst);
        let room = Room::new(limits.held_bytes);
        let ids = Ids::new().map_err(std::io::Error::other)?;
        let known = RwLock::new(Arc::new(known));
        Ok(Arc::new(Self {
            known,
            store,
            metrics,
            limits,
            proxies,
            clock,
            rate,
            room,
            ids,
            live: Arc::default(),
            fails: AtomicBool::new(false),
        }))
    }

    /// The schemas that are known now.
    #[must_use]
    pub fn known(&self) -> Arc<Known> {
        Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the schemas. Requests that have begun keep those that they began with.
    pub fn know(&self, known: Arc<Known>) {
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = known;
    }

    /// What has just arrived.
    #[must_use]
    pub const fn live(&self) -> &Arc<Live> {
        &self.live
    }

    /// Forgets addresses and arrivals that need not be remembered. To be called every few seconds.
    pub fn forget(&self) {
        self.rate.forget(Instant::now());
        self.live.forget(Instant::now());
    }

    /// The route that takes events. It is served by [`serve`](super::serve), which tells it the connection of each request.
    pub fn router(self: &Arc<Self>) -> Router {
        Router::new()
            .route(PATH, post(receive).fallback(only_events))
            .layer(middleware::map_response_with_state(Arc::clone(self), count))
            .with_state(Arc::clone(self))
    }

    pub(super) async fn take(&self, peer: &Peer, request: Request) -> Answer {
        match self.read(peer, request).await {
            Ok((received, form)) => self.keep(received, form).await,
            Err(refusal) => {
                if matches!(refusal, Refusal::TooMany(_)) {
                    self.metrics.over_rate();
                }
                Answer::Refused(refusal)
            }
        }
    }

    async fn read(&self, peer: &Peer, request: Request) -> Result<(Vec<Received>, Form), Refusal> {
        let (head, body) = request.into_parts();
        let form = Form::of(&head.headers).ok_or(Refusal::UnknownType)?;
        let address = self.proxies.client(peer.address, &head.headers);
        if announced(&head.headers).is_some_and(|length| length > form.max()) {
            return Err(Refusal::TooLarge);
        }
        self.rate.take(address, 1, Instant::now()).map_err(Refusal::TooMany)?;
        let held = self.room.read(body, form.max(), &self.limits, peer.connection.all()).await?;
        peer.connection.is_served();
        let received = self.receive(form, &head.headers, &held)?;
        // The first event is counted already. What waits for a schema takes room that is scarce: each KiB of it counts as one more.
        let waits: usize = received.iter().map(|received| received.waiting_bytes() / KIB).sum();
        let more = received.len().saturating_sub(1).saturating_add(waits);
        // No request costs more than an address may send at once.
        let most = usize::try_from(self.limits.burst).unwrap_or(usize::MAX).saturating_sub(1);
        self.rate.take(address, more.min(most), Instant::now()).map_err(Refusal::TooMany)?;
        Ok((received, form))
    }

    fn receive(&self, form: Form, headers: &HeaderMap, held: &Held) -> Result<Vec<Received>, Refusal> {
        let known = self.known();
        let context = Context { known: &known, today: self.clock.today(), ids: &self.ids };
        let headers = EventHeaders::read(headers);
        match form {
            Form::Single => Ok(vec![context.single(headers, &held.bytes)]),
            Form::Batch => context.batch(&headers, &held.bytes).ok_or(Refusal::TooLarge),
        }
    }

    async fn keep(&self, received: Vec<Received>, form: Form) -> Answer {
        let is_malformed = received.iter().any(|received| received.is_malformed);
        let (arrivals, schemas): (Vec<_>, Vec<_>) =
            received.into_iter().map(|received| (received.arrival, received.schema)).unzip();
        let begin = Instant::now();
        let notes = self.live.note(arrivals.iter(), &self.known(), begin);
        let kept = timeout(STORE_TIME, self.store.keep(arrivals)).await;
        self.log(kept.as_ref().ok());
        let Ok(Ok(fates)) = kept else {
            self.metrics.unavailable();
            return Answer::Refused(Refusal::Unavailable);
        };
        self.metrics.stored(begin.elapsed());
        if let Some(notes) = notes {
            self.live.keep(notes, &fates, Instant::now());
        }
        for (schema, fate) in schemas.iter().zip(&fates) {
            self.metrics.received(schema.as_ref().map(|schema| schema.event()), *fate);
        }
        match (form, fates.as_slice()) {
            (Form::Single, [Fate::Rejected]) if is_malformed => Answer::Malformed,
            (Form::Single, [fate]) => Answer::Single(*fate),
            _ => Answer::Batch(fates),
        }
    }
}

impl Receiver {
    /// Logs that the store begins to fail, and that it works again; not each request in between.
    fn log(&self, kept: Option<&Result<Vec<Fate>, Unavailable>>) {
        let fails = !matches!(kept, Some(Ok(_)));
        if self.fails.swap(fails, Ordering::Relaxed) == fails {
            return;
        }
        match kept {
            Some(Ok(_)) => tracing::info!("events are stored again"),
            Some(Err(reason)) => tracing::error!("events cannot be stored: {reason}"),
            None => tracing::error!("events cannot be stored: the disk does not answer"),
        }
    }
}

impl Form {
    /// `None` if it is another one, or the body is compressed.
    fn of(headers: &HeaderMap) -> Option<Self> {
        if headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
            return None;
        }
        let content_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
        let name = content_type.split(';').next().unwrap_or_default().trim();
        if name.eq_ignore_ascii_case("application/json") {
            Some(Self::Single)
        } else if name.eq_ignore_ascii_case(batch::CONTENT_TYPE) {
            Some(Self::Batch)
        } else {
            None
        }
    }

    const fn max(self) -> usize {
        match self {
            Self::Single => MAX_EVENT,
            Self::Batch => MAX_BATCH,
        }
    }
}

fn announced(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn receive(
    State(receiver): State<Arc<Receiver>>,
    Extension(peer): Extension<Peer>,
    request: Request,
) -> Response {
    let answer = receiver.take(&peer, request).await;
    tracing::debug!(events = answer.events(), "answered");
    answer.into_response()
}

/// For a person who opens the address in a browser.
async fn only_events() -> (StatusCode, &'static str) {
    (StatusCode::METHOD_NOT_ALLOWED, "Programs send their events here, with POST.\n")
}

async fn count(State(receiver): State<Arc<Receiver>>, response: Response) -> Response {
    receiver.metrics.answered(response.status());
    response
}
