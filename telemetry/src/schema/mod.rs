//! The description of the data that can be sent.
//!
//! A [`Schema`] is a constant of a type that implements
//! [`TelemetrySnapshot`](crate::TelemetrySnapshot). It holds each field's name, kind, bounds,
//! purpose and the number of bits it can reveal. No function accepts a schema, so
//! a schema built at run time has no effect: a snapshot is always written
//! from the type's constant.

#![expect(clippy::panic, reason = "a panic in a constant is an error of the compiler")]

pub(crate) mod bits;
mod bound;
mod check;
pub(crate) mod derived;
mod edges;
mod field;
mod kind;
mod message;
mod name;
mod natural;
pub(crate) mod released;
pub(crate) mod rounded;
mod size;
mod variant;
pub mod walk;
pub(crate) mod weight;
mod words;

pub use edges::Edges;
pub use field::Field;
pub use kind::Kind;
pub use released::{ReadError, Released};
pub use variant::Variant;
pub use words::Words;

pub(crate) use check::{check_entry, check_event, checked};
pub(crate) use field::contains;
pub(crate) use kind::{Absent, EntryValue, Node};
pub(crate) use name::Key;
pub(crate) use variant::Shape;

#[doc(hidden)]
pub use natural::Natural;
#[doc(hidden)]
pub use weight::{Depth, Weighed};

/// A type with a schema: exactly the types that implement [`TelemetrySnapshot`](crate::TelemetrySnapshot).
///
/// This module's view of that trait, implemented for all those types.
pub trait HasSchema {
    /// Everything that a value can send.
    const SCHEMA: Schema;

    /// The kind of a field that holds such a value.
    #[doc(hidden)]
    const KIND: Natural<Self>;

    /// The information that such a value can reveal beyond its kind. Never called: the return type carries the answer.
    #[doc(hidden)]
    fn weight<D: Depth>() -> impl Weighed;
}

/// The shape of the data a type can send: a group of fields, or a value of one kind.
#[derive(Clone, Copy)]
pub struct Schema {
    pub(crate) node: Node,
    pub(crate) absent: Absent,
}

impl Schema {
    /// An object with these members, in this order.
    ///
    /// # Compile errors
    ///
    /// In a constant, two fields with the same name do not compile.
    #[must_use]
    #[track_caller]
    pub const fn group(fields: &'static [Field]) -> Self {
        field::check_names(fields);
        derived::members(fields)
    }

    /// A value of one kind.
    #[must_use]
    pub const fn of(kind: Kind) -> Self {
        Self { node: kind.node, absent: kind.absent }
    }

    /// Whether a value is never absent.
    pub(crate) fn is_required(&self) -> bool {
        self.kind().is_required()
    }

    /// The kind of this schema's values.
    pub(crate) const fn kind(&self) -> Kind {
        Kind { node: self.node, absent: self.absent }
    }
}
