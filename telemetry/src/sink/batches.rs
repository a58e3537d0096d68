use super::{Outgoing, SendError, Sink};

/// A sink that takes several events at once. Only the sinks of this crate can.
pub trait Batches {
    /// Receives as many of these events as it takes at once, counted from the first, and returns an outcome for each of them.
    ///
    /// The others have not been sent. If there is no outcome at all, none was, and the sink takes fewer from now on.
    fn send_batch(&mut self, events: &[Outgoing]) -> Vec<Result<(), SendError>>;
}

/// Passes these events to the sink, and returns the outcomes of those that it took, counted from the first.
pub(crate) fn send(sink: &mut dyn Sink, events: &[Outgoing]) -> Vec<Result<(), SendError>> {
    match (events, sink.batches()) {
        ([], _) => Vec::new(),
        ([_, _, ..], Some(batches)) => batches.send_batch(events),
        ([event, ..], _) => vec![sink.send(event)],
    }
}
