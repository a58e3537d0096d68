//! Events as log records of OpenTelemetry: OTLP/HTTP with JSON, whose requests hold the same names, words and numbers as the events.
//!
//! Source: the OTLP specification 1.9, <https://opentelemetry.io/docs/specs/otlp/>, and `opentelemetry-proto` 1.9, `logs.proto`.

use std::io::Write as _;
use std::time::SystemTime;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Map, Value, json};

use super::Outgoing;
use super::form::days_since_1970;
use crate::clock::DAY;

/// The statuses after which the same request may be sent again. The specification says so of no others.
pub(crate) const RETRYABLE: [u16; 4] = [429, 502, 503, 504];

/// The first component of attributes that are not members of the payload. No name of a member begins with `_`.
const OWN: &str = "_telemetry";

/// The attribute with the anonymous id.
pub(crate) const ANONYMOUS_ID: &str = "_telemetry.anonymous_id";

/// The encoding of what [`gzip`] returns.
pub(crate) const ENCODING: &str = "gzip";

/// Log records of OpenTelemetry, the form in which [`Builder::otlp`](crate::client::Builder::otlp) sends events.
///
/// Each event is one log record of OTLP/HTTP, in JSON, for any receiver that takes OTLP/HTTP in JSON, such as the OpenTelemetry
/// Collector; some take protobuf only. Nothing but the form of the request
/// differs from an [endpoint](crate::client::Builder::endpoint) of another kind: consent, retries, what is kept on disk, and the page for
/// users are the same.
///
/// ```no_run
/// use telemetry::sink::Otlp;
/// use telemetry::{Consent, Telemetry};
///
/// const OTLP: Otlp = Otlp::new().service_name("acme");
///
/// let telemetry = Telemetry::builder(Consent::new("ACME", "acme"))
///     .endpoint("https://otlp.acme.dev/v1/logs")
///     .header("Authorization", "Bearer 0123456789abcdef")
///     .otlp(OTLP)
///     .build();
/// ```
///
/// # What a record holds
///
/// | in the record | what it is |
/// |---|---|
/// | `eventName` | the event's name |
/// | `timeUnixNano` | midnight, in UTC, of the day on which the request is sent, less the event's age in days |
/// | `observedTimeUnixNano` | midnight, in UTC, of the day on which the request is sent |
/// | attribute `a.b` | the member `b` of the object `a` of the payload |
/// | attribute `_telemetry.anonymous_id` | the anonymous id |
/// | attribute `_telemetry.id` | the event's [id](Outgoing::id): an event that is sent twice has the same one |
/// | attribute `_telemetry.schema` | the [hash](Outgoing::schema) of its schema |
/// | attribute `_telemetry.age_days` | its [age](Outgoing::age_days), from 0 to 7 days |
/// | attribute `_telemetry.ephemeral` | `true` if the anonymous id [does not last](Outgoing::is_ephemeral); otherwise not sent |
///
/// A boolean is a `boolValue`, an integer an `intValue`, a word a `stringValue`, and a list an `arrayValue`. An object in a list is a
/// `kvlistValue` whose keys are those that the attributes of such a payload would have. An object without members is an empty `kvlistValue`.
/// A name or a key of a map that is not made of letters, digits, `_` and `-`, beginning with a letter, is put in brackets, and a closing
/// bracket in it is doubled: `options.[http.port]`. So no two members have the same key.
///
/// The scope is `telemetry`, with the version of this crate. The resource has the attribute `service.name` if
/// [`service_name`](Self::service_name) states one, and no others: neither the host nor the process is described.
///
/// # Times
///
/// A record without a time would be stored under 1 January 1970 by many receivers, and deleted at once by those that delete what is old. A
/// precise time would tell more than the events do elsewhere, so it is that of midnight, by the clock of the machine. It is counted back from
/// the day of the request, as a receiver of this crate's own form does: the day on which the event was published would tell, of an event shortly before or
/// after midnight, at what time of the day that was.
///
/// # Answers
///
/// | answer | what becomes of the events |
/// |---|---|
/// | a success | they are delivered |
/// | a success with `partialSuccess.rejectedLogRecords` | so many are lost, as `Refused`, and the others are delivered. The receiver does not say which, so the last of the request are counted, and the specification forbids sending any of them again |
/// | 429, 502, 503, 504, or no answer | all are sent again, after `Retry-After` or a growing pause |
/// | 400 or 422 | an event that was sent alone is lost, as `Refused`. Several are sent again, each alone |
/// | 413 | as 400; several are sent again in requests of at most half the size |
/// | any other | they are kept, and sent again after a minute, later up to an hour. The specification says that such a request is not to be repeated; but a wrong token or address is mended by somebody, and then nothing is lost |
///
/// # What it does not do
///
/// None of the variables of OpenTelemetry (`OTEL_…`) is read: where data goes is for the author to say, and whether any goes is for the
/// user. Requests are compressed (`Content-Encoding: gzip`), which the Collector and most others take. A receiver of OTLP cannot be asked to delete anything, so
/// [`with_deletion_request`](crate::Consent::with_deletion_request) is [a mistake](crate::client::ConfigError::DeletionImpossible) beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use = "it is given to `Builder::otlp`"]
pub struct Otlp {
    service: Option<&'static str>,
}

impl Otlp {
    /// The form without a name of the service.
    pub const fn new() -> Self {
        Self { service: None }
    }

    /// Sends this name with each request, as the resource's attribute `service.name`, by which receivers group records. By default none is
    /// sent. It has 1 to 64 printable characters of ASCII; another one is [a mistake](crate::client::ConfigError::ServiceNameInvalid).
    ///
    /// It is a setting of the connection like a [header](crate::client::Builder::header), and travels as it is set, [outside the
    /// guarantee](crate#its-limits) of the bodies of events. Give a constant, the same for all users.
    pub const fn service_name(self, name: &'static str) -> Self {
        Self { service: Some(name) }
    }

    pub(crate) fn has_valid_name(self) -> bool {
        self.service
            .is_none_or(|name| matches!(name.len(), 1..=64) && name.bytes().all(|byte| matches!(byte, b' '..=b'~')))
    }

    pub(crate) const fn service(self) -> Option<&'static str> {
        self.service
    }
}

/// The body of a request with these events.
pub(crate) fn encode(events: &[Outgoing], service: Option<&str>, now: SystemTime) -> String {
    let today = days_since_1970(now);
    let records: Vec<Value> = events.iter().map(|event| record(event, today)).collect();
    let resource: Vec<Value> = service.map(|name| attribute("service.name", text(name))).into_iter().collect();
    let scope = json!({ "name": env!("CARGO_CRATE_NAME"), "version": env!("CARGO_PKG_VERSION") });
    json!({
        "resourceLogs": [{
            "resource": { "attributes": resource },
            "scopeLogs": [{ "scope": scope, "logRecords": records }],
        }],
    })
    .to_string()
}

fn record(event: &Outgoing, today: u64) -> Value {
    // A body that is not JSON, of a test or of a version to come, has no members.
    let body: Map<String, Value> = serde_json::from_str(event.body()).unwrap_or_default();
    let mut attributes = Vec::new();
    if let Some(Value::Object(payload)) = body.get("payload") {
        add_members("", payload, &mut attributes);
    }
    let mut add = |name: &str, value: Value| attributes.push(attribute(&format!("{OWN}.{name}"), value));
    if let Some(id) = body.get("anonymousId").and_then(Value::as_str) {
        add("anonymous_id", text(id));
    }
    add("id", text(event.id()));
    add("schema", text(event.schema()));
    add("age_days", integer(event.age_days().into()));
    if event.is_ephemeral() {
        add("ephemeral", json!({ "boolValue": true }));
    }
    json!({
        "timeUnixNano": midnight(today.saturating_sub(event.age_days().into())),
        "observedTimeUnixNano": midnight(today),
        "eventName": event.name(),
        "attributes": attributes,
    })
}

/// The beginning of a day, in nanoseconds since 1970.
fn midnight(day: u64) -> String {
    (u128::from(day) * DAY.as_nanos()).to_string()
}

/// Adds the members of an object whose key is `prefix`.
fn add_members(prefix: &str, object: &Map<String, Value>, to: &mut Vec<Value>) {
    for (name, value) in object {
        let name = component(name);
        let key = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        match value {
            Value::Object(members) if !members.is_empty() => add_members(&key, members, to),
            _ => to.extend(typed(value).map(|value| attribute(&key, value))),
        }
    }
}

/// A part of a key. Parts are joined by dots, so a name with a dot is told apart from two names.
fn component(name: &str) -> String {
    let is_plain = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if is_plain { name.to_owned() } else { format!("[{}]", name.replace(']', "]]")) }
}

fn attribute(key: &str, value: Value) -> Value {
    json!({ "key": key, "value": value })
}

fn text(text: &str) -> Value {
    json!({ "stringValue": text })
}

fn integer(number: i64) -> Value {
    json!({ "intValue": number.to_string() })
}

/// A value as `AnyValue` of OTLP, in which integers are strings. `None` for null, which no event holds, and which receivers do not agree on.
fn typed(value: &Value) -> Option<Value> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(is) => json!({ "boolValue": is }),
        Value::String(word) => text(word),
        Value::Number(number) => match number.as_i64() {
            Some(number) => integer(number),
            None => json!({ "doubleValue": number }),
        },
        Value::Array(items) => {
            let items: Vec<Value> = items.iter().filter_map(typed).collect();
            json!({ "arrayValue": { "values": items } })
        }
        Value::Object(members) => {
            let mut values = Vec::new();
            add_members("", members, &mut values);
            json!({ "kvlistValue": { "values": values } })
        }
    })
}

/// The body as it is sent. It is a sixth of one event, and less of several, which repeat each other's keys.
pub(crate) fn gzip(body: &str) -> Option<Vec<u8>> {
    // Neither a time nor the system is in its header.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body.as_bytes()).ok()?;
    encoder.finish().ok()
}

/// How a page for users tells what a request holds.
pub(crate) fn on_the_page(service: Option<&str>, code: fn(&str) -> String) -> String {
    let service = service.map_or(String::new(), |name| {
        format!(" and the name {} as `service.name`, the same for all users", code(name))
    });
    format!(
        "Up to 100 events are one request (`POST`), as log records of OpenTelemetry (OTLP, in JSON): the event's name is the record's, and each\n\
         value below is an attribute of its name. Beside these, a record holds `{OWN}.anonymous_id`; `{OWN}.id`, the event's id, which is 16\n\
         random bytes drawn when the program starts, and a counter; `{OWN}.schema`, the hash that stands beside the event below; `{OWN}.age_days`,\n\
         how many whole days the event has waited, from 0 to 7; `{OWN}.ephemeral` if this machine cannot keep the anonymous id, which is then\n\
         another one at each start; and two times, which are the day of the request and that day less the age, each at midnight. A request\n\
         also holds the name and version of this library{service}."
    )
}

/// How many records the receiver has rejected, by its answer. Anything but a number of records above zero says that all were taken.
pub(crate) fn rejected(answer: &[u8]) -> usize {
    let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
    // JSON has 64-bit integers as strings; not every receiver does it.
    let count = answer.pointer("/partialSuccess/rejectedLogRecords");
    let count = count.and_then(|count| count.as_u64().or_else(|| count.as_str()?.parse().ok()));
    count.map_or(0, |count| usize::try_from(count).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests;
