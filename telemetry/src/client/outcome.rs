use crate::delivery::Loss;

/// What became of an event at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// Nothing was looked at: telemetry is off, or this is a forked child.
    Off,
    /// It waits to be sent.
    Accepted,
    /// It was lost, and counted.
    Dropped(Loss),
}
