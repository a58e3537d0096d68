//! Several events in one request: the lines that are sent, and the answer that tells what became of each.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde::Deserialize;
use telemetry_spec::batch::{BYTES, CONTENT_TYPE, DUPLICATE, LINES, QUARANTINED, REJECTED, STORED};

use crate::sink::{Outgoing, SendError};

/// The body of a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Batch {
    pub(super) body: String,
    /// The number of its events.
    pub(super) lines: usize,
    pub(super) content_type: &'static str,
    /// A header tells it, so it is the same for all events of a request.
    pub(super) is_ephemeral: bool,
}

impl Batch {
    /// As many of these events as fit, counted from the first.
    pub(super) fn of(events: &[Outgoing]) -> Self {
        let is_ephemeral = events.first().is_some_and(Outgoing::is_ephemeral);
        let mut batch = Self { body: String::new(), lines: 0, content_type: CONTENT_TYPE, is_ephemeral };
        for event in events.iter().take(LINES).take_while(|event| event.is_ephemeral() == is_ephemeral) {
            let end = batch.body.len();
            if batch.add(event).is_err() || batch.body.len() > BYTES {
                batch.body.truncate(end);
                break;
            }
            batch.lines += 1;
        }
        batch
    }

    /// So many events in the form of another protocol, which tells by itself what headers tell otherwise.
    pub(super) const fn in_form(body: String, lines: usize) -> Self {
        Self { body, lines, content_type: "application/json", is_ephemeral: false }
    }

    /// Adds a line: the body as it is in a request of its own, with what the headers say of it before its members.
    fn add(&mut self, event: &Outgoing) -> std::fmt::Result {
        let members = event.body().strip_prefix('{').ok_or(std::fmt::Error)?;
        let (id, schema, age) = (event.id(), event.schema(), event.age_days());
        writeln!(self.body, r#"{{"id":"{id}","schema":"{schema}","age":{age},{members}"#)
    }
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    fates: Vec<Cow<'a, str>>,
}

/// The outcomes of so many events, with this one for those that are to be sent again. `None` if this is not the answer of a receiver that
/// takes batches.
pub(super) fn outcomes(answer: &[u8], lines: usize, again: SendError) -> Option<Vec<Result<(), SendError>>> {
    let Answer { fates } = serde_json::from_slice(answer).ok()?;
    let outcome = |fate: &Cow<'_, str>| match &**fate {
        STORED | DUPLICATE | QUARANTINED => Ok(()),
        REJECTED => Err(SendError::Refused),
        // Also a word of a later version: an event that is sent alone is told apart by the status of its answer.
        _ => Err(again),
    };
    (fates.len() == lines).then(|| fates.iter().map(outcome).collect())
}

/// The outcomes of so many events, of which the receiver has refused so many without saying which.
pub(super) fn with_rejected(lines: usize, rejected: usize) -> Vec<Result<(), SendError>> {
    let taken = lines.saturating_sub(rejected);
    let mut outcomes = vec![Ok(()); taken];
    outcomes.resize(lines, Err(SendError::Refused));
    outcomes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::outgoing::tests::outgoing;

    fn events(bodies: &[&str]) -> Vec<Outgoing> {
        (1..).zip(bodies).map(|(number, body)| outgoing(body).with_number(number)).collect()
    }

    #[test]
    fn a_line_is_the_body_with_id_schema_and_age_before_its_members() {
        let mut events = events(&[r#"{"type":"a","payload":{},"anonymousId":"="}"#, r#"{"type":"b"}"#]);
        events[1] = events[1].clone().with_age_days(3);
        let batch = Batch::of(&events);
        let (series, schema) = ("0".repeat(32), "5c".repeat(32));
        let expected = format!(
            "{{\"id\":\"{series}-1\",\"schema\":\"{schema}\",\"age\":0,\"type\":\"a\",\"payload\":{{}},\"anonymousId\":\"=\"}}\n\
             {{\"id\":\"{series}-2\",\"schema\":\"{schema}\",\"age\":3,\"type\":\"b\"}}\n"
        );
        assert_eq!(batch, Batch { body: expected, lines: 2, content_type: CONTENT_TYPE, is_ephemeral: false });
    }

    #[test]
    fn a_request_has_at_most_100_lines_and_64_kib_and_one_kind_of_anonymous_id() {
        let lines = |events: &[Outgoing]| Batch::of(events).lines;
        assert_eq!(lines(&events(&["{}"; 101])), 100);
        let long = format!(r#"{{"type":"{}"}}"#, "x".repeat(20_000));
        let mut long = events(&[&*long; 4]);
        let batch = Batch::of(&long);
        assert_eq!((batch.lines, batch.body.lines().count()), (3, 3));
        long[2] = long[2].clone().with_ephemeral_id(true);
        assert_eq!(lines(&long), 2);
        let batch = Batch::of(&long[2..]);
        assert_eq!((batch.lines, batch.is_ephemeral), (1, true));
    }

    #[test]
    fn each_word_is_an_outcome_and_an_answer_that_has_not_one_for_each_line_is_none() {
        let read = |answer: &str, lines| outcomes(answer.as_bytes(), lines, SendError::Retry);
        let all = r#"{"fates":["stored","duplicate","quarantined","rejected","retry","to be invented"]}"#;
        let [taken, refused, again] = [Ok(()), Err(SendError::Refused), Err(SendError::Retry)];
        assert_eq!(read(all, 6), Some(vec![taken, taken, taken, refused, again, again]));
        assert_eq!(read(r#"{"more":1,"fates":["\u0073tored"]}"#, 1), Some(vec![taken]));
        for (answer, lines) in [
            (all, 5),
            (all, 7),
            (r#"{"fates":[]}"#, 1),
            (r#"{"fates":["stored"]"#, 1),
            (r#"{"fates":[1]}"#, 1),
            (r#"{"fates":"stored"}"#, 1),
            (r#"["stored"]"#, 1),
            ("", 1),
            ("ok", 1),
        ] {
            assert_eq!(read(answer, lines), None, "{answer}");
        }
    }
}
