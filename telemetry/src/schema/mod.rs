//! What can be sent, as data.
//!
//! A [`Schema`] is a constant of a type that implements
//! [`TelemetrySnapshot`](crate::TelemetrySnapshot). It knows each field's name, kind, bounds,
//! purpose and how many bits it can reveal. No function takes a schema, so
//! one that is made at run time leads nowhere: what a snapshot writes comes
//! out of the type's constant.

#![expect(clippy::panic, reason = "a panic in a constant is an error of the compiler")]

pub(crate) mod bits;
mod check;
pub(crate) mod derived;
mod field;
mod kind;
mod message;
mod name;
mod words;

pub use field::{Field, Variant};
pub use kind::Kind;
pub use words::Words;

pub(crate) use bits::{Handwritten, Pointer, kind_size, size};
pub(crate) use check::carries_context;
pub(crate) use field::Shape;
pub(crate) use kind::Node;
pub(crate) use name::{Key, is_name};

#[doc(hidden)]
pub use bits::{Bits, Measure};

/// What a type can send: a group of fields, or a value of one kind.
#[derive(Clone, Copy)]
pub struct Schema {
    pub(crate) node: Node,
    pub(crate) required: bool,
}

impl Schema {
    /// An object with these members, in this order.
    ///
    /// # Compile errors
    ///
    /// In a constant, two fields with one name do not compile.
    #[must_use]
    pub const fn group(fields: &'static [Field]) -> Self {
        field::check_names(fields);
        derived::members(fields)
    }

    /// A value of one kind.
    #[must_use]
    pub const fn of(kind: Kind) -> Self {
        Self { node: kind.node, required: kind.required }
    }

    /// The kind of this schema's values.
    pub(crate) const fn kind(&self) -> Kind {
        Kind { node: self.node, required: self.required }
    }
}
