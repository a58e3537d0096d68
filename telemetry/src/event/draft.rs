//! From a snapshot to the envelope that is sent:
//! `{"type":…,"payload":…,"anonymousId":…}`.

use telemetry_spec::counted::COUNT;
use telemetry_spec::name;

use super::context_field::carries_context;
use super::count_field::is_counted;
use crate::context::{Context, RecordedContext};
use crate::schema::weight::{check_budget, total};
use crate::schema::{Schema, check_event};
use crate::snapshot::{ROOM, RecordError, TelemetryEvent, event_schema, write_into};

/// An envelope, complete except for the data that only the worker knows: the context, if the event carries it, and the anonymous id.
#[derive(Debug)]
pub(crate) struct Draft {
    /// The payload, without its end if the client adds members to it.
    bytes: Vec<u8>,
    schema: EventSchema,
    carries_context: bool,
    is_counted: bool,
}

/// The properties of an event's schema that a client needs, besides the event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EventSchema {
    /// Returns the schema; it also distinguishes types.
    pub(crate) of: fn() -> &'static Schema,
    /// The maximum number of bits that the event may reveal.
    pub(crate) budget: u64,
}

impl EventSchema {
    /// Whether the event reveals at most the number of bits it states. The compiler has compared them too, using the weight that the
    /// type declares; here the schema is decisive.
    pub(crate) fn is_within_budget(self) -> bool {
        (self.of)().bits() <= self.budget
    }
}

const ID: &str = r#","anonymousId":""#;
const END: &str = r#""}"#;

/// Room for the count: a comma, its name, and its largest value.
const COUNT_ROOM: usize = ",\"\":".len() + COUNT.len() + 7;

/// Room for everything except the payload, with the longest possible name, plus the recorder's reserve.
const ENVELOPE: usize = 100 + ROOM;

impl Draft {
    pub(crate) fn of<E: TelemetryEvent + ?Sized>(event: &E) -> Result<Self, RecordError> {
        const {
            // Reading the constant runs the derive's check of a generic event, which reports the error where the author has stated the budget.
            let budget = E::BUDGET_BITS;
            assert!(name::is_name(E::NAME), "{}", name::RULE);
            check_event::<E>();
            check_budget::<E>(budget);
        };
        let (carries_context, is_counted) = const { (carries_context::<E>(), is_counted(&E::SCHEMA)) };
        let mut bytes = Vec::with_capacity(const { ENVELOPE + total::<E>().size });
        bytes.extend_from_slice(br#"{"type":""#);
        bytes.extend_from_slice(E::NAME.as_bytes());
        bytes.extend_from_slice(br#"","payload":"#);
        let mut bytes = write_into(event, bytes)?;
        if carries_context || is_counted {
            bytes.pop();
        }
        let schema = EventSchema { of: event_schema::<E>, budget: E::BUDGET_BITS };
        Ok(Self { bytes, schema, carries_context, is_counted })
    }

    pub(crate) const fn schema(&self) -> EventSchema {
        self.schema
    }

    pub(crate) const fn carries_context(&self) -> bool {
        self.carries_context
    }

    /// Whether equal ones are counted, and sent once a day.
    pub(crate) const fn is_counted(&self) -> bool {
        self.is_counted
    }

    /// The length of the finished envelope in bytes; with the context, its maximum length.
    pub(crate) fn len(&self) -> usize {
        let context = if self.carries_context { const { total::<Context>().size } } else { 0 };
        let count = if self.is_counted { COUNT_ROOM } else { 0 };
        self.bytes.len() + count + context + ID.len() + crate::identity::anonymous_id::LENGTH + END.len()
    }

    /// The whole envelope. The context is used only if the event carries it. Of a counted event, this is the first of its day.
    pub(crate) fn finish(&self, anonymous_id: &str, context: &RecordedContext) -> String {
        let context = if self.carries_context { context.members() } else { &[] };
        let count = format!(r#""{COUNT}":1"#);
        self.envelope(anonymous_id, &[if self.is_counted { count.as_bytes() } else { &[] }, context])
    }

    /// The envelope without the members that the client adds.
    pub(crate) fn finish_uncounted(&self, anonymous_id: &str) -> String {
        self.envelope(anonymous_id, &[])
    }

    fn envelope(&self, anonymous_id: &str, added: &[&[u8]]) -> String {
        let mut bytes = Vec::with_capacity(self.len());
        bytes.extend_from_slice(&self.bytes);
        for members in added.iter().filter(|members| !members.is_empty()) {
            if bytes.last() != Some(&b'{') {
                bytes.push(b',');
            }
            bytes.extend_from_slice(members);
        }
        if self.carries_context || self.is_counted {
            bytes.push(b'}');
        }
        bytes.extend_from_slice(ID.as_bytes());
        bytes.extend_from_slice(anonymous_id.as_bytes());
        bytes.extend_from_slice(END.as_bytes());
        // As in a snapshot, it is UTF-8.
        String::from_utf8(bytes).unwrap_or_default()
    }
}

/// The anonymous id in a finished envelope.
pub(crate) fn id_of(body: &str) -> Option<&str> {
    let end = body.len().checked_sub(END.len())?;
    body.get(end.checked_sub(crate::identity::anonymous_id::LENGTH)?..end)
}

/// Inserts the context into a finished envelope that was made without it.
pub(crate) fn add_context(body: &str, context: &RecordedContext) -> String {
    add(body, str::from_utf8(context.members()).unwrap_or_default())
}

/// Inserts the count into a finished envelope without the context.
pub(crate) fn add_count(body: &str, count: u32) -> String {
    add(body, &format!(r#""{COUNT}":{count}"#))
}

/// Inserts members at the end of the payload.
fn add(body: &str, members: &str) -> String {
    let end_of_payload =
        body.len().checked_sub("}".len() + ID.len() + crate::identity::anonymous_id::LENGTH + END.len());
    match end_of_payload.and_then(|end| body.split_at_checked(end)) {
        Some((payload, rest)) if !members.is_empty() && rest.starts_with('}') => {
            let comma = if payload.ends_with('{') { "" } else { "," };
            [payload, comma, members, rest].concat()
        }
        _ => body.to_owned(),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::schema::{Field, Kind, Schema};
    use crate::snapshot::{Recorder, TelemetrySnapshot};

    impl Draft {
        /// A draft whose envelope has this length.
        pub(crate) fn of_length(bytes: usize) -> Self {
            let mut draft = Self {
                bytes: Vec::new(),
                schema: EventSchema { of: event_schema::<Started>, budget: u64::MAX },
                carries_context: false,
                is_counted: false,
            };
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

    /// An event whose recording panics.
    pub(crate) struct Panicking;

    impl TelemetrySnapshot for Panicking {
        const SCHEMA: Schema = Schema::group(&[]);

        fn record(&self, _: &mut Recorder<'_>) {
            panic!("as it should");
        }
    }

    impl TelemetryEvent for Panicking {
        const NAME: &'static str = "panicking";
    }

    #[test]
    fn the_envelope_is_type_payload_and_id_in_this_order() {
        let draft = Draft::of(&Started(true)).unwrap();
        let id = "A".repeat(crate::identity::anonymous_id::LENGTH);
        let body = draft.finish(&id, &RecordedContext::default());
        assert_eq!(body, format!(r#"{{"type":"started","payload":{{"first":true}},"anonymousId":"{id}"}}"#));
        assert_eq!(body.len(), draft.len());
        assert_eq!((id_of(&body), id_of("{}")), (Some(&*id), None));
    }

    struct Init(Option<bool>);

    impl TelemetrySnapshot for Init {
        const SCHEMA: Schema = Schema::group(&[Field::new("first", Kind::flag()), Field::context()]);

        fn record(&self, recorder: &mut Recorder<'_>) {
            match self.0 {
                Some(first) => recorder.flag(first),
                None => recorder.absent(),
            }
            recorder.absent();
        }
    }

    impl TelemetryEvent for Init {
        const NAME: &'static str = "init";
        const BUDGET_BITS: u64 = u64::MAX;
    }

    #[test]
    fn the_context_comes_after_the_members_of_the_payload() {
        let context = RecordedContext::of(&Context { ephemeral: Some(true), ..Context::default() });
        let payload = |first, context: &RecordedContext| {
            let draft = Draft::of(&Init(first)).unwrap();
            assert!(draft.carries_context() && draft.finish("", context).len() <= draft.len());
            draft.finish("", context).split(r#","payload":"#).nth(1).unwrap().replace(r#","anonymousId":""}"#, "")
        };
        let members = str::from_utf8(context.members()).unwrap();
        assert!(members.ends_with(r#""ephemeral":true"#), "{members}");
        assert_eq!(payload(Some(true), &context), format!(r#"{{"first":true,{members}}}"#));
        assert_eq!(payload(None, &context), format!("{{{members}}}"));
        assert_eq!(payload(Some(true), &RecordedContext::default()), r#"{"first":true}"#);
        assert_eq!(payload(None, &RecordedContext::default()), "{}");

        let id = "A".repeat(crate::identity::anonymous_id::LENGTH);
        for first in [Some(true), None] {
            let draft = Draft::of(&Init(first)).unwrap();
            let without = draft.finish(&id, &RecordedContext::default());
            assert_eq!(add_context(&without, &context), draft.finish(&id, &context));
            assert_eq!(add_context(&without, &RecordedContext::default()), without);
        }
        assert_eq!(add_context("{}", &context), "{}");
    }
}
