//! What derived code names. Not for anybody else; it changes without notice.

pub use core;
pub use core::primitive::{bool, str, u64, usize};

pub use crate::context::{App, Database, Framework};
pub use crate::event::{TelemetryEvent, context_weight};
// `Measure` under the name that the compiler shows when a type is derived twice.
pub use crate::schema::derived::{
    Depth, Measure as DeriveOnlyOnce, Measured, Nothing, Weighed, Weight, check_budget, items, own, richest, sum,
    variant, weigh, whole,
};
pub use crate::schema::derived::{
    FLAG, PRESENCE, VERSION, bucket, check_entry, check_event, check_flattened, count, entries, field, list, members,
    number, tag, tags, variants, words,
};
pub use crate::schema::{Field, Kind, Natural, Schema, Variant, Words};
pub use crate::snapshot::policy::{
    Bucket, Count, Each, EachEntry, EachText, Flag, Flattened, Number, Presence, Text, TimeBucket, TimeNumber, Unit,
    is_set, required_bucket, required_count, required_each_text, required_number, required_text, required_time_bucket,
    required_time_number,
};
pub use crate::snapshot::{Recorder, TelemetrySnapshot, Version};
#[cfg(feature = "app")]
pub use telemetry_derive::app;
