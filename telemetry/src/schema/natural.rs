//! The kind that a type has by itself, in the place of a field.

use core::marker::PhantomData;

use super::kind::{Absent, Node, schema};
use super::{HasSchema, Kind};

/// The kind of a field that holds a `T`.
///
/// There are three of them for a type, and all say what `T::SCHEMA` says: one reads the schema while the field's own is being compiled,
/// the others when it is needed. So nothing that an implementation can write here differs from its schema.
pub struct Natural<T: ?Sized> {
    kind: Kind,
    /// Whether it may be a presence, which an `Option` sends as `false`.
    is_value: bool,
    of: PhantomData<*const T>,
}

impl<T: HasSchema + ?Sized> Natural<T> {
    /// The schema is read when it is needed, which a type that contains itself relies on.
    pub const LAZY: Self = Self {
        kind: Kind { node: Node::Nested(schema::<T>), absent: Absent::AsNested },
        is_value: false,
        of: PhantomData,
    };

    /// The same, for a type that stands for a single value.
    pub const VALUE: Self = Self { is_value: true, ..Self::LAZY };

    /// The schema is read at once, so that a single value is recorded without a look at its type.
    pub const EAGER: Self = Self { kind: T::SCHEMA.kind(), is_value: false, of: PhantomData };
}

impl<T: ?Sized> Natural<T> {
    /// The kind.
    #[must_use]
    pub const fn kind(self) -> Kind {
        self.kind
    }

    /// What points to a `T`, and sends what it sends.
    pub(crate) const fn pointer<P: ?Sized>(self) -> Natural<P> {
        Natural { kind: self.kind, is_value: self.is_value, of: PhantomData }
    }

    pub(crate) const fn option(self) -> Natural<Option<T>>
    where
        T: Sized,
    {
        let mut kind = self.kind.optional();
        if self.is_value {
            kind.absent = Absent::UnlessPresence;
        }
        Natural { kind, is_value: self.is_value, of: PhantomData }
    }
}
