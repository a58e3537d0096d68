//! Sends events over HTTP, on the worker thread.
//!
//! The asynchronous client runs on a single-threaded runtime on the worker itself. Only names are looked up on a second thread, since the
//! system's lookup cannot be given a time limit.

mod answer;
mod batch;
#[cfg(test)]
mod batch_tests;
mod endpoint;
#[cfg(any(fuzzing, test))]
mod fuzz;
mod headers;
mod names;
#[cfg(feature = "otlp")]
#[cfg(test)]
mod otlp_tests;
mod retry_after;
mod tls;

use std::slice;
use std::time::{Duration, SystemTime};

use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use reqwest::{Client, RequestBuilder, Response, StatusCode, redirect, retry};
use telemetry_spec::header;
use tokio::runtime::{self, Runtime};
use tokio::{task, time};

pub(crate) use self::endpoint::{Endpoint, EndpointError};
#[cfg(any(fuzzing, test))]
pub(crate) use self::fuzz::{answer as fuzz_answer, retry_after as fuzz_retry_after};
pub(crate) use self::headers::{HeaderError, Headers};

use self::answer::Answer;
use self::batch::Batch;
use self::names::Names;
use self::tls::Tls;
use super::batches::{Batches, Sent};
use super::form::Form;
use super::request::USER_AGENT;
use super::{Obstacle, Outgoing, SendError, Sink};
use crate::diagnostics;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// Limits for reading a response's body, in bytes and in time, so that its connection can be reused.
const MAX_RESPONSE: usize = 64 * 1024;
const DRAIN_TIMEOUT: Duration = Duration::from_millis(100);

/// An endpoint, and the connection to it while events are being sent.
pub(crate) struct Http {
    endpoint: Endpoint,
    headers: HeaderMap,
    names: Names,
    tls: Option<Tls>,
    connection: Option<Connection>,
    obstacle: Option<Obstacle>,
    form: Form,
    /// Whether the receiver takes several events in one request.
    batches: bool,
}

/// A connection that sends several events one after the other.
struct Connection {
    client: Client,
    /// The last response, whose body has not been read.
    unread: Option<Response>,
    /// Dropped last, because dropping it closes the connections.
    runtime: Runtime,
}

impl Http {
    pub(crate) fn new(endpoint: Endpoint, headers: Headers) -> Self {
        let (headers, names) = (headers.into_map(), Names::default());
        Self { endpoint, headers, names, tls: None, connection: None, obstacle: None, form: Form::Own, batches: false }
    }

    /// The form in which the receiver takes events. A receiver of another protocol takes several in one request.
    pub(crate) fn with_form(self, form: Form) -> Self {
        Self { batches: self.batches || !form.is_own(), form, ..self }
    }

    /// Whether the receiver takes several events in one request.
    pub(crate) fn with_batches(self, batches: bool) -> Self {
        Self { batches, ..self }
    }

    fn connection(&mut self) -> Result<&mut Connection, Obstacle> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.connect()?,
        };
        Ok(self.connection.insert(connection))
    }

    /// This does not look up or connect to anything yet.
    fn connect(&mut self) -> Result<Connection, Obstacle> {
        let tls = match self.tls.take() {
            Some(tls) => tls,
            None => Tls::load(&self.endpoint)?,
        };
        let client = self
            .tls
            .insert(tls)
            .configure(Client::builder())
            .default_headers(self.headers.clone())
            .user_agent(USER_AGENT)
            .redirect(redirect::Policy::none())
            // When to try again is decided elsewhere, and an error in making a connection means that nothing was sent.
            .retry(retry::never())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(REQUEST_TIMEOUT)
            .tcp_keepalive(None)
            .pool_max_idle_per_host(1)
            .dns_resolver(self.names.clone());
        let client = self.endpoint.keep_to_this_machine(client).build().map_err(|_| Obstacle::Other)?;
        let runtime = runtime::Builder::new_current_thread().enable_io().enable_time().build();
        Ok(Connection { client, unread: None, runtime: runtime.map_err(|_| Obstacle::Shortage)? })
    }

    /// Asks the receiver to delete what it has. The body has no schema and no age.
    pub(crate) fn send_deletion(&mut self, key: &str, body: &str) -> Result<(), SendError> {
        self.send_single(body, |request| request.header(header::ID, key))
    }

    fn send_single(
        &mut self,
        body: &str,
        add_headers: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Result<(), SendError> {
        let answer = self
            .post(body.as_bytes().to_vec(), |request| add_headers(request.header(CONTENT_TYPE, "application/json")));
        let answer = answer.map(|(connection, response)| {
            let answer = Answer::of(&response);
            // The status decides the outcome of the event. The rest of the response is not awaited.
            connection.unread = Some(response);
            answer
        });
        self.outcome(answer)
    }

    /// As many of these events as fit into one request.
    fn batch(&self, events: &[Outgoing]) -> Batch {
        let most = events.get(..telemetry_spec::batch::LINES).unwrap_or(events);
        let encoded = self.form.encode(most, SystemTime::now());
        encoded.map_or_else(|| Batch::of(events), |body| Batch::in_form(body, most.len()))
    }

    /// Sends a request with several events. Returns the answer and its body, which tells what became of each.
    fn post_batch(&mut self, batch: &Batch) -> Result<(Answer, Vec<u8>), Obstacle> {
        let is_own = self.form.is_own();
        let (body, encoding) = self.form.compress(&batch.body).unzip();
        let body = body.unwrap_or_else(|| batch.body.clone().into_bytes());
        let (connection, mut response) = self.post(body, |request| {
            let request = request.header(CONTENT_TYPE, batch.content_type);
            let request = if batch.is_ephemeral { ephemeral(request) } else { request };
            if let Some(encoding) = encoding { request.header(CONTENT_ENCODING, encoding) } else { request }
        })?;
        let answer = Answer::of(&response);
        if !answer.status.is_success() {
            // The status decides, whatever becomes of the rest.
            connection.unread = Some(response);
            return Ok((answer, Vec::new()));
        }
        let body = connection.runtime.block_on(async {
            match read(&mut response).await {
                Err(error) if is_own => Err(obstacle(&error)),
                // The status says that the events were taken. The rest tells at most how many were not.
                body => Ok(body.unwrap_or_default()),
            }
        })?;
        Ok((answer, body))
    }

    /// Sends a request with several events. Returns the status, and what the answer tells of each event if it was a success.
    fn try_batch(&mut self, batch: &Batch) -> (Option<StatusCode>, Result<Told, SendError>) {
        let answered = self.post_batch(batch);
        let answer = answered.as_ref().map(|(answer, _)| *answer).map_err(|obstacle| *obstacle);
        let status = answer.ok().map(|answer| answer.status);
        let outcome = self.outcome(answer).map(|()| {
            let (answer, body) = answered.ok()?;
            if self.form.is_own() {
                return batch::outcomes(&body, batch.lines, answer.again());
            }
            Some(batch::with_rejected(batch.lines, self.form.rejected(&body)))
        });
        (status, outcome)
    }

    fn post(
        &mut self,
        body: Vec<u8>,
        add_headers: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Result<(&mut Connection, Response), Obstacle> {
        // An earlier date makes the TLS library panic.
        if SystemTime::now() < SystemTime::UNIX_EPOCH {
            return Err(Obstacle::Clock);
        }
        let url = self.endpoint.url().clone();
        let connection = self.connection()?;
        connection.make_ready();
        let request = add_headers(connection.client.post(url)).body(body);
        let response = connection.runtime.block_on(async { request.send().await }).map_err(|error| obstacle(&error))?;
        Ok((connection, response))
    }

    fn outcome(&mut self, answer: Result<Answer, Obstacle>) -> Result<(), SendError> {
        match answer {
            Ok(answer) => {
                diagnostics::answered(answer.status.as_u16());
                self.obstacle = answer.obstacle();
                answer.outcome(&self.form)
            }
            Err(obstacle) => {
                diagnostics::unreachable();
                self.obstacle = Some(obstacle);
                self.connection = None;
                Err(SendError::Retry)
            }
        }
    }
}

/// An outcome for each event of a request. `None` if the answer tells none.
type Told = Option<Vec<Result<(), SendError>>>;

/// Tells that the anonymous id does not last.
fn ephemeral(request: RequestBuilder) -> RequestBuilder {
    request.header(header::ANONYMOUS_ID, header::EPHEMERAL)
}

impl Sink for Http {
    fn send(&mut self, event: &Outgoing) -> Result<(), SendError> {
        if !self.form.is_own() {
            let batch = self.batch(slice::from_ref(event));
            let (_, told) = self.try_batch(&batch);
            return told?.and_then(|outcomes| outcomes.into_iter().next()).unwrap_or(Ok(()));
        }
        self.send_single(event.body(), |request| {
            let request = request
                .header(header::ID, event.id())
                .header(header::AGE, u16::from(event.age_days()))
                .header(header::SCHEMA, event.schema());
            if event.is_ephemeral() { ephemeral(request) } else { request }
        })
    }

    fn rest(&mut self) {
        self.connection = None;
    }

    fn obstacle(&self) -> Option<Obstacle> {
        self.obstacle
    }

    fn batches(&mut self) -> Option<&mut dyn Batches> {
        self.batches.then_some(self)
    }
}

impl Batches for Http {
    fn send_batch(&mut self, events: &[Outgoing]) -> Sent {
        let batch = self.batch(events);
        if batch.lines < 2 {
            return Sent::Outcomes(events.first().map(|event| self.send(event)).into_iter().collect());
        }
        let (status, told) = self.try_batch(&batch);
        let is_too_large = status == Some(StatusCode::PAYLOAD_TOO_LARGE);
        match told {
            Ok(told) => told.map_or(Sent::NoBatches, Sent::Outcomes),
            Err(error @ (SendError::Retry | SendError::RetryAfter(_))) => Sent::Outcomes(vec![Err(error); batch.lines]),
            Err(_) if is_too_large => Sent::TooLarge,
            // It says nothing of a single event.
            Err(SendError::NotNow | SendError::Refused | SendError::Unsendable) => Sent::NoBatches,
        }
    }
}

impl Connection {
    /// Ensures that the next response belongs to the next request. Unsolicited data since the last response closes the connection, and the
    /// next request opens another one.
    fn make_ready(&mut self) {
        let unread = self.unread.take();
        self.runtime.block_on(async {
            if let Some(response) = unread {
                let _ = time::timeout(DRAIN_TIMEOUT, drain(response)).await;
            }
            // The connection's task sees the received data and closes the connection before the request starts.
            for _ in 0..3 {
                task::yield_now().await;
            }
        });
    }
}

/// Reads a response, or the beginning of one that is too large.
async fn read(response: &mut Response) -> reqwest::Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_RESPONSE {
            break;
        }
    }
    Ok(body)
}

/// Reads the rest of a response, unless it is too large.
async fn drain(mut response: Response) {
    let mut read = 0;
    while let Ok(Some(chunk)) = response.chunk().await {
        read += chunk.len();
        if read > MAX_RESPONSE {
            break;
        }
    }
}

/// Why there was no response.
fn obstacle(error: &reqwest::Error) -> Obstacle {
    if error.is_dns() {
        Obstacle::NoAddress
    } else if error.is_timeout() {
        Obstacle::TimedOut
    } else if is_of_tls(error) {
        Obstacle::Tls
    } else if error.is_connect() {
        Obstacle::NoConnection
    } else {
        Obstacle::NoAnswer
    }
}

#[cfg(feature = "rustls")]
fn is_of_tls(error: &(dyn std::error::Error + 'static)) -> bool {
    // A system error that wraps another error does not list it among its sources.
    let held = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    error.is::<rustls::Error>() || held.is_some_and(|held| is_of_tls(held)) || error.source().is_some_and(is_of_tls)
}

#[cfg(not(feature = "rustls"))]
fn is_of_tls(_: &(dyn std::error::Error + 'static)) -> bool {
    false
}
