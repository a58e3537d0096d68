//! The member that the client adds to a counted event: how many equal ones there were in one day.

use telemetry_spec::counted::{COUNT, COUNT_UNIT, MAX_COUNT};

use super::context_field::is_context;
use crate::schema::weight::{Weight, added_members};
use crate::schema::{Field, Kind, Node, Schema};

const MEMBERS: &[Field] = &[Field::new(COUNT, Kind::number(1, MAX_COUNT as i64).unit(COUNT_UNIT))
    .purpose("how many equal events were counted in one day")
    .required()];

impl Field {
    /// The count that the client adds to a counted event. A handwritten event that is counted has this field after its own, before that of
    /// the [context](Self::context); its `record` calls [`absent`](crate::snapshot::Recorder::absent) for it. The derive generates both for
    /// `#[telemetry(counted)]`.
    ///
    /// [What that means](crate::TelemetryEvent#counted-events).
    #[must_use]
    pub const fn counted() -> Self {
        Self::added(MEMBERS).required()
    }
}

/// Whether equal events of this schema are counted, and sent once a day.
pub(crate) const fn is_counted(schema: &Schema) -> bool {
    match schema.node {
        Node::Group([.., last]) if is_count(last) => true,
        Node::Group([.., count, last]) => is_count(count) && is_context(last),
        _ => false,
    }
}

const fn is_count(field: &Field) -> bool {
    field.is_added() && !is_context(field)
}

/// The information that the count can reveal. It is not part of the snapshot, so it has no length there.
#[doc(hidden)]
#[must_use]
pub const fn count_weight() -> Weight {
    added_members(MEMBERS)
}
