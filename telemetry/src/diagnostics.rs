//! What happens inside, for whoever debugs an application: events of `tracing`, with the target `telemetry`.
//!
//! They hold names of this crate and numbers, never a payload, an address, a header or an id. Who listens is the host's, and may panic:
//! that is contained.

#![cfg_attr(not(feature = "tracing"), allow(unused_variables, reason = "nobody is told"))]

use std::time::Duration;

use crate::delivery::{Fate, Flushed, Loss};
#[cfg(feature = "tracing")]
use crate::panics::catch;

pub(crate) fn settled(fate: Fate) {
    #[cfg(feature = "tracing")]
    catch(|| match fate {
        Fate::Delivered => tracing::debug!(target: "telemetry", "an event was delivered"),
        Fate::Spooled => tracing::debug!(target: "telemetry", "an event is left on disk"),
        Fate::Lost(loss) => tracing::warn!(target: "telemetry", reason = loss.name(), "an event was lost"),
    });
}

/// It may happen as often as the host publishes, so it is no warning.
pub(crate) fn not_taken(loss: Loss) {
    #[cfg(feature = "tracing")]
    catch(|| tracing::debug!(target: "telemetry", reason = loss.name(), "an event was not taken"));
}

pub(crate) fn postponed(pause: Duration) {
    #[cfg(feature = "tracing")]
    catch(|| {
        let pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
        tracing::debug!(target: "telemetry", pause_ms, "the receiver could not take an event");
    });
}

#[cfg(feature = "http")]
pub(crate) fn answered(status: u16) {
    #[cfg(feature = "tracing")]
    catch(|| tracing::debug!(target: "telemetry", status, "the receiver answered"));
}

#[cfg(feature = "http")]
pub(crate) fn unreachable() {
    #[cfg(feature = "tracing")]
    catch(|| tracing::debug!(target: "telemetry", "the receiver could not be reached"));
}

pub(crate) fn withdrawn() {
    #[cfg(feature = "tracing")]
    catch(|| tracing::info!(target: "telemetry", "nobody says yes any more, so nothing more is sent"));
}

/// What became of the events that waited when the client was shut down.
pub(crate) fn ended(flushed: Flushed) {
    #[cfg(feature = "tracing")]
    catch(|| {
        let Flushed { delivered, spooled, dropped, .. } = flushed;
        tracing::debug!(target: "telemetry", delivered, spooled, dropped, "the client has ended");
    });
}
