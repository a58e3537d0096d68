//! Values that a function of the author computes.
//!
//! Derived code has one function for each such field, which calls that of the author. What the schema needs to know of the value follows
//! from the type of that function alone.

use super::{
    Bucket, Count, Each, EachEntry, EachText, Flattened, MapKey, MapValue, Number, Text, TextKey, TimeBucket,
    TimeNumber,
};
use crate::schema::derived::{Values, list};
use crate::schema::weight::{Weight, items, values, weigh};
use crate::schema::{Depth, Field, Kind, check_entry};
use crate::snapshot::{Recorder, TelemetrySnapshot};

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
    required_entries: EachEntry,
}

/// Whether the value is a set. The function is passed only for its type and is not called.
#[doc(hidden)]
pub const fn is_set<'v, T: ?Sized + 'v, R: EachText, F: FnOnce(&'v T) -> R>(_: &F) -> bool {
    R::IS_SET
}

/// The kind of a list that a function computes.
#[doc(hidden)]
#[track_caller]
pub const fn computed_list<'v, T: ?Sized + 'v, R: Each, F: FnOnce(&'v T) -> R>(_: &F, max: u32) -> Kind {
    list::<R::Item>(max, R::IS_SET, R::REQUIRED)
}

/// The weight of its items.
#[doc(hidden)]
pub const fn computed_items<'v, T: ?Sized + 'v, R: Each, F: FnOnce(&'v T) -> R, D: Depth>(_: &F, max: u32) -> Weight {
    items::<R::Item, _>(<R::Item as TelemetrySnapshot>::weight::<D>, max, R::IS_SET)
}

/// The kind of its items.
#[doc(hidden)]
pub const fn computed_item<'v, T: ?Sized + 'v, R: Each, F: FnOnce(&'v T) -> R>(_: &F) -> Kind {
    <R::Item as TelemetrySnapshot>::KIND.kind()
}

/// The kind of the keys of a map that a function computes, which are enums.
#[doc(hidden)]
pub const fn computed_key<'v, T: ?Sized + 'v, R: EachEntry<Key: MapKey>, F: FnOnce(&'v T) -> R>(_: &F) -> Kind {
    <R::Key as MapKey>::WORD
}

/// Whether each of its keys has a text.
#[doc(hidden)]
pub const fn required_key<'v, T: ?Sized + 'v, R: EachEntry<Key: TextKey>, F: FnOnce(&'v T) -> R>(_: &F) -> bool {
    <R::Key as TextKey>::REQUIRED
}

/// Its values.
#[doc(hidden)]
pub const fn computed_values<'v, T: ?Sized + 'v, R: EachEntry<Value: TelemetrySnapshot>, F: FnOnce(&'v T) -> R>(
    _: &F,
) -> Values {
    <R::Value as MapValue>::VALUES
}

/// The weight of its values.
#[doc(hidden)]
pub const fn weigh_values<'v, T: ?Sized + 'v, R, F, D: Depth>(_: &F, max: u32) -> Weight
where
    R: EachEntry<Value: TelemetrySnapshot>,
    F: FnOnce(&'v T) -> R,
{
    values(&<R::Value as Flattened>::BESIDE, <R::Value as TelemetrySnapshot>::weight::<D>, max)
}

/// As [`check_entry`].
#[doc(hidden)]
#[track_caller]
pub const fn check_computed_entry<'v, T: ?Sized + 'v, R, F>(_: &F, key: &Field)
where
    R: EachEntry<Value: TelemetrySnapshot>,
    F: FnOnce(&'v T) -> R,
{
    check_entry(&<R::Value as Flattened>::BESIDE, key);
}

/// The kind of a snapshot that a function computes.
#[doc(hidden)]
pub const fn computed_kind<'v, T: ?Sized + 'v, R: TelemetrySnapshot, F: FnOnce(&'v T) -> R>(_: &F) -> Kind {
    R::KIND.kind()
}

/// The weight of such a snapshot.
#[doc(hidden)]
pub const fn computed_weight<'v, T: ?Sized + 'v, R: TelemetrySnapshot, F: FnOnce(&'v T) -> R, D: Depth>(
    _: &F,
) -> Weight {
    weigh(R::weight::<D>)
}

/// Records that there is no such snapshot.
#[doc(hidden)]
pub fn computed_absent<'v, T: ?Sized + 'v, R: TelemetrySnapshot, F: FnOnce(&'v T) -> R>(
    _: &F,
    recorder: &mut Recorder<'_>,
) {
    R::record_absent(recorder);
}
