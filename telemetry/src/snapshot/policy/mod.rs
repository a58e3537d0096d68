//! The trait that each policy requires of a type. The derive names these traits; only [`Presence`] is for users to implement.

mod bucket;
mod computed;
mod count;
mod each;
mod flag;
mod flatten;
mod number;
mod presence;
mod text;

pub use bucket::{Bucket, TimeBucket};
pub use computed::{
    is_set, required_bucket, required_count, required_each_text, required_number, required_text, required_time_bucket,
    required_time_number,
};
pub use count::Count;
pub use each::{Each, EachEntry, EachText};
pub use flag::Flag;
pub use flatten::Flattened;
pub use number::{Number, TimeNumber, Unit};
pub use presence::Presence;
pub use text::Text;

/// Implements a policy for types that hold one value: `Box<T>`, `Rc<T>`, `Arc<T>` and `&T` are treated as `T`.
macro_rules! through_pointers {
    ($policy:ident $body:tt) => {
        $crate::snapshot::policy::through_pointers!(@ $policy $body Box<T>);
        $crate::snapshot::policy::through_pointers!(@ $policy $body std::rc::Rc<T>);
        $crate::snapshot::policy::through_pointers!(@ $policy $body std::sync::Arc<T>);
        $crate::snapshot::policy::through_pointers!(@ $policy $body &T);
    };
    (@ $policy:ident { $($body:tt)* } $pointer:ty) => {
        impl<T: $policy + ?Sized> $policy for $pointer { $($body)* }
    };
}
pub(crate) use through_pointers;
