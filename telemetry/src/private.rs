//! What derived code names. Not for anybody else; it changes without notice.

pub use core;
pub use core::marker::PhantomData;
pub use core::primitive::{bool, str, u64, usize};

pub use crate::context::{App, Database, Framework};
pub use crate::event::{TelemetryEvent, context_weight, count_weight};
// `Measure` under the name that the compiler shows when a type is derived twice.
pub use crate::schema::derived::{
    All, Depth, Measure as DeriveOnlyOnce, Measured, Nothing, Weighed, Weight, is_over, items, over, own, repeated,
    richest, sum, values, variant, weigh, whole,
};
pub use crate::schema::derived::{
    CHANGED, FLAG, Integer, PRESENCE, VERSION, bound, bucket, bucket_of, check_beside, check_bound, check_edges,
    check_entry, check_event, check_flattened, check_maximum, check_natural, check_number, check_tag, count, described,
    edges_of, entries, entries_of_kind, field, list, long_field, long_merged, maximum, members, merged, number, object,
    rounded, tag, tagged, tags, variants, words, words_of,
};
pub use crate::schema::{Field, Kind, Natural, Schema, Variant, Words};
pub use crate::snapshot::policy::{
    AnyOption, AnyPointer, Applied, Bucket, Changed, Count, Each, EachEntry, EachText, EnumKey, Flag, Flattened, Given,
    HasDefault, MapKey, MapValue, NeedsNoAttribute, Number, OfAny, OfOption, Presence, SetOrNot, TakesAny, TakesInside,
    TakesWhole, Text, TextKey, TimeBucket, TimeNumber, Unit, Versioned, check_computed_entry, computed_absent,
    computed_item, computed_items, computed_key, computed_kind, computed_list, computed_values, computed_weight,
    differs, is_set, required_bucket, required_count, required_each_text, required_entries, required_key,
    required_number, required_text, required_time_bucket, required_time_number, weigh_values,
};
pub use crate::snapshot::{Recorder, TelemetrySnapshot, Version};
#[cfg(feature = "app")]
pub use telemetry_derive::app;
