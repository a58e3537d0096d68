//! The headers of a single event.

use axum::http::HeaderMap;
use telemetry_spec::header;

use super::events::whole;
use crate::arrival::{EventId, SchemaHash};
use crate::check::{Fault, Reason, envelope};

/// What the headers say about a single event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EventHeaders {
    /// `Idempotency-Key`. Other clients leave it out, and then a repeated event is not recognized.
    pub(super) id: Option<EventId>,
    /// `Telemetry-Schema`.
    pub(super) schema: Option<SchemaHash>,
    /// `Telemetry-Age`, from 0 to 7 days. Without it, the event is new.
    pub(super) age_days: u8,
    /// `Telemetry-Id: ephemeral`.
    pub(super) is_ephemeral: bool,
}

impl EventHeaders {
    /// Fails if one of them is not what a client sends, or is there twice.
    pub(super) fn read(headers: &HeaderMap) -> Result<Self, Reason> {
        let id = read(headers, header::ID, envelope::event_id, Fault::EventId)?;
        let schema = read(headers, header::SCHEMA, envelope::schema_hash, Fault::SchemaHash)?;
        let age_days = read(headers, header::AGE, envelope::age, Fault::Age)?.unwrap_or(0);
        let ephemeral = |text: &[u8]| {
            if text == header::EPHEMERAL.as_bytes() { Ok(()) } else { Err(whole(Fault::AnonymousId)) }
        };
        let is_ephemeral = read(headers, header::ANONYMOUS_ID, ephemeral, Fault::AnonymousId)?.is_some();
        Ok(Self { id, schema, age_days, is_ephemeral })
    }
}

/// The value of a header that is there once, if it is.
fn read<T>(
    headers: &HeaderMap,
    name: &str,
    parse: impl FnOnce(&[u8]) -> Result<T, Reason>,
    fault: Fault,
) -> Result<Option<T>, Reason> {
    let mut all = headers.get_all(name).iter();
    match (all.next(), all.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => parse(value.as_bytes()).map(Some),
        (Some(_), Some(_)) => Err(whole(fault)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERIES: &str = "000102030405060708090a0b0c0d0e0f";

    fn headers(lines: &[(&'static str, &str)]) -> Result<EventHeaders, Reason> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        EventHeaders::read(&headers)
    }

    #[test]
    fn all_headers_of_a_client_are_read() {
        let all = headers(&[
            ("idempotency-key", &format!("{SERIES}-12")),
            ("telemetry-schema", &"5c".repeat(32)),
            ("telemetry-age", "7"),
            ("telemetry-id", "ephemeral"),
        ]);
        let id = Some(EventId([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], 12));
        let schema = Some(SchemaHash([0x5c; 32]));
        assert_eq!(all, Ok(EventHeaders { id, schema, age_days: 7, is_ephemeral: true }));
    }

    #[test]
    fn other_clients_may_leave_them_out() {
        let none = EventHeaders { id: None, schema: None, age_days: 0, is_ephemeral: false };
        assert_eq!(headers(&[]), Ok(none));
    }

    #[test]
    fn no_other_spelling_is_read() {
        let hash = "5c".repeat(32);
        let upper = hash.to_uppercase();
        let long = format!("{SERIES}-18446744073709551616");
        for (name, value) in [
            ("idempotency-key", ""),
            ("idempotency-key", SERIES),
            ("idempotency-key", &format!("{SERIES}-")),
            ("idempotency-key", &format!("{SERIES}-01")),
            ("idempotency-key", &format!("{SERIES}-+1")),
            ("idempotency-key", &format!("{SERIES}-1 2")),
            ("idempotency-key", &long),
            ("idempotency-key", &format!("{}-1", "g".repeat(32))),
            ("telemetry-schema", &hash[1..]),
            ("telemetry-schema", &upper),
            ("telemetry-schema", ""),
            ("telemetry-age", ""),
            ("telemetry-age", "8"),
            ("telemetry-age", "-1"),
            ("telemetry-age", "01"),
            ("telemetry-id", "lasting"),
            ("telemetry-id", ""),
        ] {
            assert!(headers(&[(name, value)]).is_err(), "{name}: {value}");
        }
        assert_eq!(headers(&[("telemetry-age", "1"), ("telemetry-age", "1")]), Err(whole(Fault::Age)));
    }
}
