//! Of which days the numbers are: rows are deleted after a time, and what outlives them is how many installs were active.

use maud::{Markup, html};

use super::html::{Place, date};
use crate::arrival::Day;
use crate::ask::report::{EventReport, Overview};

/// The days of a report.
#[derive(Clone, Copy)]
pub(super) struct Days {
    since: Day,
    until: Day,
    counted_since: Day,
}

impl Days {
    pub(super) const fn of(report: &EventReport) -> Self {
        Self { since: report.since, until: report.until, counted_since: report.counted_since }
    }

    pub(super) const fn of_all(overview: &Overview) -> Self {
        Self { since: overview.since, until: overview.until, counted_since: overview.counted_since }
    }

    /// Whether the rows of all of these days were deleted.
    pub(super) fn are_deleted(self) -> bool {
        self.counted_since > self.until
    }

    /// The days, and which of them have no rows any more.
    pub(super) fn lead(self, place: Place) -> Markup {
        html! {
            p.lead { "From " (date(self.since)) " to " (date(self.until)) "." }
            // What is published says of each table of which days it is.
            @if !place.is_published {
                @if self.are_deleted() {
                    p.note { (self.deleted()) " What is left of these days is how many installs were active." }
                } @else if self.counted_since > self.since {
                    p.note {
                        "Events, installs and fields are counted from " (date(self.counted_since))
                        " on. The rows of earlier days were deleted: what is left of those is how many installs were active."
                    }
                }
            }
        }
    }

    /// What is said of days without rows.
    pub(super) fn deleted(self) -> Markup {
        html! { "The rows of these days were deleted. Rows are there from " (date(self.counted_since)) " on." }
    }
}
