//! The sink of the simulated clients. It makes the requests that the client's own sink makes, over a connection that they share.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use hyper::StatusCode;
use serde::Deserialize;
use telemetry::sink::{Outgoing, SendError, Sink};

use super::plan::Treatment;
use super::wire::Wire;
use crate::arrival::Fate;

/// The name of the event that is treated.
const TREATED: &str = "init";

/// The client and this package have one version.
const USER_AGENT: &str = concat!("telemetry/", env!("CARGO_PKG_VERSION"));

/// What is known of the events of one client.
#[derive(Default)]
pub(super) struct Answers {
    pub(super) anonymous_id: String,
    pub(super) init: Vec<Fate>,
    pub(super) upgraded: Vec<Fate>,
    pub(super) error: Option<io::Error>,
}

/// A connection, and the answers to the client that uses it now.
pub(super) struct Line {
    pub(super) wire: Wire,
    pub(super) answers: Answers,
}

/// The sink of one client.
pub(super) struct Shared {
    pub(super) line: Arc<Mutex<Line>>,
    pub(super) treatment: Treatment,
    pub(super) age: u8,
    pub(super) is_ephemeral: bool,
}

impl Sink for Shared {
    fn send(&mut self, event: &Outgoing) -> Result<(), SendError> {
        let event = event.clone().with_age_days(self.age);
        let is_treated = event.name() == TREATED;
        let body = if is_treated { altered(event.body(), self.treatment) } else { event.body().to_owned() };
        let times = if is_treated && self.treatment == Treatment::Repeated { 2 } else { 1 };
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        anonymous_id(&body).clone_into(&mut line.answers.anonymous_id);
        let mut is_taken = true;
        for _ in 0..times {
            match self.post(&mut line.wire, &event, &body) {
                Ok((fate, status)) => {
                    is_taken &= status.is_success();
                    let answers = &mut line.answers;
                    if is_treated { answers.init.push(fate) } else { answers.upgraded.push(fate) }
                }
                Err(error) => line.answers.error = Some(error),
            }
        }
        if is_taken { Ok(()) } else { Err(SendError::Refused) }
    }
}

impl Shared {
    fn post(&self, wire: &mut Wire, event: &Outgoing, body: &str) -> io::Result<(Fate, StatusCode)> {
        let age = event.age_days().to_string();
        let mut headers = vec![
            ("idempotency-key", event.id()),
            ("telemetry-age", age.as_str()),
            ("telemetry-schema", event.schema()),
            ("user-agent", USER_AGENT),
        ];
        if self.is_ephemeral {
            headers.push(("telemetry-id", "ephemeral"));
        }
        let (status, answer) = wire.post(&headers, body)?;
        Ok((fate(&answer).ok_or_else(|| io::Error::other(format!("the collector answered with {status}")))?, status))
    }
}

/// The answer to a single event.
#[derive(Deserialize)]
struct Answer {
    fates: [Word; 1],
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    Stored,
    Duplicate,
    Quarantined,
    Rejected,
}

fn fate(answer: &[u8]) -> Option<Fate> {
    let Answer { fates: [fate] } = serde_json::from_slice(answer).ok()?;
    Some(match fate {
        Word::Stored => Fate::Stored,
        Word::Duplicate => Fate::Duplicate,
        Word::Quarantined => Fate::Quarantined,
        Word::Rejected => Fate::Rejected,
    })
}

/// The anonymous id is the last member of a body.
fn anonymous_id(body: &str) -> &str {
    body.rsplit('"').nth(1).unwrap_or_default()
}

/// What somebody's own build sends under the hash of a released schema.
fn altered(body: &str, treatment: Treatment) -> String {
    match treatment {
        Treatment::Plain | Treatment::Repeated => body.to_owned(),
        Treatment::OtherWord => body.replacen(r#""engine":""#, r#""engine":"not-a-"#, 1),
        Treatment::OtherNumber => body.replacen(r#""trustedOrigins":"#, r#""trustedOrigins":9999"#, 1),
    }
}
