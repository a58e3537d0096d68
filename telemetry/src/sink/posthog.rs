//! Events in the form of PostHog's batches.
//!
//! Source: <https://posthog.com/docs/api/capture>, November 2026.

use std::time::SystemTime;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::Outgoing;
use super::form::days_since_1970;

/// PostHog's batches, the form in which [`Builder::posthog`](crate::client::Builder::posthog) sends events.
///
/// Nothing but the form of the request differs from an [endpoint](crate::client::Builder::endpoint) of another kind: consent, retries, what is
/// kept on disk, and the page for users are the same.
///
/// ```no_run
/// use telemetry::sink::PostHog;
/// use telemetry::{Consent, Telemetry};
///
/// const POSTHOG: PostHog = PostHog::new("phc_0123456789abcdef");
///
/// let telemetry = Telemetry::builder(Consent::new("ACME", "acme"))
///     .endpoint("https://eu.i.posthog.com/batch/")
///     .posthog(POSTHOG)
///     .build();
/// ```
///
/// # What an event holds
///
/// | in the event | what it is |
/// |---|---|
/// | `event` | the event's name |
/// | `distinct_id` | the anonymous id |
/// | `uuid` | 16 bytes of the SHA-256 of the event's [id](Outgoing::id), by which PostHog drops an event that was sent twice |
/// | `timestamp` | midnight, in UTC, of the day on which the request is sent, less the event's age in days |
/// | `properties` | the members of the payload, as they are |
/// | `properties.$process_person_profile` | `false`: no profile of a person is made |
/// | `properties.$geoip_disable` | `true`: no place is looked up |
/// | `properties.$lib`, `properties.$lib_version` | `telemetry`, and the version of this crate |
/// | `properties._telemetry_schema` | the [hash](Outgoing::schema) of its schema |
/// | `properties._telemetry_age_days` | its [age](Outgoing::age_days), from 0 to 7 days |
/// | `properties._telemetry_ephemeral` | `true` if the anonymous id [does not last](Outgoing::is_ephemeral); otherwise not sent |
///
/// PostHog stores the address from which a request comes, unless the project is set to discard it (*Discard client IP data*). Set it so.
///
/// Up to 100 events are one request. Answers are treated as those to [single events](crate::client::Builder::endpoint): a request that PostHog
/// takes delivers all of its events, unless it says that the quota is used up (`quota_limited`); then they are lost, as `Refused`.
/// PostHog tells events apart by `uuid`, name, id and `timestamp`. An event that is sent again after midnight can have another
/// `timestamp`, and counts twice then.
///
/// Nobody can be asked to delete anything with the project's token, so [`with_deletion_request`](crate::Consent::with_deletion_request) is [a
/// mistake](crate::client::ConfigError::DeletionImpossible) beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "it is given to `Builder::posthog`"]
pub struct PostHog {
    token: &'static str,
}

impl PostHog {
    /// The form with the project's token, `phc_…`, which can only send. It is not a secret: it is in every copy of the program.
    ///
    /// It is a setting of the connection like a [header](crate::client::Builder::header), and travels as it is set, [outside the
    /// guarantee](crate#its-limits) of the bodies of events. Give a constant, the same for all users.
    pub const fn new(project_token: &'static str) -> Self {
        Self { token: project_token }
    }

    pub(crate) const fn token(self) -> &'static str {
        self.token
    }
}

/// The body of a request with these events.
pub(crate) fn encode(events: &[Outgoing], token: &str, now: SystemTime) -> String {
    let today = days_since_1970(now);
    let batch: Vec<Value> = events.iter().map(|event| one(event, today)).collect();
    json!({ "api_key": token, "batch": batch }).to_string()
}

fn one(event: &Outgoing, today: u64) -> Value {
    let mut body: Map<String, Value> = serde_json::from_str(event.body()).unwrap_or_default();
    let mut properties = match body.remove("payload") {
        Some(Value::Object(payload)) => payload,
        _ => Map::new(),
    };
    let mut add = |name: &str, value: Value| properties.insert(name.to_owned(), value);
    add("$process_person_profile", false.into());
    add("$geoip_disable", true.into());
    add("$lib", env!("CARGO_CRATE_NAME").into());
    add("$lib_version", env!("CARGO_PKG_VERSION").into());
    add("_telemetry_schema", event.schema().into());
    add("_telemetry_age_days", event.age_days().into());
    if event.is_ephemeral() {
        add("_telemetry_ephemeral", true.into());
    }
    json!({
        "event": event.name(),
        "distinct_id": body.remove("anonymousId"),
        "uuid": uuid(event.id()),
        "timestamp": midnight(today.saturating_sub(event.age_days().into())),
        "properties": properties,
    })
}

/// A UUID of version 8 (RFC 9562), the same for the same event.
fn uuid(id: &str) -> String {
    let digest = Sha256::digest(id.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = base16ct::lower::encode_string(&bytes);
    let (a, b, c, d, e) = (&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]);
    format!("{a}-{b}-{c}-{d}-{e}")
}

/// The beginning of a day, in the calendar. It counts in years from March, of which the leap day is the last.
fn midnight(days_since_1970: u64) -> String {
    /// From 1 March of year 0.
    const UNTIL_1970: u64 = 719_468;
    const FOUR_CENTURIES: u64 = 146_097;
    let days = days_since_1970 + UNTIL_1970;
    let (era, day) = (days / FOUR_CENTURIES, days % FOUR_CENTURIES);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{of_month:02}T00:00:00Z")
}

/// How a page for users tells what a request holds.
pub(crate) fn on_the_page() -> String {
    "Up to 100 events are one request (`POST`), in the form of PostHog's batches: the event's name is `event`, the anonymous id `distinct_id`,\n\
     and the values below are `properties`. Beside these, an event holds `uuid`, a hash of the event's id, which is 16 random bytes drawn when\n\
     the program starts, and a counter; `timestamp`, the day of the request less the days that the event has waited, at midnight;\n\
     `_telemetry_schema`, the hash that stands beside the event below; `_telemetry_age_days`, how many whole days the event has waited, from 0\n\
     to 7; `_telemetry_ephemeral` if this machine cannot keep the anonymous id, which is then another one at each start; that no profile is to\n\
     be made (`$process_person_profile`) and no place looked up (`$geoip_disable`); and the name and version of this library (`$lib`,\n\
     `$lib_version`). A request also holds the project's token, the same for all users."
        .to_owned()
}

/// How many events PostHog has dropped, by its answer: all of them once the quota is used up.
pub(crate) fn rejected(answer: &[u8]) -> usize {
    let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
    let is_limited = answer["quota_limited"].as_array().is_some_and(|what| what.iter().any(|what| what == "events"));
    if is_limited { usize::MAX } else { 0 }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::sink::outgoing::tests::outgoing;

    /// 1 July 2025, 15:04:05.
    const NOW: Duration = Duration::from_secs(1_751_382_245);

    #[test]
    fn a_request_is_as_the_documentation_writes_it() {
        let event = outgoing(r#"{"type":"started","payload":{"by_hand":true,"of":{"n":[1]}},"anonymousId":"abc="}"#);
        let events = [event.clone().with_age_days(2), event.with_number(2).with_ephemeral_id(true)];
        let request = encode(&events, "phc_\"x\"", SystemTime::UNIX_EPOCH + NOW);
        let one = |id: &str, day: &str, age: u8| {
            json!({
                "event": "started",
                "distinct_id": "abc=",
                "uuid": id,
                "timestamp": format!("{day}T00:00:00Z"),
                "properties": {
                    "by_hand": true,
                    "of": {"n": [1]},
                    "$process_person_profile": false,
                    "$geoip_disable": true,
                    "$lib": "telemetry",
                    "$lib_version": env!("CARGO_PKG_VERSION"),
                    "_telemetry_schema": "5c".repeat(32),
                    "_telemetry_age_days": age,
                },
            })
        };
        let [first, second] = events.each_ref().map(|event| uuid(event.id()));
        let mut of_second = one(&second, "2025-07-01", 0);
        of_second["properties"]["_telemetry_ephemeral"] = true.into();
        let expected = json!({"api_key": "phc_\"x\"", "batch": [one(&first, "2025-06-29", 2), of_second]});
        assert_eq!(serde_json::from_str::<Value>(&request).unwrap(), expected);
    }

    #[test]
    fn an_event_has_one_uuid_and_no_other_has_it() {
        let id = format!("{}-1", "0".repeat(32));
        let one = uuid(&id);
        assert_eq!(one, uuid(&id));
        assert_ne!(one, uuid(&format!("{}-2", "0".repeat(32))));
        let lengths: Vec<usize> = one.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert!(one.as_bytes()[14] == b'8' && b"89ab".contains(&one.as_bytes()[19]), "{one}");
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        for (day, expected) in [
            (0, "1970-01-01"),
            (59, "1970-03-01"),
            (10_956, "1999-12-31"),
            (11_016, "2000-02-29"),
            (11_017, "2000-03-01"),
            (19_782, "2024-02-29"),
            (20_270, "2025-07-01"),
            (47_540, "2100-02-28"),
            (47_541, "2100-03-01"),
        ] {
            assert_eq!(midnight(day), format!("{expected}T00:00:00Z"));
        }
    }

    #[test]
    fn what_exceeds_the_quota_is_lost() {
        for (answer, expected) in [
            (r#"{"status":"Ok"}"#, 0),
            (r#"{"status":1}"#, 0),
            ("", 0),
            (r#"{"status":"Ok","quota_limited":["recordings"]}"#, 0),
            (r#"{"status":"Ok","quota_limited":["events"]}"#, usize::MAX),
        ] {
            assert_eq!(rejected(answer.as_bytes()), expected, "{answer}");
        }
    }
}
