//! Sends events over HTTP, on the worker thread.
//!
//! The asynchronous client is driven by a runtime of one thread, which is the worker itself; only names are looked up on a second
//! thread, since the system's look-up cannot be given a time limit.

mod endpoint;
mod headers;
mod retry_after;
mod tls;

use std::time::{Duration, SystemTime};

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Client, Response, StatusCode, redirect};
use tokio::runtime::{self, Runtime};
use tokio::time;

pub(crate) use self::endpoint::{Endpoint, EndpointError};
pub(crate) use self::headers::{HeaderError, Headers};

use super::request::USER_AGENT;
use super::{Outgoing, SendError, Sink};
use crate::diagnostics;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// Most of a response's body that is read, in bytes, and how long that may take.
const MAX_RESPONSE: usize = 64 * 1024;
const DRAIN_TIMEOUT: Duration = Duration::from_secs(1);

/// An endpoint, and the connection to it once an event has been sent.
pub(crate) struct Http {
    endpoint: Endpoint,
    headers: HeaderMap,
    engine: Option<Engine>,
}

/// What is costly to make, and made by the first event.
struct Engine {
    client: Client,
    /// An option, since ending it takes it.
    runtime: Option<Runtime>,
}

impl Http {
    pub(crate) fn new(endpoint: Endpoint, headers: Headers) -> Self {
        Self { endpoint, headers: headers.into_map(), engine: None }
    }

    fn engine(&mut self) -> Option<&mut Engine> {
        if self.engine.is_none() {
            self.engine = Engine::start(&self.endpoint, &self.headers);
        }
        self.engine.as_mut()
    }
}

impl Sink for Http {
    fn send(&mut self, event: &Outgoing) -> Result<(), SendError> {
        let url = self.endpoint.url().clone();
        let engine = self.engine().ok_or(SendError::Retry)?;
        let runtime = engine.runtime.as_ref().ok_or(SendError::Retry)?;
        let request = engine
            .client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header("idempotency-key", event.id())
            .header("telemetry-schema", event.schema())
            .body(event.body().to_owned());
        runtime.block_on(async {
            let response = request.send().await.map_err(|_| {
                diagnostics::unreachable();
                SendError::Retry
            })?;
            diagnostics::answered(response.status().as_u16());
            let outcome = outcome(response.status(), response.headers());
            let _ = time::timeout(DRAIN_TIMEOUT, drain(response)).await;
            outcome
        })
    }
}

impl Engine {
    fn start(endpoint: &Endpoint, headers: &HeaderMap) -> Option<Self> {
        let client = tls::configure(Client::builder(), endpoint)?
            .default_headers(headers.clone())
            .user_agent(USER_AGENT)
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(REQUEST_TIMEOUT)
            .pool_max_idle_per_host(1);
        let client = endpoint.keep_to_this_machine(client).build().ok()?;
        let runtime = runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .thread_name("telemetry-names")
            .max_blocking_threads(1)
            .build()
            .ok()?;
        Some(Self { client, runtime: Some(runtime) })
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // A look-up that hangs would hold up whoever drops the runtime otherwise.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn outcome(status: StatusCode, headers: &HeaderMap) -> Result<(), SendError> {
    match status {
        _ if status.is_success() => Ok(()),
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Err(retry(headers)),
        _ if status.is_server_error() => Err(retry(headers)),
        _ => Err(SendError::Refused),
    }
}

fn retry(headers: &HeaderMap) -> SendError {
    retry_after::read(headers, SystemTime::now()).map_or(SendError::Retry, SendError::RetryAfter)
}

/// Reads what is left of a response, so that its connection can be used again, unless that is too much.
async fn drain(mut response: Response) {
    let mut read = 0;
    while let Ok(Some(chunk)) = response.chunk().await {
        read += chunk.len();
        if read > MAX_RESPONSE {
            break;
        }
    }
}
