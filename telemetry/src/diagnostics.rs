//! What happens inside, for whoever debugs an application: events of `tracing`, with the target `telemetry`.
//!
//! They hold names of this crate and numbers, never a payload, an address, a header or an id.

#![cfg_attr(not(feature = "tracing"), allow(unused_variables, reason = "nobody is told"))]

use std::time::Duration;

use crate::delivery::Fate;

pub(crate) fn settled(fate: Fate) {
    #[cfg(feature = "tracing")]
    match fate {
        Fate::Delivered => tracing::debug!(target: "telemetry", "an event was delivered"),
        Fate::Spooled => tracing::debug!(target: "telemetry", "an event is left on disk"),
        Fate::Lost(loss) => tracing::warn!(target: "telemetry", reason = loss.name(), "an event was lost"),
    }
}

pub(crate) fn postponed(pause: Duration) {
    #[cfg(feature = "tracing")]
    tracing::debug!(target: "telemetry", pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX), "the receiver could not take an event");
}

#[cfg(feature = "http")]
pub(crate) fn answered(status: u16) {
    #[cfg(feature = "tracing")]
    tracing::debug!(target: "telemetry", status, "the receiver answered");
}

#[cfg(feature = "http")]
pub(crate) fn unreachable() {
    #[cfg(feature = "tracing")]
    tracing::debug!(target: "telemetry", "the receiver could not be reached");
}

pub(crate) fn withdrawn() {
    #[cfg(feature = "tracing")]
    tracing::info!(target: "telemetry", "the user has said no; nothing more is sent");
}
