//! From a snapshot to the envelope that is sent:
//! `{"type":…,"payload":…,"anonymousId":…}`.

use crate::schema::derived::{check_budget, check_event};
use crate::schema::is_name;
use crate::snapshot::{RecordError, TelemetrySnapshot, size_hint, write_into};

/// A snapshot that can be published, under a name.
///
/// The derive implements it with `#[telemetry(event = "name")]`. By hand it is two constants:
///
/// ```
/// use telemetry::TelemetryEvent;
/// use telemetry::TelemetrySnapshot;
/// use telemetry::schema::{Field, Kind, Schema};
/// use telemetry::snapshot::Recorder;
///
/// struct Started {
///     by_hand: bool,
/// }
///
/// impl TelemetrySnapshot for Started {
///     const SCHEMA: Schema = Schema::group(&[Field::new("byHand", Kind::flag())]);
///
///     fn record(&self, recorder: &mut Recorder<'_>) {
///         recorder.flag(self.by_hand);
///     }
/// }
///
/// impl TelemetryEvent for Started {
///     const NAME: &'static str = "started";
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "a `{Self}` is not an event",
    label = "this cannot be published",
    note = "a struct of yours: `#[derive(TelemetryEvent)]` and `#[telemetry(event = \"name\")]` on it",
    note = "anything else: nothing but events is published, so make it a field of one, with a policy that says what may leave"
)]
pub trait TelemetryEvent: TelemetrySnapshot {
    /// The event's name, sent as `type`. It matches `[A-Za-z][A-Za-z0-9_.-]{0,63}`; with any other, publishing the
    /// event does not compile.
    const NAME: &'static str;

    /// Whether the event carries the context in which it was published, as `init` does.
    const CONTEXT: bool = false;

    /// Most [bits](crate::schema) that the event may reveal; publishing one that can reveal more does not compile.
    ///
    /// What a nested implementation by hand can reveal is not known to the compiler: an event that nests one states
    /// `u64::MAX`.
    const BUDGET_BITS: u64 = 1_024;
}

/// An envelope that is written up to the anonymous id, which only the worker knows.
#[derive(Debug)]
pub(crate) struct Draft {
    bytes: Vec<u8>,
    schema: fn() -> String,
}

const ID: &str = r#","anonymousId":""#;
const END: &str = r#""}"#;

/// Room for all but the payload, with the longest name that there can be, and what the recorder keeps spare.
const ENVELOPE: usize = 256;

impl Draft {
    pub(crate) fn of<E: TelemetryEvent + ?Sized>(event: &E) -> Result<Self, RecordError> {
        const {
            assert!(is_name(E::NAME), "an event's name is a letter, and at most 63 of A-Z, a-z, 0-9, '_', '.' and '-'");
            check_event::<E>();
            check_budget::<E>(E::BUDGET_BITS);
        };
        let mut bytes = Vec::with_capacity(ENVELOPE + size_hint::<E>());
        bytes.extend_from_slice(br#"{"type":""#);
        bytes.extend_from_slice(E::NAME.as_bytes());
        bytes.extend_from_slice(br#"","payload":"#);
        let bytes = write_into(event, bytes)?;
        Ok(Self { bytes, schema: || E::SCHEMA.hash() })
    }

    /// What gives the hash of the event's schema. It takes its time, so it is not asked more often than needed.
    pub(crate) fn schema(&self) -> fn() -> String {
        self.schema
    }

    /// The length of the finished envelope, in bytes.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len() + ID.len() + crate::anonymous_id::LENGTH + END.len()
    }

    pub(crate) fn finish(&self, anonymous_id: &str) -> String {
        let mut bytes = Vec::with_capacity(self.len());
        bytes.extend_from_slice(&self.bytes);
        bytes.extend_from_slice(ID.as_bytes());
        bytes.extend_from_slice(anonymous_id.as_bytes());
        bytes.extend_from_slice(END.as_bytes());
        // All that is written are ASCII words, digits and punctuation.
        String::from_utf8(bytes).unwrap_or_default()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::schema::{Field, Kind, Schema};
    use crate::snapshot::Recorder;

    impl Draft {
        /// A draft whose envelope has this length.
        pub(crate) fn of_length(bytes: usize) -> Self {
            let mut draft = Self { bytes: Vec::new(), schema: String::new };
            draft.bytes = vec![b' '; bytes - draft.len()];
            draft
        }
    }

    pub(crate) struct Started(pub(crate) bool);

    impl TelemetrySnapshot for Started {
        const SCHEMA: Schema = Schema::group(&[Field::new("first", Kind::flag())]);

        fn record(&self, recorder: &mut Recorder<'_>) {
            recorder.flag(self.0);
        }
    }

    impl TelemetryEvent for Started {
        const NAME: &'static str = "started";
    }

    #[test]
    fn the_envelope_is_type_payload_and_id_in_this_order() {
        let draft = Draft::of(&Started(true)).unwrap();
        let id = "A".repeat(crate::anonymous_id::LENGTH);
        let body = draft.finish(&id);
        assert_eq!(body, format!(r#"{{"type":"started","payload":{{"first":true}},"anonymousId":"{id}"}}"#));
        assert_eq!(body.len(), draft.len());
    }
}
