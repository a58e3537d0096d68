//! How much files hold, or may hold.

use std::ops::{Add, Sub};

/// How much room a process takes at a time, at most. As the room gets scarce, processes take less, so that each gets some.
pub(super) const STEP: Extent = Extent { bytes: 32 * 1024, events: 16 };
const SHARE: usize = 16;

/// The size of one file, or of several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) bytes: u64,
    pub(super) events: usize,
}

impl Extent {
    pub(super) const fn is_within(self, other: Self) -> bool {
        self.bytes <= other.bytes && self.events <= other.events
    }

    pub(super) fn or_more(self, other: Self) -> Self {
        Self { bytes: self.bytes.max(other.bytes), events: self.events.max(other.events) }
    }

    /// How much of the free room a process takes in advance. Without turns it takes none.
    pub(super) fn share(self, has_turn: bool) -> Self {
        match has_turn {
            true => Self {
                bytes: (self.bytes / SHARE as u64).min(STEP.bytes),
                events: (self.events / SHARE).min(STEP.events),
            },
            false => Self::default(),
        }
    }
}

impl Add for Extent {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { bytes: self.bytes.saturating_add(other.bytes), events: self.events.saturating_add(other.events) }
    }
}

impl Sub for Extent {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self { bytes: self.bytes.saturating_sub(other.bytes), events: self.events.saturating_sub(other.events) }
    }
}
