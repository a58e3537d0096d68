//! The way of an event into the pipeline, on the thread that publishes it.

use std::sync::Arc;

use super::counts::Loss;
use super::pipeline::{Accepted, Pipeline};
use crate::counters::Window;
use crate::event::{Draft, TelemetryEvent};
use crate::panics::{catch, discard};

impl Pipeline {
    /// Takes a snapshot of the event and accepts it, or counts why not.
    pub(crate) fn publish<E: TelemetryEvent + ?Sized>(self: &Arc<Self>, event: &E) -> Result<Accepted, Loss> {
        if !self.consent.covers::<E>() {
            return Err(self.lose(Loss::NeedsConsent));
        }
        let (draft, window) = Window::during(|| draft(event));
        let accepted = self.accept(draft.map_err(|loss| self.lose(loss))?)?;
        window.end();
        Ok(accepted)
    }

    /// The same for an event that is made now by code of the application.
    pub(crate) fn publish_made<E: TelemetryEvent>(self: &Arc<Self>, make: impl FnOnce() -> E) {
        match catch(make) {
            Some(event) => {
                let _ = self.publish(&event);
                discard(event);
            }
            None => drop(self.lose(Loss::SnapshotPanicked)),
        }
    }
}

/// The snapshot of an event, or why there is none.
pub(crate) fn draft<E: TelemetryEvent + ?Sized>(event: &E) -> Result<Draft, Loss> {
    catch(|| Draft::of(event)).ok_or(Loss::SnapshotPanicked)?.map_err(|_| Loss::SnapshotInvalid)
}
