//! Days, weeks from Monday, and months, in UTC.

use jiff::Span;

use crate::arrival::Day;
use crate::check::envelope::OLDEST;

/// A kind of period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Day,
    Week,
    Month,
    /// The days that a week and a month have in common.
    Overlap,
}

impl Level {
    /// What the activity tells.
    pub(super) const SHOWN: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    /// As the table of counts that outlive their rows calls it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Overlap => "overlap",
        }
    }

    /// The first day of the period with this day.
    pub(super) fn first(self, day: Day) -> Day {
        match self {
            Self::Day => day,
            // Day 0 was a Thursday.
            Self::Week => Day(day.0.saturating_sub((day.0.saturating_add(3)).rem_euclid(7))),
            Self::Month => Day(day.0.saturating_sub(i32::from(day.date().day()) - 1)),
            Self::Overlap => Self::Week.first(day).max(Self::Month.first(day)),
        }
    }

    /// The first day after the period that begins on this day.
    pub(super) fn end(self, first: Day) -> Day {
        match self {
            Self::Day => Day(first.0.saturating_add(1)),
            Self::Week => Day(first.0.saturating_add(7)),
            Self::Month => {
                let days = first.date().days_in_month();
                Day(first.0.saturating_add(i32::from(days)))
            }
            Self::Overlap => Self::Week.end(Self::Week.first(first)).min(Self::Month.end(Self::Month.first(first))),
        }
    }

    /// The first day of the oldest period that is shown if the newest one has the day `until`.
    pub(super) fn oldest(self, until: Day) -> Day {
        match self {
            // Weeks are shown whole.
            Self::Day => Day(until.0.saturating_sub(91)),
            Self::Week => Day(Self::Week.first(until).0.saturating_sub(52 * 7)),
            Self::Month | Self::Overlap => {
                let (first, years) = (Self::Month.first(until), Span::new().years(2));
                first.date().checked_sub(years).map_or(first, |date| {
                    Day(first.0.saturating_sub(first.date().since(date).map_or(0, |span| span.get_days())))
                })
            }
        }
    }
}

/// The Monday of the last week of which no event can arrive any more.
pub(super) fn last_complete_week(today: Day) -> Day {
    // The week before the last day of which none can.
    let over = Day(today.0.saturating_sub(i32::from(OLDEST)));
    Level::Week.first(Day(over.0.saturating_sub(7)))
}

/// The first day on which no event of the day before this one can arrive any more.
pub(super) fn over(end: Day) -> Day {
    Day(end.0.saturating_add(i32::from(OLDEST)))
}

/// Whether no event of the day before this one can arrive any more.
pub(super) fn is_over(end: Day, today: Day) -> bool {
    over(end) <= today
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn weeks_begin_on_monday() {
        for text in ["2026-11-23", "2026-11-27", "2026-11-29"] {
            assert_eq!(Level::Week.first(day(text)), day("2026-11-23"));
        }
        assert_eq!(Level::Week.first(day("1969-12-31")), day("1969-12-29"));
        assert_eq!(Level::Week.end(day("2026-12-28")), day("2027-01-04"));
        assert_eq!(Level::Week.oldest(day("2026-11-27")), day("2025-11-24"));
    }

    #[test]
    fn months_have_their_lengths() {
        assert_eq!(Level::Month.first(day("2024-02-29")), day("2024-02-01"));
        assert_eq!(Level::Month.end(day("2024-02-01")), day("2024-03-01"));
        assert_eq!(Level::Month.end(day("2025-02-01")), day("2025-03-01"));
        assert_eq!(Level::Month.end(day("2025-12-01")), day("2026-01-01"));
        assert_eq!(Level::Month.oldest(day("2026-11-27")), day("2024-11-01"));
        assert_eq!(Level::Month.oldest(day("2024-02-29")), day("2022-02-01"));
    }

    #[test]
    fn a_week_and_a_month_overlap_in_days_of_both() {
        let part = |text: &str| (Level::Overlap.first(day(text)), Level::Overlap.end(Level::Overlap.first(day(text))));
        assert_eq!(part("2026-12-02"), (day("2026-12-01"), day("2026-12-07")));
        assert_eq!(part("2026-11-30"), (day("2026-11-30"), day("2026-12-01")));
        assert_eq!(part("2026-12-09"), (day("2026-12-07"), day("2026-12-14")));
    }

    #[test]
    fn the_last_complete_week_ended_a_week_ago_at_least() {
        // A Monday.
        let first = day("2026-11-16");
        for (today, week) in [("2026-11-29", -7), ("2026-11-30", 0), ("2026-12-06", 0), ("2026-12-07", 7)] {
            let found = last_complete_week(day(today));
            assert_eq!(found, Day(first.0 + week), "{today}");
            assert!(is_over(Level::Week.end(found), day(today)));
            assert!(!is_over(Level::Week.end(Day(found.0 + 7)), day(today)));
        }
    }

    #[test]
    fn a_period_is_over_once_its_last_event_can_have_come() {
        assert!(!is_over(day("2026-11-21"), day("2026-11-27")));
        assert!(is_over(day("2026-11-20"), day("2026-11-27")));
    }

    #[test]
    fn no_day_is_too_far() {
        for at in [i32::MIN, i32::MAX] {
            for level in [Level::Day, Level::Week, Level::Month, Level::Overlap] {
                let _ = (level.first(Day(at)), level.end(Day(at)), level.oldest(Day(at)));
            }
        }
    }
}
