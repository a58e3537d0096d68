//! The compiler's advice for counters and gauges that stand in a snapshot without a policy, as in `snapshot/advice.rs`.

use super::counter::Counter;
use super::gauge::Gauge;
use crate::schema::{Kind, Schema};
use crate::snapshot::advice::{advice, never};
use crate::snapshot::{Recorder, TelemetrySnapshot};

advice!(
    CounterNeedsPolicy,
    "a counter needs bounds before what it counted leaves: say what may leave of this field",
    "a number can identify somebody",
    "`#[telemetry(number(max = 1_000))]` sends how much was counted, within bounds; `bucket(10, 100)` sends its range; \
         `flag` sends whether anything was counted; `skip` sends nothing"
);
never!(CounterNeedsPolicy for Counter);

advice!(
    GaugeNeedsPolicy,
    "a gauge needs bounds before its value leaves: say what may leave of this field",
    "a number can identify somebody",
    "`#[telemetry(number(max = 1_000))]` sends its value within bounds; `bucket(10, 100)` sends its range; `skip` sends nothing"
);
never!(GaugeNeedsPolicy for Gauge);
