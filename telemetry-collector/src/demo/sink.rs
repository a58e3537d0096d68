//! The sink of the simulated clients. It makes the requests that the client's own sink makes, over a connection that they share.

use std::sync::{Arc, Mutex, PoisonError};

use telemetry::sink::{Outgoing, SendError, Sink};

use super::line::{INIT, Line};
use super::plan::Treatment;

/// The sink of one client.
pub(super) struct Shared {
    pub(super) line: Arc<Mutex<Line>>,
    pub(super) treatment: Treatment,
    pub(super) age: u8,
    /// Whether its events are sent together with others.
    pub(super) batches: bool,
}

impl Sink for Shared {
    fn send(&mut self, event: &Outgoing) -> Result<(), SendError> {
        let event = event.clone().with_age_days(self.age);
        let is_treated = event.name() == INIT;
        let body = if is_treated { altered(event.body(), self.treatment) } else { event.body().to_owned() };
        let times = if is_treated && self.treatment == Treatment::Repeated { 2 } else { 1 };
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sent) = line.sent.last_mut() {
            anonymous_id(&body).clone_into(&mut sent.anonymous_id);
        }
        let mut is_taken = true;
        for _ in 0..times {
            let event = line.event(event.clone(), body.clone());
            if self.batches {
                line.send_together(event);
            } else {
                is_taken &= line.send(&[event]).is_none_or(|status| status.is_success());
            }
        }
        if is_taken { Ok(()) } else { Err(SendError::Refused) }
    }
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
