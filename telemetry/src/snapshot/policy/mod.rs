//! The trait that each policy requires of a type. The derive names these traits; only [`Presence`] is for users to implement.

mod bucket;
mod changed;
mod computed;
mod count;
mod each;
mod entries;
mod flag;
mod flatten;
mod given;
mod natural;
mod number;
mod presence;
mod text;
mod version;

pub use bucket::{Bucket, TimeBucket};
pub use changed::{Changed, HasDefault, differs};
pub use computed::{
    check_computed_entry, computed_absent, computed_item, computed_items, computed_key, computed_kind, computed_list,
    computed_values, computed_weight, is_set, required_bucket, required_count, required_each_text, required_entries,
    required_key, required_number, required_text, required_time_bucket, required_time_number, weigh_values,
};
pub use count::Count;
pub use each::{Each, EachText};
pub use entries::{EachEntry, EnumKey, MapKey, MapValue, TextKey};
pub use flag::Flag;
pub use flatten::Flattened;
pub use given::{Applied, Given, OfAny, OfOption, TakesAny, TakesInside, TakesWhole};
pub use natural::NeedsNoAttribute;
pub use number::{Number, TimeNumber, Unit};
pub use presence::{AnyOption, AnyPointer, Presence, SetOrNot};
pub use text::Text;
pub use version::Versioned;

/// Implements a policy for types that hold one value: `Box<T>`, `Rc<T>`, `Arc<T>` and `&T` are treated as `T`.
macro_rules! through_pointers {
    ($policy:ident $body:tt) => {
        $crate::snapshot::policy::through_pointers!(@ $policy $body Box<T>);
        $crate::snapshot::policy::through_pointers!(@ $policy $body std::rc::Rc<T>);
        $crate::snapshot::policy::through_pointers!(@ $policy $body std::sync::Arc<T>);
        $crate::snapshot::policy::through_pointers!(@ $policy $body &T);
        $crate::snapshot::policy::through_pointers!(@pin $policy $body);
    };
    (@pin $policy:ident { $($body:tt)* }) => {
        #[diagnostic::do_not_recommend]
        impl<T: $policy + ?Sized, P: core::ops::Deref<Target = T>> $policy for core::pin::Pin<P> { $($body)* }
    };
    (@ $policy:ident { $($body:tt)* } $pointer:ty) => {
        #[diagnostic::do_not_recommend]
        impl<T: $policy + ?Sized> $policy for $pointer { $($body)* }
    };
}
pub(crate) use through_pointers;

/// Implements a policy for types that hold a value once it was set: they are treated as an `Option` of it.
macro_rules! through_cells {
    ($policy:ident { $($body:tt)* }) => {
        #[diagnostic::do_not_recommend]
        impl<T: $policy> $policy for core::cell::OnceCell<T> { $($body)* }
        #[diagnostic::do_not_recommend]
        impl<T: $policy> $policy for std::sync::OnceLock<T> { $($body)* }
    };
}
pub(crate) use through_cells;
