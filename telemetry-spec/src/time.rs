//! Units of time in which a `Duration` can be measured.

use core::time::Duration;

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// `ns`
    Nanoseconds,
    /// `us`
    Microseconds,
    /// `ms`
    Milliseconds,
    /// `s`
    Seconds,
    /// `min`
    Minutes,
    /// `h`
    Hours,
    /// `d`
    Days,
}

impl Unit {
    /// All units, shortest first.
    pub const ALL: [Self; 7] = [
        Self::Nanoseconds,
        Self::Microseconds,
        Self::Milliseconds,
        Self::Seconds,
        Self::Minutes,
        Self::Hours,
        Self::Days,
    ];

    /// The spelling in attributes and on the page.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Nanoseconds => "ns",
            Self::Microseconds => "us",
            Self::Milliseconds => "ms",
            Self::Seconds => "s",
            Self::Minutes => "min",
            Self::Hours => "h",
            Self::Days => "d",
        }
    }

    /// The unit with this spelling.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.word() == word)
    }

    /// The number of whole units in a duration, at most `i64::MAX`.
    #[must_use]
    pub fn whole(self, duration: Duration) -> i64 {
        let units = match self {
            Self::Nanoseconds => duration.as_nanos(),
            Self::Microseconds => duration.as_micros(),
            Self::Milliseconds => duration.as_millis(),
            Self::Seconds => duration.as_secs().into(),
            Self::Minutes => (duration.as_secs() / 60).into(),
            Self::Hours => (duration.as_secs() / 3_600).into(),
            Self::Days => (duration.as_secs() / 86_400).into(),
        };
        i64::try_from(units).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_unit_has_a_word_of_its_own() {
        for unit in Unit::ALL {
            assert_eq!(Unit::from_word(unit.word()), Some(unit));
        }
        assert_eq!(Unit::from_word("sec"), None);
    }

    #[test]
    fn parts_of_a_unit_are_cut_off() {
        assert_eq!(Unit::Minutes.whole(Duration::from_secs(3_599)), 59);
        assert_eq!(Unit::Days.whole(Duration::from_secs(86_400)), 1);
        assert_eq!(Unit::Microseconds.whole(Duration::from_nanos(1_999)), 1);
        assert_eq!(Unit::Nanoseconds.whole(Duration::MAX), i64::MAX);
    }
}
