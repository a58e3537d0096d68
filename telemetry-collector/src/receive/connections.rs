//! The open connections: how many there are, and which of them waits for its client.
//!
//! A client that sends slowly costs a connection. There is a fixed number of them; with all of them taken, a new one takes the place of the
//! one that has waited longest for its client. An honest client waits for milliseconds, so slow ones displace each other.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::Notify;

/// All connections of a server.
pub(super) struct Connections {
    max: usize,
    state: Mutex<State>,
    freed: Notify,
    gauge: Gauge,
}

#[derive(Default)]
struct State {
    open: usize,
    next: u64,
    /// Connections that wait for a request, or for the rest of one, in the order in which they began to wait.
    waiting: BTreeMap<u64, Arc<Notify>>,
}

/// One connection. It is counted for as long as this value lives.
pub(super) struct Connection {
    all: Arc<Connections>,
    place: Mutex<Option<u64>>,
    close: Arc<Notify>,
}

impl Connections {
    pub(super) fn new(max: usize, gauge: Gauge) -> Arc<Self> {
        Arc::new(Self { max: max.max(1), state: Mutex::default(), freed: Notify::new(), gauge })
    }

    /// Counts a new connection. If there are too many, it waits for another one to close.
    pub(super) async fn open(self: &Arc<Self>) -> Connection {
        loop {
            let freed = self.freed.notified();
            if let Some(connection) = self.try_open() {
                return connection;
            }
            self.close_oldest();
            freed.await;
        }
    }

    fn try_open(self: &Arc<Self>) -> Option<Connection> {
        let mut state = self.state();
        if state.open >= self.max {
            return None;
        }
        state.open += 1;
        self.gauge.inc();
        let close = Arc::new(Notify::new());
        let place = state.wait(&close);
        drop(state);
        Some(Connection { all: Arc::clone(self), place: Mutex::new(Some(place)), close })
    }

    /// Closes the connection that has waited longest for its client, if one waits.
    pub(super) fn close_oldest(&self) {
        let oldest = self.state().waiting.pop_first();
        if let Some((_, close)) = oldest {
            close.notify_one();
        }
    }

    /// Closes all connections that wait for their clients.
    pub(super) fn close_waiting(&self) {
        let waiting = std::mem::take(&mut self.state().waiting);
        waiting.values().for_each(|close| close.notify_one());
    }

    /// Returns once no connection is open.
    pub(super) async fn all_closed(&self) {
        loop {
            let freed = self.freed.notified();
            if self.state().open == 0 {
                return;
            }
            freed.await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn wait(&mut self, close: &Arc<Notify>) -> u64 {
        let place = self.next;
        self.next += 1;
        self.waiting.insert(place, Arc::clone(close));
        place
    }
}

impl Connection {
    /// The request is here, and the client waits for us.
    pub(super) fn is_served(&self) {
        if let Some(place) = self.place().take() {
            self.all.state().waiting.remove(&place);
        }
    }

    /// The request is answered, and we wait for the client.
    pub(super) fn waits(&self) {
        let mut place = self.place();
        let mut state = self.all.state();
        if let Some(earlier) = place.take() {
            state.waiting.remove(&earlier);
        }
        *place = Some(state.wait(&self.close));
    }

    /// Returns when this connection has to be closed in favour of another.
    pub(super) async fn closed(&self) {
        self.close.notified().await;
    }

    /// The other connections.
    pub(super) fn all(&self) -> &Connections {
        &self.all
    }

    fn place(&self) -> MutexGuard<'_, Option<u64>> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.is_served();
        self.all.state().open -= 1;
        self.all.gauge.dec();
        // One permit is enough for the server, which is the only one that opens connections. Whoever waits for the end looks again.
        self.all.freed.notify_waiters();
        self.all.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn poll<T>(future: impl Future<Output = T>) -> Option<T> {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => Some(value),
            Poll::Pending => None,
        }
    }

    fn three() -> (Arc<Connections>, [Connection; 3]) {
        let all = Connections::new(3, Gauge::default());
        let open = [(); 3].map(|()| poll(all.open()).unwrap());
        (all, open)
    }

    fn is_closed(connection: &Connection) -> bool {
        poll(connection.closed()).is_some()
    }

    #[test]
    fn a_new_connection_takes_the_place_of_the_one_that_waits_longest() {
        let (all, [first, second, third]) = three();
        first.is_served();
        first.waits();
        assert!(poll(all.open()).is_none());
        assert_eq!([&first, &second, &third].map(is_closed), [false, true, false]);
        drop(second);
        assert!(poll(all.open()).is_some());
        assert_eq!(all.gauge.get(), 2);
    }

    #[test]
    fn a_request_that_is_served_is_not_cut_off() {
        let (all, connections) = three();
        connections.iter().for_each(Connection::is_served);
        assert!(poll(all.open()).is_none());
        all.close_waiting();
        assert!(!connections.iter().any(is_closed));
        drop(connections);
        assert!(poll(all.all_closed()).is_some());
        assert!(all.state().waiting.is_empty());
    }

    #[test]
    fn the_end_is_awaited() {
        let (all, connections) = three();
        let mut end = pin!(all.all_closed());
        let mut context = Context::from_waker(Waker::noop());
        assert!(end.as_mut().poll(&mut context).is_pending());
        drop(connections);
        assert!(end.as_mut().poll(&mut context).is_ready());
    }
}
