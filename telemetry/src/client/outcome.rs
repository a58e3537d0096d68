use crate::delivery::Loss;

/// The immediate result of publishing an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The event was ignored: telemetry is off.
    Off,
    /// The event was ignored: this process was forked from the one that created the client. See
    /// [`after_fork`](super::Telemetry::after_fork).
    Forked,
    /// The event waits to be sent, with the requested [durability](super::Durability).
    Accepted,
    /// The event waits to be sent, but only in memory: it could not be written to disk, although
    /// [`Durability::WriteAhead`](super::Durability) or `Upload::Detached` requires it.
    InMemory,
    /// The event was added to the count of its snapshot, which is sent once the day is over. See
    /// [counted events](crate::TelemetryEvent#counted-events), also for what a killed process loses.
    Counted,
    /// The event was not accepted, and counted as [`Loss::NeedsConsent`]: the user's stored yes does not cover it. It is new, or can send
    /// more than when the yes was given. [`Consent::ask`](crate::Consent::ask) asks the user about it, and [`Consent::enable`](crate::Consent::enable)
    /// stores a yes; from then on it is accepted, also by this client. A yes of the operator, by the variable or the configuration, covers
    /// every event.
    NeedsConsent,
    /// The event was lost, and counted.
    Dropped(Loss),
}
