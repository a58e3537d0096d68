//! The days of counted events: UTC days, in an order that no clock can reverse.

use std::time::Duration;

use crate::clock::{DAY, Stamp};

const SECONDS: u64 = DAY.as_secs();

/// A clock that was further ahead than this, in days, was wrong, and the days that it showed do not count.
const FAR_AHEAD: u64 = 7;

/// The beginning of the day that an event of now is counted under: that of today, unless the counts of this day, or of a later one, have been
/// taken already. Then the clock was put back, and the next day begins now.
pub(super) fn begin(now: &Stamp, taken: Option<&Stamp>) -> Stamp {
    let today = now.at / SECONDS;
    match taken.map(|taken| taken.at / SECONDS) {
        Some(taken) if (today..today.saturating_add(FAR_AHEAD)).contains(&taken) => {
            Stamp { at: taken.saturating_add(1).saturating_mul(SECONDS), ..*now }
        }
        _ => {
            let passed = now.at % SECONDS;
            Stamp { at: now.at - passed, up: now.up.map(|up| up.saturating_sub_unsigned(passed)), boot: now.boot }
        }
    }
}

/// Whether the day that began then is over: the clock shows a later one, or 24 hours have passed, whatever it shows.
pub(super) fn is_over(begin: &Stamp, now: &Stamp) -> bool {
    let (day, today) = (begin.at / SECONDS, now.at / SECONDS);
    match begin.until(now) {
        Some(passed) => today > day || passed >= DAY,
        // Without a clock that only runs, a day that began ahead of the wall clock lasts until that shows a later one.
        None => today > day || day - today > FAR_AHEAD,
    }
}

/// How long the day that began then still lasts, if the clock is not set.
pub(super) fn left(begin: &Stamp, now: &Stamp) -> Duration {
    if is_over(begin, now) {
        return Duration::ZERO;
    }
    DAY.saturating_sub(begin.until(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIDNIGHT: u64 = 20_800 * SECONDS;
    const HOUR: u64 = 60 * 60;

    /// Nine hours after midnight, and an hour after the system has started.
    const NOW: Stamp = Stamp { at: MIDNIGHT + 9 * HOUR, up: Some(3_600), boot: Some(1) };

    const fn later(hours: u64) -> Stamp {
        Stamp { at: NOW.at + hours * HOUR, up: Some(3_600 + (hours * HOUR).cast_signed()), boot: Some(1) }
    }

    #[test]
    fn a_day_begins_at_midnight_and_ends_at_the_next() {
        let begun = begin(&NOW, None);
        assert_eq!(begun, Stamp { at: MIDNIGHT, up: Some(3_600 - 9 * 3_600), boot: Some(1) });
        assert_eq!(begin(&later(5), None), begun);
        assert!(!is_over(&begun, &later(14)) && is_over(&begun, &later(15)));
        assert_eq!(left(&begun, &NOW), Duration::from_secs(15 * HOUR));
        assert_eq!(
            (left(&begun, &later(15)), begun.until(&later(16))),
            (Duration::ZERO, Some(DAY + Duration::from_secs(HOUR)))
        );
    }

    #[test]
    fn no_day_is_counted_again_after_it_was_taken() {
        let taken = begin(&NOW, None);
        let put_back = Stamp { at: NOW.at, ..later(20) };
        let begun = begin(&put_back, Some(&taken));
        assert_eq!(begun, Stamp { at: MIDNIGHT + SECONDS, ..put_back });
        assert!(!is_over(&begun, &put_back));
        let ahead = Stamp { at: NOW.at + 3 * SECONDS, ..NOW };
        assert_eq!(begin(&NOW, Some(&ahead)).at, MIDNIGHT + 4 * SECONDS);
        let far_ahead = Stamp { at: NOW.at + 400 * SECONDS, ..NOW };
        assert_eq!(begin(&NOW, Some(&far_ahead)).at, MIDNIGHT);
        assert_eq!(begin(&later(24), Some(&taken)).at, MIDNIGHT + SECONDS);
    }

    /// As on systems that only have a wall clock.
    #[test]
    fn without_a_clock_that_only_runs_one_that_was_corrected_begins_one_day_and_no_more() {
        let wall = |at| Stamp { at, up: None, boot: None };
        for days in [1, 3, 400] {
            let taken = begin(&wall(NOW.at + days * SECONDS), None);
            let begun = begin(&wall(NOW.at), Some(&taken));
            assert!(!is_over(&begun, &wall(NOW.at)) && !is_over(&begun, &wall(NOW.at + HOUR)), "{days}");
            assert!(is_over(&begun, &wall(NOW.at + (days + 2) * SECONDS)), "{days}");
        }
    }

    #[test]
    fn a_day_that_began_ahead_of_the_clock_lasts_24_hours() {
        let ahead = Stamp { at: NOW.at + 3 * SECONDS, ..NOW };
        let begun = begin(&NOW, Some(&ahead));
        assert!(!is_over(&begun, &later(23)) && is_over(&begun, &later(24)));
    }

    #[test]
    fn a_clock_without_a_date_ends_no_day_by_itself() {
        let now = Stamp { at: 500, up: None, boot: None };
        let begun = begin(&now, None);
        assert!(!is_over(&begun, &now) && !is_over(&begun, &Stamp { at: 80_000, ..now }));
        assert!(is_over(&begun, &Stamp { at: 90_000, ..now }));
    }
}
