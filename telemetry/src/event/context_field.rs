//! The members that the client adds to an event once it knows where it runs.

use crate::context::Context;
use crate::schema::weight::{Weight, added, total};
use crate::schema::{Field, HasSchema, Node};

impl Field {
    /// The members that the client adds to an event once it knows where it runs. This is the last field of a handwritten event that
    /// carries the context; its `record` ends with a call of [`absent`](crate::snapshot::Recorder::absent) for it. The derive generates both
    /// for `#[telemetry(context)]`.
    #[must_use]
    pub const fn context() -> Self {
        let members = match <Context as HasSchema>::SCHEMA.node {
            Node::Group(members) => members,
            _ => &[],
        };
        Self::added(members)
    }
}

/// Whether an event carries the context.
pub(super) const fn carries_context<T: HasSchema + ?Sized>() -> bool {
    match T::SCHEMA.node {
        Node::Group([.., last]) => is_context(last),
        _ => false,
    }
}

/// The context is what the client adds if it is known; the count of a counted event is always added.
pub(super) const fn is_context(field: &Field) -> bool {
    field.is_added() && field.kind.is_optional()
}

/// The information that the context can reveal. It is not part of the snapshot, so it has no length there.
#[doc(hidden)]
#[must_use]
pub const fn context_weight() -> Weight {
    added(total::<Context>())
}
