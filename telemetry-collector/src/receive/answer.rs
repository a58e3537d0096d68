//! What is answered. Every text is fixed: nothing of a request comes back.

use std::time::Duration;

use axum::http::header::{CONNECTION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::arrival::Fate;

/// The pause that is asked for when events cannot be stored now.
pub(super) const PAUSE: Duration = Duration::from_secs(10);

/// Why a request was not passed to the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The body, or the number of its lines, is larger than any client sends.
    TooLarge,
    /// The body took too long.
    TooSlow,
    /// The body ended early.
    Broken,
    /// Neither JSON nor NDJSON.
    UnknownType,
    /// The address has sent too many events.
    TooMany(Duration),
    /// The store cannot keep anything now.
    Unavailable,
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// A single event or deletion.
    Single(Fate),
    /// A single event that cannot be read.
    Malformed,
    /// The lines of a batch, in their order.
    Batch(Vec<Fate>),
    Refused(Refusal),
}

impl Answer {
    fn status(&self) -> StatusCode {
        match self {
            Self::Single(Fate::Quarantined) => StatusCode::ACCEPTED,
            Self::Single(Fate::Rejected) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Single(Fate::Refused) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Single(Fate::Stored | Fate::Duplicate | Fate::Deleted) | Self::Batch(_) => StatusCode::OK,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Refused(refusal) => refusal.status(),
        }
    }

    /// How many events were kept, for the log.
    pub(super) const fn events(&self) -> usize {
        match self {
            Self::Single(_) | Self::Malformed => 1,
            Self::Batch(fates) => fates.len(),
            Self::Refused(_) => 0,
        }
    }

    const fn pause(&self) -> Option<Duration> {
        match self {
            Self::Refused(Refusal::TooMany(pause)) => Some(*pause),
            Self::Refused(Refusal::Unavailable) | Self::Single(Fate::Refused) => Some(PAUSE),
            _ => None,
        }
    }

    fn body(&self) -> String {
        match self {
            Self::Single(fate) => fates(&[*fate]),
            Self::Malformed => fates(&[Fate::Rejected]),
            Self::Batch(all) => fates(all),
            Self::Refused(refusal) => format!(r#"{{"error":"{}"}}"#, refusal.text()),
        }
    }
}

fn fates(fates: &[Fate]) -> String {
    let words: Vec<String> = fates.iter().map(|fate| format!(r#""{}""#, fate.word())).collect();
    format!(r#"{{"fates":[{}]}}"#, words.join(","))
}

impl Refusal {
    const fn status(self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow | Self::Broken => StatusCode::REQUEST_TIMEOUT,
            Self::UnknownType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::TooLarge => "longer than any event, or more than 100 lines or 1 MiB in a batch",
            Self::TooSlow => "the body took too long",
            Self::Broken => "the body ended early",
            Self::UnknownType => {
                "the content type is neither application/json nor application/x-ndjson, or the body is encoded"
            }
            Self::TooMany(_) => "too many events from this address",
            Self::Unavailable => "events cannot be stored now",
        }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = (self.status(), self.body()).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Self::Refused(_) = self {
            // The rest of the body is not read.
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        if let Some(pause) = self.pause() {
            let seconds = pause.as_secs() + u64::from(pause.subsec_nanos() > 0);
            headers.insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(answer: Answer) -> String {
        let body = answer.body();
        let response = answer.into_response();
        let header = |name| response.headers().get(name).map(|value: &HeaderValue| value.to_str().unwrap().to_owned());
        let (pause, connection) = (header(RETRY_AFTER).unwrap_or_default(), header(CONNECTION).unwrap_or_default());
        format!("{} {pause} {connection} {body}", response.status().as_u16())
    }

    #[test]
    fn a_single_event_has_a_status_for_each_fate() {
        let single = |fate| line(Answer::Single(fate));
        assert_eq!(single(Fate::Stored), r#"200   {"fates":["stored"]}"#);
        assert_eq!(single(Fate::Duplicate), r#"200   {"fates":["duplicate"]}"#);
        assert_eq!(single(Fate::Deleted), r#"200   {"fates":["deleted"]}"#);
        assert_eq!(single(Fate::Quarantined), r#"202   {"fates":["quarantined"]}"#);
        assert_eq!(single(Fate::Rejected), r#"422   {"fates":["rejected"]}"#);
        assert_eq!(single(Fate::Refused), r#"503 10  {"fates":["retry"]}"#);
        assert_eq!(line(Answer::Malformed), r#"400   {"fates":["rejected"]}"#);
    }

    #[test]
    fn a_batch_has_a_fate_for_each_line() {
        assert_eq!(line(Answer::Batch(Vec::new())), r#"200   {"fates":[]}"#);
        let fates = vec![Fate::Stored, Fate::Rejected, Fate::Duplicate];
        assert_eq!(line(Answer::Batch(fates)), r#"200   {"fates":["stored","rejected","duplicate"]}"#);
    }

    #[test]
    fn a_refusal_says_why_and_for_how_long() {
        let refused = |refusal| line(Answer::Refused(refusal));
        assert!(refused(Refusal::TooLarge).starts_with("413  close {\"error\":"));
        assert!(refused(Refusal::TooSlow).starts_with("408  close"));
        assert!(refused(Refusal::Broken).starts_with("408  close"));
        assert!(refused(Refusal::UnknownType).starts_with("415  close"));
        assert!(refused(Refusal::TooMany(Duration::from_millis(1_200))).starts_with("429 2 close"));
        assert!(refused(Refusal::Unavailable).starts_with("503 10 close"));
    }
}
