//! What the compiler proves about a type besides its fields. A derive states these as constants.

use super::bits::total;
use super::field::contains;
use super::message::Message;
use super::{Field, Node};
use crate::snapshot::TelemetrySnapshot;

/// Fails the compilation when what was flattened is no group.
pub const fn check_flattened(members: &Field) {
    assert!(matches!(members.kind.node, Node::Flatten(_)), "only a type that is sent as an object can be flattened");
}

/// Fails the compilation when the key of a map's entries is also a member of its values.
pub const fn check_entry<T: TelemetrySnapshot>(key: &Field) {
    let Node::Group(fields) = T::SCHEMA.node else {
        panic!("only a map whose values are structs can be sent with `each(key = ...)`");
    };
    let mut at = 0;
    while at < fields.len() {
        assert!(
            !contains(&fields[at], key),
            "the key of the entries has the name of one of their fields: choose another `key`"
        );
        at += 1;
    }
}

/// Fails the compilation when an event is not an object.
pub const fn check_event<T: TelemetrySnapshot + ?Sized>() {
    let Node::Group(fields) = T::SCHEMA.node else {
        panic!("an event is an object: derive it on a struct with named fields");
    };
    let mut at = 0;
    while at < fields.len() {
        assert!(at + 1 == fields.len() || !fields[at].is_context(), "the context is the last field of an event");
        at += 1;
    }
}

/// Whether an event carries the context.
pub(crate) const fn carries_context<T: TelemetrySnapshot + ?Sized>() -> bool {
    match T::SCHEMA.node {
        Node::Group([.., last]) => last.is_context(),
        _ => false,
    }
}

/// Fails the compilation when a value can reveal more bits than `budget`.
pub const fn check_budget<T: TelemetrySnapshot + ?Sized>(budget: u64) {
    let bits = total::<T>();
    if bits > budget {
        let message = Message::over(bits, budget);
        panic!("{}", message.as_str());
    }
}
