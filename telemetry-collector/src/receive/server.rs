//! Accepts connections and reads requests, within the limits.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::response::Response;
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::Service as _;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::connections::{Connection, Connections};
use super::limits::{Limits, MAX_HEAD};
use super::metrics::Metrics;

/// The pause after a connection could not be accepted, mostly for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(20);

/// How long a client may take for the rest of its request after the order to stop. It sends the request again to the next process that listens.
const GRACE: Duration = Duration::from_millis(500);

/// The connection that a request came over.
#[derive(Clone)]
pub(super) struct Peer {
    pub(super) address: IpAddr,
    pub(super) connection: Arc<Connection>,
}

/// Whether to stop: set once, seen by all.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

/// Gives the order to stop.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

impl Stop {
    /// An order to stop, and the means to give it. Dropping the means gives it as well.
    #[must_use]
    pub fn new() -> (Stopper, Self) {
        let (sender, receiver) = watch::channel(false);
        (Stopper(sender), Self(receiver))
    }

    /// Whether the order was given.
    #[must_use]
    pub fn is_ordered(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }

    /// Returns when the order is given.
    pub async fn ordered(&mut self) {
        let _ = self.0.wait_for(|is_ordered| *is_ordered).await;
    }
}

impl Stopper {
    /// Gives the order.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

/// Serves until the order to stop, and then finishes the requests that have begun, within [`Limits::stop_time`].
///
/// It returns whether all of them were finished.
pub async fn serve(listener: TcpListener, router: Router, limits: &Limits, metrics: &Metrics, mut stop: Stop) -> bool {
    let connections = Connections::new(limits.connections, metrics.connections.clone());
    let protocol = protocol(limits);
    let stopped = stop.clone();
    loop {
        let accepted = tokio::select! {
            () = stop.ordered() => break,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, address)) = accepted else {
            connections.close_oldest();
            sleep(PAUSE).await;
            continue;
        };
        let connection = tokio::select! {
            () = stop.ordered() => break,
            connection = connections.open() => Arc::new(connection),
        };
        let peer = Peer { address: address.ip(), connection };
        let end = Instant::now() + limits.connection_time;
        tokio::spawn(serve_one(
            stream,
            peer,
            protocol.clone(),
            router.clone(),
            stopped.clone(),
            (end, limits.stop_time),
        ));
    }
    // Nothing is accepted any more from here on.
    drop(listener);
    let _ = timeout(GRACE, connections.all_closed()).await;
    connections.close_waiting();
    timeout(limits.stop_time, connections.all_closed()).await.is_ok()
}

fn protocol(limits: &Limits) -> http1::Builder {
    let mut protocol = http1::Builder::new();
    protocol.timer(TokioTimer::new()).header_read_timeout(limits.head_time).max_buf_size(MAX_HEAD);
    protocol
}

/// Serves one connection until its client, its time or the order to stop ends it. What it is asked after its end is still answered, within the
/// time for that.
async fn serve_one(
    stream: TcpStream,
    peer: Peer,
    protocol: http1::Builder,
    router: Router,
    mut stop: Stop,
    (end, last): (Instant, Duration),
) {
    // Answers are small and complete: waiting for more to send only delays them.
    let _ = stream.set_nodelay(true);
    let connection = Arc::clone(&peer.connection);
    let service = hyper::service::service_fn(move |request| answer(request, peer.clone(), router.clone()));
    let served = protocol.serve_connection(TokioIo::new(stream), service);
    let mut served = std::pin::pin!(served);
    tokio::select! {
        _ = served.as_mut() => return,
        () = connection.closed() => return,
        () = stop.ordered() => {}
        () = sleep_until(end) => {}
    }
    served.as_mut().graceful_shutdown();
    tokio::select! {
        _ = served => {}
        () = connection.closed() => {}
        () = sleep(last + 2 * GRACE) => {}
    }
}

async fn answer(request: hyper::Request<Incoming>, peer: Peer, router: Router) -> Result<Response, Infallible> {
    let connection = Arc::clone(&peer.connection);
    // A request that has a body is here once the body was read.
    if request.body().is_end_stream() {
        connection.is_served();
    }
    let mut request = request.map(axum::body::Body::new);
    request.extensions_mut().insert(peer);
    let answer = TowerToHyperService::new(router).call(request).await;
    connection.waits();
    answer
}
