use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

/// A number that rises and falls, such as how many connections are open. Clones share it.
///
/// It has no [window](super#windows): each event tells the number as it is then.
///
/// ```
/// use telemetry::counters::Gauge;
///
/// static CONNECTIONS: Gauge = Gauge::new();
///
/// CONNECTIONS.add(2);
/// CONNECTIONS.add(-1);
/// assert_eq!(CONNECTIONS.get(), 1);
/// CONNECTIONS.set(0);
/// ```
#[derive(Default)]
pub struct Gauge {
    value: OnceLock<Arc<AtomicI64>>,
}

impl Gauge {
    /// A gauge at 0.
    #[must_use]
    pub const fn new() -> Self {
        Self { value: OnceLock::new() }
    }

    /// Sets it to this number.
    pub fn set(&self, value: i64) {
        self.value().store(value, Ordering::Relaxed);
    }

    /// Raises it, or lowers it by a negative number. Beyond the bounds of `i64` it wraps around.
    pub fn add(&self, difference: i64) {
        self.value().fetch_add(difference, Ordering::Relaxed);
    }

    /// The number now.
    #[must_use]
    pub fn get(&self) -> i64 {
        self.value.get().map_or(0, |value| value.load(Ordering::Relaxed))
    }

    fn value(&self) -> &Arc<AtomicI64> {
        self.value.get_or_init(Arc::default)
    }
}

impl Clone for Gauge {
    /// A handle to the same gauge.
    fn clone(&self) -> Self {
        Self { value: OnceLock::from(Arc::clone(self.value())) }
    }
}

impl fmt::Debug for Gauge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Gauge").field(&self.get()).finish()
    }
}
