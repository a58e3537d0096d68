use telemetry_spec::limit;

use super::TelemetrySnapshot;
use crate::schema::Schema;

/// A snapshot that can be published under a name.
///
/// The derive implements it with `#[telemetry(event = "name")]`. A handwritten implementation needs the two traits:
///
/// ```
/// use telemetry::TelemetryEvent;
/// use telemetry::TelemetrySnapshot;
/// use telemetry::schema::{Field, Kind, Schema};
/// use telemetry::snapshot::Recorder;
///
/// struct Started {
///     by_hand: bool,
/// }
///
/// impl TelemetrySnapshot for Started {
///     const SCHEMA: Schema = Schema::group(&[Field::new("byHand", Kind::flag())]);
///
///     fn record(&self, recorder: &mut Recorder<'_>) {
///         recorder.flag(self.by_hand);
///     }
/// }
///
/// impl TelemetryEvent for Started {
///     const NAME: &'static str = "started";
/// }
/// ```
///
/// # Counted events
///
/// Most of what a program can tell is how often. An event with `#[telemetry(counted)]`, or [`Field::counted`](crate::schema::Field::counted)
/// as its last field, is not sent when it is published: one is added to the count of this exact snapshot, and
/// [`Outcome::Counted`](crate::client::Outcome::Counted) is returned.
///
/// | question | answer |
/// |---|---|
/// | When is it sent? | When the UTC day is over: each distinct snapshot once, with its `count` after the other members. The next program that publishes does it. One that lived through midnight does it within an hour of its next counted event, so that not all send at midnight, or when it ends. |
/// | Who counts together? | All processes of the application that send to the same receiver, in one [file](crate::client#what-is-kept-on-the-machine). Where files cannot be locked, those that run at the same time have files of their own, and each sends its counts. |
/// | What is lost if the process is killed? | With [`Durability::WriteAhead`](crate::client::Durability) nothing: each event is on disk when `publish` returns. With `Durability::Relaxed`, the first one of its kind and day in a process is; equal ones after it are counted in memory, and written together after 0.1 s by the worker. While the worker waits for a receiver, that is after its request, within 10 s, or with the next event that is published after a second. What was not written yet is lost. [`flush`](crate::Telemetry::flush) writes it. A power failure can lose the last counts. |
/// | How much is counted? | 64 distinct snapshots of an event and day, and 1,000,000 of each. The rest is lost, and counted as [`Loss::CountFull`](crate::client::Loss::CountFull). |
/// | What if nothing can be kept on disk? | It is counted in memory, and sent when the day or the client is over. A killed process loses it. |
/// | Which day? | That of the wall clock. An event that waits in memory while another process begins the next day counts for that. If the clock was put back into a day whose counts are sent, events count for the next one, which then ends after 24 hours. |
/// | Which consent? | That of the moment in which it is published, and that of the moment in which it is sent. A stored no deletes the counts. |
/// | How old is it? | Counts wait until seven days after the beginning of their day. The header `Telemetry-Age` tells for how many days. |
///
/// The event that tells a count is an event of its own in [`Counts`](crate::client::Counts).
#[diagnostic::on_unimplemented(
    message = "a `{Self}` is not an event",
    label = "this cannot be published",
    note = "a struct of yours: `#[derive(TelemetryEvent)]` and `#[telemetry(event = \"name\")]` on it",
    note = "anything else: nothing but events is published, so make it a field of one, with a policy that says what may leave"
)]
pub trait TelemetryEvent: TelemetrySnapshot {
    /// The event's name, sent as `type`. It must match `[A-Za-z][A-Za-z0-9_.-]{0,63}`; otherwise publishing the
    /// event does not compile.
    const NAME: &'static str;

    /// The maximum number of [bits](crate::schema) that the event may reveal; publishing one that can reveal more does not compile.
    ///
    /// The compiler does not know the bits of a nested handwritten implementation: an event that nests one states
    /// `u64::MAX`.
    const BUDGET_BITS: u64 = limit::EVENT_BITS;
}

/// The schema of an event, by its type alone.
pub(crate) fn event_schema<E: TelemetryEvent + ?Sized>() -> &'static Schema {
    const { &E::SCHEMA }
}
