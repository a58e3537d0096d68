use crate::delivery::Loss;

/// What became of an event at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// Nothing was looked at: telemetry is off.
    Off,
    /// Nothing was looked at: this process was forked from the one that made the client. See
    /// [`after_fork`](super::Telemetry::after_fork).
    Forked,
    /// It waits to be sent, and is as [durable](super::Durability) as was asked for.
    Accepted,
    /// It waits to be sent, in memory alone: it could not be written to disk, though [`Durability::WriteAhead`](super::Durability)
    /// or `Upload::Detached` asks for it.
    InMemory,
    /// It was lost, and counted.
    Dropped(Loss),
}
