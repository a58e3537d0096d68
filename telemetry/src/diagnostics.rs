//! Reports internal events through `tracing`, with the target `telemetry`, for the developer of an application.
//!
//! They contain names of this crate and numbers, never a payload, an address, a header or an id. The host's subscriber may panic;
//! such a panic is caught.

#![cfg_attr(not(feature = "tracing"), allow(unused_variables, reason = "without `tracing` there is nobody to tell"))]

#[cfg(feature = "tracing")]
use std::cell::Cell;
use std::time::Duration;

#[cfg(feature = "tracing")]
use crate::panics::catch;

#[cfg(feature = "tracing")]
thread_local! {
    static IS_TELLING: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is telling the host's subscriber something. What it publishes then would be told in turn, and so on without end.
pub(crate) fn is_telling() -> bool {
    #[cfg(feature = "tracing")]
    return IS_TELLING.try_with(Cell::get).unwrap_or(true);
    #[cfg(not(feature = "tracing"))]
    return false;
}

#[cfg(feature = "tracing")]
fn tell(report: impl FnOnce()) {
    if !is_telling() {
        let set = |is_telling| IS_TELLING.try_with(|cell| cell.set(is_telling));
        let _ = set(true);
        catch(report);
        let _ = set(false);
    }
}

pub(crate) fn delivered() {
    #[cfg(feature = "tracing")]
    tell(|| tracing::debug!(target: "telemetry", "an event was delivered"));
}

pub(crate) fn spooled() {
    #[cfg(feature = "tracing")]
    tell(|| tracing::debug!(target: "telemetry", "an event is left on disk"));
}

pub(crate) fn lost(reason: &'static str) {
    #[cfg(feature = "tracing")]
    tell(|| tracing::warn!(target: "telemetry", reason, "an event was lost"));
}

/// It can happen as often as the host publishes, so it is not a warning.
pub(crate) fn not_taken(reason: &'static str) {
    #[cfg(feature = "tracing")]
    tell(|| tracing::debug!(target: "telemetry", reason, "an event was not taken"));
}

pub(crate) fn postponed(pause: Duration) {
    #[cfg(feature = "tracing")]
    tell(|| {
        let pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
        tracing::debug!(target: "telemetry", pause_ms, "the receiver could not take an event");
    });
}

#[cfg(feature = "http")]
pub(crate) fn answered(status: u16) {
    #[cfg(feature = "tracing")]
    tell(|| tracing::debug!(target: "telemetry", status, "the receiver answered"));
}

#[cfg(feature = "http")]
pub(crate) fn unreachable() {
    #[cfg(feature = "tracing")]
    tell(|| tracing::debug!(target: "telemetry", "no answer came from the receiver"));
}

pub(crate) fn withdrawn() {
    #[cfg(feature = "tracing")]
    tell(|| tracing::info!(target: "telemetry", "consent is withdrawn, so nothing more is sent"));
}

pub(crate) fn choice_unreadable() {
    #[cfg(feature = "tracing")]
    tell(
        || tracing::debug!(target: "telemetry", "the user's choice cannot be read now, so nothing is sent for a while"),
    );
}

/// The outcomes of the events that were waiting when the client was shut down.
pub(crate) fn ended(delivered: u64, spooled: u64, dropped: u64) {
    #[cfg(feature = "tracing")]
    tell(|| tracing::debug!(target: "telemetry", delivered, spooled, dropped, "the client has ended"));
}
