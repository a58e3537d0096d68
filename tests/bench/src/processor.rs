//! The time of a processor.

use std::time::Duration;

/// What the calling thread has had of it, where the system tells.
#[cfg(unix)]
pub fn time_of_this_thread() -> Option<Duration> {
    use nix::time::{ClockId, clock_gettime};

    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).ok().map(Duration::from)
}

#[cfg(not(unix))]
pub fn time_of_this_thread() -> Option<Duration> {
    None
}
