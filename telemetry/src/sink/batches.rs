use super::{Outgoing, SendError, Sink};

/// A sink that takes several events at once. Only the sinks of this crate can.
pub trait Batches {
    /// Receives as many of these events as it takes at once, counted from the first.
    fn send_batch(&mut self, events: &[Outgoing]) -> Sent;
}

/// What became of events that were given to a sink at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// An outcome for each of them, counted from the first. The others have not been sent.
    Outcomes(Vec<Result<(), SendError>>),
    /// None was taken: the receiver does not take so much at once.
    TooLarge,
    /// Nothing is known of them, since the receiver does not answer as one that takes batches.
    NoBatches,
}

/// Passes these events to the sink.
pub(crate) fn send(sink: &mut dyn Sink, events: &[Outgoing]) -> Sent {
    match (events, sink.batches()) {
        ([], _) => Sent::Outcomes(Vec::new()),
        ([_, _, ..], Some(batches)) => batches.send_batch(events),
        ([event, ..], _) => Sent::Outcomes(vec![sink.send(event)]),
    }
}
