//! A collector as a whole, for the program and for authors who embed it.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Router, middleware};
use tokio::net::TcpListener;
use tokio::time::timeout;

use super::access::{Access, guard, one_host};
use super::settings::Settings;
use crate::check::Known;
use crate::live;
use crate::receive::{Clock, Keep, Metrics, PATH, Receiver, STORE_TIME, Stop, serve};

/// How often addresses and arrivals that need not be remembered are forgotten.
const FORGET_PERIOD: Duration = Duration::from_secs(2);

/// A collector that listens.
pub struct Collector {
    listener: TcpListener,
    address: SocketAddr,
    settings: Settings,
    access: Arc<Access>,
    receiver: Arc<Receiver>,
    metrics: Arc<Metrics>,
    store: Arc<dyn Keep>,
}

impl Collector {
    /// Listens. Nothing is answered before [`serve`](Self::serve).
    ///
    /// # Errors
    ///
    /// If it cannot listen there, or the system has no randomness.
    pub async fn bind(settings: Settings, known: Known, store: Arc<dyn Keep>, clock: Clock) -> io::Result<Self> {
        let listener = TcpListener::bind(settings.listen).await?;
        let address = listener.local_addr()?;
        let metrics = Arc::new(Metrics::default());
        metrics.knows(&known);
        let (limits, proxies) = (settings.limits.clone(), settings.proxies.clone());
        let receiver = Receiver::new(known, Arc::clone(&store), Arc::clone(&metrics), limits, proxies, clock)?;
        let access = Arc::new(Access::new(&settings, address));
        Ok(Self { listener, address, settings, access, receiver, metrics, store })
    }

    /// The address that it listens on.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What receives the events, to be told of new schemas.
    #[must_use]
    pub const fn receiver(&self) -> &Arc<Receiver> {
        &self.receiver
    }

    /// What it counts about itself.
    #[must_use]
    pub const fn metrics(&self) -> &Arc<Metrics> {
        &self.metrics
    }

    /// Whether the metrics and what else is shown are shown to nobody, since a token is needed and none is set.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.access.is_closed()
    }

    /// Answers until the order to stop. It returns whether all requests that had begun by then were finished.
    ///
    /// `shown` is what else is served to those who may see the metrics.
    pub async fn serve(self, shown: Router, stop: Stop) -> bool {
        let counted = (Arc::clone(&self.metrics), Arc::clone(&self.store));
        let metrics = Router::new().route("/metrics", get(metrics)).with_state(counted);
        let live = live::router(Arc::clone(self.receiver.live()), self.settings.least_installs);
        let shown = metrics.merge(live).merge(shown).method_not_allowed_fallback(only_read);
        let shown = shown.layer(middleware::from_fn_with_state(self.access, guard));
        let health = Router::new().route("/healthz", get(health)).with_state((self.store, stop.clone()));
        // A mistyped address of a client is told as such, not as one that needs a token.
        let router = self.receiver.router().merge(health).merge(shown).fallback(nothing);
        let router = router.layer(middleware::from_fn(one_host));
        tokio::select! {
            is_finished = serve(self.listener, router, &self.settings.limits, &self.metrics, stop) => is_finished,
            never = forget(&self.receiver) => match never {},
        }
    }
}

/// Forgets the addresses of clients once they are not needed, also when no request comes.
async fn forget(receiver: &Receiver) -> Infallible {
    loop {
        tokio::time::sleep(FORGET_PERIOD).await;
        receiver.forget();
    }
}

async fn metrics(State((metrics, store)): State<(Arc<Metrics>, Arc<dyn Keep>)>) -> Response {
    metrics.waits(store.quarantined());
    ([(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], metrics.text()).into_response()
}

async fn nothing() -> (StatusCode, String) {
    let text =
        format!("There is nothing at this address. Programs send their events to {PATH}; their numbers are at /.\n");
    (StatusCode::NOT_FOUND, text)
}

async fn only_read() -> (StatusCode, &'static str) {
    (StatusCode::METHOD_NOT_ALLOWED, "This address can only be read, with GET.\n")
}

/// Whether events can be stored: nothing is stored as an event would be.
async fn health(State((store, stop)): State<(Arc<dyn Keep>, Stop)>) -> Response {
    if stop.is_ordered() {
        (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response()
    } else if !matches!(timeout(STORE_TIME, store.keep(Vec::new())).await, Ok(Ok(_))) {
        (StatusCode::SERVICE_UNAVAILABLE, "events cannot be stored\n").into_response()
    } else {
        "ok\n".into_response()
    }
}
