//! The kind that a type has by default, when used as a field.

use core::marker::PhantomData;

use super::kind::{Absent, Node, schema};
use super::{HasSchema, Kind};

/// The kind of a field that holds a `T`.
///
/// A type has three of these kinds, all equivalent to `T::SCHEMA`: one reads the schema while the field's own schema is compiled,
/// the others read it on demand. So an implementation cannot declare a kind that differs from its schema.
pub struct Natural<T: ?Sized> {
    kind: Kind,
    /// Whether it may be a presence, which is sent as `false` when an `Option` of it is `None`.
    is_value: bool,
    of: PhantomData<*const T>,
}

impl<T: HasSchema + ?Sized> Natural<T> {
    /// The schema is read on demand, which a type that contains itself relies on.
    pub const LAZY: Self = Self {
        kind: Kind { node: Node::Nested(schema::<T>), absent: Absent::AsNested },
        is_value: false,
        of: PhantomData,
    };

    /// The same for a type that stands for a single value.
    pub const VALUE: Self = Self { is_value: true, ..Self::LAZY };

    /// The schema is read immediately, so that a single value is recorded without reading its type. Its words are checked here, once for all
    /// fields.
    pub const EAGER: Self = Self { kind: T::SCHEMA.kind().checked(), is_value: false, of: PhantomData };
}

impl<T: ?Sized> Natural<T> {
    /// The kind.
    #[must_use]
    pub const fn kind(self) -> Kind {
        self.kind
    }

    /// A pointer to a `T`, sent as the `T`.
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
