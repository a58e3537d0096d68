//! Requests to the engine's HTTP interface, from threads that may block.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Client, RequestBuilder, Response, Url, redirect};
use rustls::ClientConfig;
use rustls::crypto::ring::default_provider;
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio::runtime::Runtime;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(5);

/// The most bytes of a statement. A look-up of repeated events has all ids of a group.
const MOST_STATEMENT: &str = "67108864";

/// Where an engine is, and who asks.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    url: Url,
    user: String,
    password: String,
}

/// Never the password.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address").field("url", &self.url.as_str()).finish_non_exhaustive()
    }
}

impl Address {
    /// The address `http://HOST:PORT/?database=NAME`, the user and the password, which may be empty. `None` if it is not such an address, or has a
    /// password in it, which would be shown with the settings.
    #[must_use]
    pub fn new(url: &str, user: &str, password: &str) -> Option<Self> {
        let url: Url = url.parse().ok()?;
        let is_plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        let is_ours = matches!(url.scheme(), "http" | "https") && url.has_host() && is_plain;
        is_ours.then(|| Self { url, user: user.to_owned(), password: password.to_owned() })
    }
}

/// Why the engine did not do what was asked. It repeats nothing of a statement or of an answer, which can hold values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The client cannot be made.
    #[error("the connection cannot be set up: the system has no certificates, or no thread could be started")]
    Setup,
    /// No connection, or it was lost before the answer was whole.
    #[error("ClickHouse cannot be reached, or the connection was lost")]
    Unreachable,
    /// No answer came in time.
    #[error("ClickHouse did not answer in time")]
    TimedOut,
    /// The engine answered with an exception.
    #[error("ClickHouse answered with its error {0}{hint}", hint = hint(*.0))]
    Exception(i32),
    /// Something else answered.
    #[error("the address answered with the status {0} and is not that of ClickHouse: see `url`")]
    Status(u16),
    /// The answer has another form than it must have.
    #[error("ClickHouse's answer cannot be read: its version may be too old; 24.8 or newer is needed")]
    Malformed,
    /// The tables are of another collector.
    #[error(
        "the tables of the database have format {0}, which this collector does not know: update it, or name another database"
    )]
    Format(i64),
    /// Others made claims at the same time, again and again.
    #[error("too many collectors start at once: try again")]
    Claim,
}

/// What an operator can do about the exceptions that are usual.
const fn hint(code: i32) -> &'static str {
    match code {
        81 => ": there is no such database; create it, or name another one in `url`",
        192 | 193 | 194 | 516 => ": the user or the password is wrong; see `store-user`",
        241 => ": it has too little memory",
        243 => ": its disk is full",
        252 => ": it has too many parts, since inserts are too small or merges too slow",
        497 => ": the user may not do this; see the README",
        _ => "",
    }
}

impl EngineError {
    /// Whether the statement was refused as such, so that it changed nothing and will not pass the next time: a table or a column is missing, or
    /// the text cannot be read.
    pub(super) const fn is_final(self) -> bool {
        matches!(self, Self::Exception(6 | 10 | 16 | 26 | 27 | 33 | 36 | 44 | 47 | 53 | 60 | 62 | 115 | 117))
    }
}

/// The connections of one thread to the engine.
#[derive(Debug)]
pub(super) struct Engine {
    client: Client,
    address: Address,
    /// It is there until the engine is dropped.
    runtime: Option<Runtime>,
}

impl Engine {
    pub(super) fn new(address: &Address) -> Result<Self, EngineError> {
        let tls = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| config.with_platform_verifier());
        let tls = tls.map_err(|_| EngineError::Setup)?.with_no_client_auth();
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .connect_timeout(CONNECT)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .default_headers(headers(address)?)
            .build()
            .map_err(|_| EngineError::Setup)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        Ok(Self { client, address: address.clone(), runtime: Some(runtime.map_err(|_| EngineError::Setup)?) })
    }

    pub(super) fn another(&self) -> Result<Self, EngineError> {
        Self::new(&self.address)
    }

    /// Carries out a statement that has no answer.
    pub(super) fn run(&self, sql: &str, settings: &[(&str, &str)], time: Duration) -> Result<(), EngineError> {
        self.send(self.request(&[("max_query_size", MOST_STATEMENT)], settings, time).body(sql.to_owned()), |_| Ok(()))
    }

    /// Carries out an `INSERT` whose rows are these.
    pub(super) fn insert(
        &self,
        sql: &str,
        rows: Vec<u8>,
        settings: &[(&str, &str)],
        time: Duration,
    ) -> Result<(), EngineError> {
        self.send(self.request(&[("query", sql)], settings, time).body(rows), |_| Ok(()))
    }

    /// Passes the answer of a query in pieces. The engine sends it once it is whole, so that a failure is told by the status.
    pub(super) fn ask(
        &self,
        sql: &str,
        settings: &[(&str, &str)],
        time: Duration,
        piece: impl FnMut(&[u8]) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        let whole = [("wait_end_of_query", "1"), ("max_query_size", MOST_STATEMENT)];
        let request = self.request(&whole, settings, time);
        self.send(request.body(format!("{sql} FORMAT RowBinaryWithNamesAndTypes")), piece)
    }

    fn request(&self, own: &[(&str, &str)], settings: &[(&str, &str)], time: Duration) -> RequestBuilder {
        let mut url = self.address.url.clone();
        url.query_pairs_mut().extend_pairs(own).extend_pairs(settings);
        self.client.post(url).timeout(time)
    }

    fn send(
        &self,
        request: RequestBuilder,
        mut piece: impl FnMut(&[u8]) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        let Some(runtime) = &self.runtime else { return Err(EngineError::Setup) };
        runtime.block_on(async {
            let mut response = request.send().await.map_err(|error| sort(&error))?;
            check(&response)?;
            while let Some(bytes) = response.chunk().await.map_err(|error| sort(&error))? {
                piece(&bytes)?;
            }
            Ok(())
        })
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // It may be dropped where blocking is not allowed.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn headers(address: &Address) -> Result<HeaderMap, EngineError> {
    let mut headers = HeaderMap::new();
    for (name, text) in [("x-clickhouse-user", &address.user), ("x-clickhouse-key", &address.password)] {
        if !text.is_empty() {
            let mut value = HeaderValue::from_str(text).map_err(|_| EngineError::Setup)?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
    }
    Ok(headers)
}

fn check(response: &Response) -> Result<(), EngineError> {
    let code = response.headers().get("x-clickhouse-exception-code");
    match code.map(|code| code.to_str().ok().and_then(|code| code.parse().ok())) {
        Some(code) => Err(EngineError::Exception(code.unwrap_or_default())),
        None if response.status().is_success() => Ok(()),
        None => Err(EngineError::Status(response.status().as_u16())),
    }
}

fn sort(error: &reqwest::Error) -> EngineError {
    if error.is_timeout() { EngineError::TimedOut } else { EngineError::Unreachable }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_no_password_in_it() {
        let is_address = |url| Address::new(url, "", "").is_some();
        assert!(is_address("http://127.0.0.1:8123") && is_address("https://host:8443/?database=telemetry"));
        for wrong in ["", "host", "ftp://host", "http://user@host", "http://:secret@host", "http://host/#x"] {
            assert!(!is_address(wrong), "{wrong}");
        }
        let address = Address::new("http://host", "somebody", "secret").unwrap();
        assert!(!format!("{address:?}").contains("secret"));
    }

    #[test]
    fn what_is_final_changed_nothing() {
        assert!(EngineError::Exception(60).is_final());
        for retried in [EngineError::Unreachable, EngineError::TimedOut, EngineError::Exception(252)] {
            assert!(!retried.is_final());
        }
    }
}
