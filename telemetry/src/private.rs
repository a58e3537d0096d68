//! What derived code names. Not for anybody else; it changes without notice.

pub use core;

pub use crate::context::{App, Database, Framework};
pub use crate::event::TelemetryEvent;
pub use crate::schema::derived::{
    Bits, Measure, Measured, Nothing, check_budget, check_entry, check_event, check_flattened, context, items, own,
    richest, sum, variant, weigh,
};
pub use crate::schema::derived::{FLAG, PRESENCE, VERSION, bucket, count, field, group, members, number, tag, words};
pub use crate::schema::{Field, Kind, Schema, Variant, Words};
pub use crate::snapshot::policy::{
    Bucket, Count, Each, EachEntry, EachText, Flag, Number, Presence, Text, TimeBucket, TimeNumber, Unit,
};
pub use crate::snapshot::{Recorder, TelemetrySnapshot, Version};
#[cfg(feature = "app")]
pub use telemetry_derive::app;
