//! A connection that many simulated clients share, and what was answered to them.

use std::fmt::Write as _;
use std::io;

use hyper::StatusCode;
use hyper::body::Bytes;
use serde::Deserialize;
use telemetry::TelemetryEvent as _;
use telemetry::sink::Outgoing;
use telemetry_spec::{batch, header};

use super::app::SignIn;
use super::record::Sent;
use super::wire::Wire;
use crate::arrival::Fate;

/// The client and this package have one version.
const USER_AGENT: (&str, &str) = ("user-agent", concat!("telemetry/", env!("CARGO_PKG_VERSION")));

/// Tells that the anonymous id does not last.
const EPHEMERAL: (&str, &str) = (header::ANONYMOUS_ID, header::EPHEMERAL);

/// The name of the event with which a start begins.
pub(super) const INIT: &str = "init";

/// The most that the members of a line have before those of the body, in bytes.
const HEAD: usize = 160;

/// A connection, and the starts whose events went over it.
pub(super) struct Line {
    wire: Wire,
    /// The last one is the client that sends now.
    pub(super) sent: Vec<Sent>,
    /// What waits to be sent together, under lasting ids and under ephemeral ones.
    batches: [Vec<Event>; 2],
    error: Option<io::Error>,
}

/// An event on its way.
pub(super) struct Event {
    pub(super) event: Outgoing,
    /// What arrives of its body.
    pub(super) body: String,
    /// The index of its start.
    start: usize,
}

impl Line {
    pub(super) fn new(wire: Wire) -> Self {
        Self { wire, sent: Vec::new(), batches: Default::default(), error: None }
    }

    /// An event of the last start.
    pub(super) const fn event(&self, event: Outgoing, body: String) -> Event {
        Event { event, body, start: self.sent.len().saturating_sub(1) }
    }

    /// Sends events at once.
    pub(super) fn send(&mut self, events: &[Event]) -> Option<StatusCode> {
        let answer = match events {
            [] => return None,
            [event] => self.post_single(event),
            events => self.post_batch(events),
        };
        let fates = answer.and_then(|(status, answer)| {
            let fates = fates(&answer).filter(|fates| fates.len() == events.len());
            Ok((fates.ok_or_else(|| io::Error::other(format!("the collector answered with {status}")))?, status))
        });
        match fates {
            Ok((fates, status)) => {
                events.iter().zip(fates).for_each(|(event, fate)| self.note(event, fate));
                Some(status)
            }
            Err(error) => {
                self.error.get_or_insert(error);
                None
            }
        }
    }

    /// Sends an event together with others.
    pub(super) fn send_together(&mut self, event: Event) {
        let [lasting, ephemeral] = &mut self.batches;
        let batch = if event.event.is_ephemeral() { ephemeral } else { lasting };
        let bytes = |event: &Event| event.body.len() + HEAD;
        let is_full =
            batch.len() == batch::LINES || batch.iter().map(bytes).sum::<usize>() + bytes(&event) > batch::BYTES;
        let full = if is_full { std::mem::take(batch) } else { Vec::new() };
        batch.push(event);
        self.send(&full);
    }

    /// Sends what waits, and tells what became of all starts since the last time.
    pub(super) fn finish(&mut self) -> io::Result<Vec<Sent>> {
        for batch in std::mem::take(&mut self.batches) {
            self.send(&batch);
        }
        self.error.take().map_or_else(|| Ok(std::mem::take(&mut self.sent)), Err)
    }

    fn post_single(&mut self, Event { event, body, .. }: &Event) -> io::Result<(StatusCode, Bytes)> {
        let age = event.age_days().to_string();
        let mut headers = vec![
            USER_AGENT,
            ("content-type", "application/json"),
            (header::ID, event.id()),
            (header::AGE, age.as_str()),
            (header::SCHEMA, event.schema()),
        ];
        headers.extend(event.is_ephemeral().then_some(EPHEMERAL));
        self.wire.post(&headers, body.clone())
    }

    fn post_batch(&mut self, events: &[Event]) -> io::Result<(StatusCode, Bytes)> {
        let mut lines = String::new();
        for Event { event, body, .. } in events {
            let (id, schema, age, members) =
                (event.id(), event.schema(), event.age_days(), body.get(1..).unwrap_or_default());
            // Writing to a string does not fail.
            let _ = writeln!(lines, r#"{{"id":"{id}","schema":"{schema}","age":{age},{members}"#);
        }
        let mut headers = vec![USER_AGENT, ("content-type", batch::CONTENT_TYPE)];
        headers.extend(events.iter().any(|event| event.event.is_ephemeral()).then_some(EPHEMERAL));
        self.wire.post(&headers, lines)
    }

    fn note(&mut self, event: &Event, fate: Fate) {
        if let Some(sent) = self.sent.get_mut(event.start) {
            let fates = match event.event.name() {
                INIT => &mut sent.init,
                SignIn::NAME => &mut sent.sign_ins,
                _ => &mut sent.upgraded,
            };
            fates.push(fate);
        }
    }
}

#[derive(Deserialize)]
struct Answer {
    fates: Vec<Word>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    Stored,
    Duplicate,
    Quarantined,
    Rejected,
}

fn fates(answer: &[u8]) -> Option<Vec<Fate>> {
    let Answer { fates } = serde_json::from_slice(answer).ok()?;
    let fate = |word| match word {
        Word::Stored => Fate::Stored,
        Word::Duplicate => Fate::Duplicate,
        Word::Quarantined => Fate::Quarantined,
        Word::Rejected => Fate::Rejected,
    };
    Some(fates.into_iter().map(fate).collect())
}
