//! Properties of the value that a `with` function computes, derived from the function's type alone.

use super::{Bucket, Count, EachText, Number, Text, TimeBucket, TimeNumber};

/// Whether there is always a value. The function is passed only for its type and is not called.
macro_rules! required {
    ($($name:ident: $policy:ident),+ $(,)?) => {
        $(#[doc(hidden)]
        pub const fn $name<'v, T: ?Sized + 'v, R: $policy, F: FnOnce(&'v T) -> R>(_: &F) -> bool {
            R::REQUIRED
        })+
    };
}

required! {
    required_count: Count,
    required_number: Number,
    required_time_number: TimeNumber,
    required_bucket: Bucket,
    required_time_bucket: TimeBucket,
    required_text: Text,
    required_each_text: EachText,
}

/// Whether the value is a set. The function is passed only for its type and is not called.
#[doc(hidden)]
pub const fn is_set<'v, T: ?Sized + 'v, R: EachText, F: FnOnce(&'v T) -> R>(_: &F) -> bool {
    R::IS_SET
}
