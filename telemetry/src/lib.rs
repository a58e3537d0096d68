//! Anonymous, opt-in telemetry whose events cannot carry run-time text.

pub mod client;
pub mod consent;
pub mod schema;
pub mod sink;
pub mod snapshot;
pub mod testing;

mod anonymous_id;
mod delivery;
mod event;
mod hex;
mod private_file;
mod series;
mod state;

#[doc(inline)]
pub use client::Telemetry;
#[doc(inline)]
pub use consent::Consent;
#[doc(inline)]
pub use event::TelemetryEvent;
#[doc(inline)]
pub use sink::Sink;
#[doc(inline)]
pub use snapshot::{Snapshot, TelemetrySnapshot};
#[doc = "Derives an event; as [`TelemetrySnapshot`](macro@TelemetrySnapshot) with `#[telemetry(event = \"name\")]`, which it requires."]
pub use telemetry_derive::TelemetryEvent;
#[doc = include_str!("../docs/attributes.md")]
pub use telemetry_derive::TelemetrySnapshot;

/// What derived code names. Not for anybody else; it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use crate::event::TelemetryEvent;
    pub use crate::schema::derived::*;
    pub use crate::schema::{Field, Kind, Schema, Variant, Words};
    pub use crate::snapshot::policy::{
        Bucket, Count, Each, EachEntry, EachText, Flag, Number, Presence, Text, TimeBucket, TimeNumber, Unit,
    };
    pub use crate::snapshot::{Recorder, TelemetrySnapshot};
}
