use std::fmt;
use std::sync::{Arc, OnceLock};

use super::sharded::Sharded;
use super::window;

/// Counts what happens, in [windows](super#windows). Clones count together.
///
/// ```
/// use telemetry::client::Outcome;
/// use telemetry::counters::Counter;
/// use telemetry::{Consent, Telemetry, TelemetrySnapshot, sink};
///
/// static REQUESTS: Counter = Counter::new();
///
/// #[derive(TelemetrySnapshot)]
/// #[telemetry(event = "usage")]
/// struct Usage {
///     #[telemetry(number(max = 1_000_000, digits = 2))]
///     requests: Counter,
/// }
///
/// let telemetry = Telemetry::builder(Consent::new("ACME", "acme").skip_test_check())
///     .configured(Some(true))
///     .sink(sink::from_fn(|event| Ok(println!("{}", event.body()))))
///     .build();
/// let usage = Usage { requests: REQUESTS.clone() };
/// REQUESTS.add(3);
/// if telemetry.publish(&usage) == Outcome::Accepted {
///     assert_eq!(REQUESTS.get(), 0);
/// }
/// ```
#[derive(Default)]
pub struct Counter {
    counted: OnceLock<Arc<Sharded>>,
}

impl Counter {
    /// A counter that has counted nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { counted: OnceLock::new() }
    }

    /// Counts so many more. It never fails; beyond 2^54 a window begins at 0 again.
    #[inline]
    pub fn add(&self, amount: u64) {
        self.counted().add(amount);
    }

    /// How much was counted since the last event that was accepted with this counter.
    ///
    /// While an event is being recorded to be published, this number belongs to the event. So a function in
    /// [`with`](macro@crate::TelemetrySnapshot#with) can compute the field from it.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.counted.get().map_or(0, window::read)
    }

    /// Begins a new window. What was counted before is sent by no later event.
    pub fn reset(&self) {
        if let Some(counted) = self.counted.get() {
            counted.reset();
        }
    }

    #[inline]
    fn counted(&self) -> &Arc<Sharded> {
        self.counted.get_or_init(Arc::default)
    }
}

impl Clone for Counter {
    /// A handle to the same counter.
    fn clone(&self) -> Self {
        Self { counted: OnceLock::from(Arc::clone(self.counted())) }
    }
}

impl fmt::Debug for Counter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left = self.counted.get().map_or(0, |counted| counted.left());
        f.debug_tuple("Counter").field(&left).finish()
    }
}
