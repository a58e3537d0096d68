//! Where there are no atomic integers of 64 bits, there are no counters.

/// What an event that is being published takes of counters: nothing.
pub(crate) struct Window;

impl Window {
    pub(crate) fn during<T>(record: impl FnOnce() -> T) -> (T, Self) {
        (record(), Self)
    }

    pub(crate) fn end(self) {}
}
