//! The kind that a type has by itself, in the place of a field.

use core::marker::PhantomData;

use super::kind::{Absent, Node, schema};
use super::{HasSchema, Kind};

/// The kind of a field that holds a `T`.
///
/// There are two of them for a type, and both say what `T::SCHEMA` says: one reads the schema while the field's own is being compiled,
/// the other when it is needed. So nothing that an implementation can write here differs from its schema.
pub struct Natural<T: ?Sized> {
    kind: Kind,
    of: PhantomData<*const T>,
}

impl<T: HasSchema + ?Sized> Natural<T> {
    /// The schema is read when it is needed, which a type that contains itself relies on.
    pub const LAZY: Self = Self::new(Kind { node: Node::Nested(schema::<T>), absent: Absent::AsNested });

    /// The schema is read at once, so that a single value is recorded without a look at its type.
    pub const EAGER: Self = Self::new(T::SCHEMA.kind());
}

impl<T: ?Sized> Natural<T> {
    const fn new(kind: Kind) -> Self {
        Self { kind, of: PhantomData }
    }

    /// The kind.
    #[must_use]
    pub const fn kind(self) -> Kind {
        self.kind
    }

    /// What points to a `T`, and sends what it sends.
    pub(crate) const fn pointer<P: ?Sized>(self) -> Natural<P> {
        Natural::new(self.kind)
    }

    pub(crate) const fn option(self) -> Natural<Option<T>>
    where
        T: Sized,
    {
        Natural::new(self.kind.optional())
    }
}
