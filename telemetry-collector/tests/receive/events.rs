//! The event of these tests, in two releases, and its file of released schemas.

use std::fs;
use std::path::Path;

use telemetry::sink::Outgoing;
use telemetry::{TelemetryEvent, TelemetrySnapshot, testing};

/// The installation of all events.
pub(crate) const ANONYMOUS_ID: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

/// The event as version 0.1.0 sends it.
#[derive(Clone, Copy, Debug, TelemetryEvent)]
#[telemetry(event = "started")]
pub(crate) struct Started {
    /// Whether a person did it.
    pub(crate) by_hand: bool,
}

/// The event as version 0.2.0 sends it.
#[derive(Clone, Copy, Debug, TelemetryEvent)]
#[telemetry(event = "started")]
pub(crate) struct StartedLater {
    /// Whether a person did it.
    pub(crate) by_hand: bool,
    /// How long it waited.
    #[telemetry(number(max = 99, unit = "s"))]
    pub(crate) wait: u8,
}

/// An event on its way.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    outgoing: Outgoing,
    body: String,
}

/// The event of version 0.1.0 under an id that ends in this number.
pub(crate) fn started(number: u64) -> Sent {
    Sent::new(&Started { by_hand: true }, number)
}

/// The event of version 0.2.0 under an id that ends in this number.
pub(crate) fn started_later(number: u64) -> Sent {
    Sent::new(&StartedLater { by_hand: false, wait: 7 }, number)
}

impl Sent {
    fn new(event: &impl TelemetryEvent, number: u64) -> Self {
        let outgoing = testing::outgoing(event).with_number(number);
        // In place of the placeholder of previews.
        let (before, _) = outgoing.body().rsplit_once("\"anonymousId\":").unwrap();
        let body = format!(r#"{before}"anonymousId":"{ANONYMOUS_ID}"}}"#);
        Self { outgoing, body }
    }

    /// The same of another installation.
    #[cfg(feature = "clickhouse")]
    pub(crate) fn of(self, install: u8) -> Self {
        let other = data_encoding::BASE64.encode(&[install; 32]);
        Self { body: self.body.replace(ANONYMOUS_ID, &other), ..self }
    }

    pub(crate) fn aged(self, days: u8) -> Self {
        Self { outgoing: self.outgoing.with_age_days(days), ..self }
    }

    pub(crate) fn id(&self) -> &str {
        self.outgoing.id()
    }

    pub(crate) fn schema(&self) -> &str {
        self.outgoing.schema()
    }

    pub(crate) fn age_days(&self) -> u8 {
        self.outgoing.age_days()
    }

    pub(crate) fn body(&self) -> &str {
        &self.body
    }
}

/// The line of a batch that carries an event.
pub(crate) fn line(event: &Sent) -> String {
    let rest = event.body().strip_prefix('{').unwrap();
    format!(r#"{{"id":"{}","schema":"{}","age":{},{rest}"#, event.id(), event.schema(), event.age_days())
}

/// Writes the file of the event with the releases so far.
pub(crate) fn write_schemas(directory: &Path, has_later: bool) {
    fs::create_dir_all(directory).unwrap();
    let release = |version: &str, bits: u64, hash: String| {
        format!(r#"{{"version":"{version}","date":"2026-11-26","bits":{bits},"hash":"{hash}"}}"#)
    };
    let mut releases = vec![release("0.1.0", Started::SCHEMA.bits(), Started::SCHEMA.hash())];
    let mut lines = vec![r#"{"path":"","is":"group"}"#, r#"{"path":"by_hand","is":"flag","bits":1}"#];
    if has_later {
        releases.push(release("0.2.0", StartedLater::SCHEMA.bits(), StartedLater::SCHEMA.hash()));
        lines.push(r#"{"path":"wait","is":"number","min":0,"max":99,"unit":"s","bits":7,"since":"0.2.0"}"#);
    }
    lines.push(r#"{"end":""}"#);
    let (releases, lines) = (releases.join(","), lines.join(","));
    let text = format!(r#"{{"format":1,"event":"started","releases":[{releases}],"schema":[{lines}]}}"#);
    fs::write(directory.join("started.json"), text).unwrap();
}
