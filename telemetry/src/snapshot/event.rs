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
