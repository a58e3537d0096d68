//! The headers of each request, in one table: the sink sends them, applications may not replace them, and the page lists them.

use telemetry_spec::header::{AGE, ANONYMOUS_ID, ID, SCHEMA};

use super::form::Form;

/// A header set by the client or its connection.
pub(crate) struct Header {
    pub(crate) name: &'static str,
    /// The header's description for the page. `None` if it is never sent with an event.
    pub(crate) says: Option<&'static str>,
}

impl Header {
    /// The description for events in this form. A form of another protocol tells in the body what these headers tell of an event.
    pub(crate) fn says_in(&self, form: &Form) -> Option<&'static str> {
        match self.name {
            _ if form.is_own() => self.says,
            "content-encoding" => form.encoding(),
            "content-type" => Some("`application/json`"),
            ID | AGE | SCHEMA | ANONYMOUS_ID => None,
            _ => self.says,
        }
    }
}

#[cfg(feature = "http")]
pub(crate) const USER_AGENT: &str = concat!("telemetry/", env!("CARGO_PKG_VERSION"));

const fn sent(name: &'static str, says: &'static str) -> Header {
    Header { name, says: Some(says) }
}

const fn never(name: &'static str) -> Header {
    Header { name, says: None }
}

pub(crate) const HEADERS: [Header; 15] = [
    sent("accept", "`*/*`"),
    never("connection"),
    never("content-encoding"),
    sent("content-length", "the length of what is sent, in bytes"),
    sent("content-type", "`application/json`, or `application/x-ndjson` for several events"),
    never("expect"),
    sent("host", "the host above"),
    sent(ID, "the event's id: 16 random bytes drawn when the program starts, and a counter"),
    never("te"),
    sent(AGE, "how many whole days the event has waited, from 0 to 7"),
    sent(
        ANONYMOUS_ID,
        "`ephemeral` if this machine cannot keep the anonymous id, which is then another one at each start; otherwise not sent",
    ),
    sent(SCHEMA, "the hash that stands beside the event below"),
    never("transfer-encoding"),
    never("upgrade"),
    sent("user-agent", concat!("`telemetry/", env!("CARGO_PKG_VERSION"), "`")),
];
