//! How calls follow each other.

use std::thread;
use std::time::Duration;

/// At what pace something is published. Between rounds all that was published is sent, so that no queue is ever full.
#[derive(Clone, Copy)]
pub struct Pace {
    /// Calls in a row.
    pub calls: u32,
    rest: Duration,
}

impl Pace {
    /// One call after the other: those who send are busy all the time.
    pub const IN_A_ROW: Self = Self { calls: 64, rest: Duration::ZERO };

    /// One call at a time: those who send are asleep, and have to be woken.
    pub const ALONE: Self = Self { calls: 1, rest: Duration::from_micros(200) };

    /// Gives those who have sent everything the time to fall asleep.
    pub fn rest(self) {
        if !self.rest.is_zero() {
            thread::sleep(self.rest);
        }
    }
}
