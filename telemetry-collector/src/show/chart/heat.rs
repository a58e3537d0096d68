//! Tables whose cells are the darker the higher their share.

use maud::{Markup, html};

use crate::ask::report::{Cohort, Count, Cross};
use crate::show::number::{self, percent_of, ratio, shown};

/// So many cohorts and weeks are on the page. The JSON has all.
const MOST: usize = 13;

/// Retention: a row for the installs that began in one week, a column for each week after.
pub(in crate::show) fn cohorts(name: &str, all: &[Cohort]) -> Markup {
    let last = all.get(all.len().saturating_sub(MOST)..).unwrap_or_default();
    let weeks = last.iter().map(|cohort| cohort.later.len()).max().unwrap_or(0).min(MOST - 1);
    html! {
        div.wide tabindex="0" role="region" aria-label=(name) {
            table.heat {
                caption.unseen { (name) }
                thead {
                    tr {
                        th scope="col" { "First week" }
                        th scope="col" { "Installs" }
                        @for week in 1..=weeks { th scope="col" { span.unseen { "Week " } (week) } }
                    }
                }
                tbody {
                    @for cohort in last {
                        tr {
                            th scope="row" { (cohort.first.date().strftime("%-d %b %Y")) }
                            td { (number::count(cohort.size)) }
                            @for week in 0..weeks { (of_week(cohort, week)) }
                        }
                    }
                }
            }
        }
    }
}

fn of_week(cohort: &Cohort, week: usize) -> Markup {
    let count = cohort.later.get(week);
    html! {
        @match count {
            Some(count) => (cell(*count, cohort.size)),
            // The week is not over.
            None => td {},
        }
    }
}

fn cell(count: Count, whole: Count) -> Markup {
    html! {
        @match (percent_of(count, whole), shown(count).zip(shown(whole))) {
            (Some(percent), Some((part, whole))) => td class=(level(part, whole)) title=(number::Of::Installs.said(count)) { (percent) },
            _ => td.hidden-cell { span.hidden { "hidden" } },
        }
    }
}

/// The class of a cell: five steps of a fifth each, and one for nothing.
fn level(part: u64, whole: u64) -> &'static str {
    match ratio(part, whole) {
        _ if part == 0 => "h0",
        ..0.2 => "h1",
        ..0.4 => "h2",
        ..0.6 => "h3",
        ..0.8 => "h4",
        _ => "h5",
    }
}

/// Two fields against each other: counts, and their shares of the row. `absent` is what stands beside those who sent none of each.
pub(in crate::show) fn cross(name: &str, cross: &Cross, (row_absent, column_absent): (&str, &str)) -> Markup {
    let text = |value: &Option<String>, absent: &str| value.clone().unwrap_or_else(|| absent.to_owned());
    let sum = |sums: &[Count], at: usize| sums.get(at).copied().unwrap_or(Count::Hidden);
    html! {
        div.wide tabindex="0" role="region" aria-label=(name) {
            table.heat {
                caption.unseen { (name) }
                thead {
                    tr {
                        th scope="col" { (cross.row_path) " \u{2193} " (cross.column_path) " \u{2192}" }
                        @for column in &cross.columns { th scope="col" { (text(column, column_absent)) } }
                        th scope="col" { "All" }
                    }
                }
                tbody {
                    @for (at, (row, cells)) in cross.rows.iter().zip(&cross.cells).enumerate() {
                        @let whole = sum(&cross.row_sums, at);
                        tr {
                            th scope="row" { (text(row, row_absent)) }
                            @for count in cells { (cross_cell(*count, whole)) }
                            td { (number::count(whole)) }
                        }
                    }
                }
                tfoot {
                    tr {
                        th scope="row" { "All" }
                        @for count in &cross.column_sums { td { (number::count(*count)) } }
                        td {}
                    }
                }
            }
        }
    }
}

fn cross_cell(count: Count, whole: Count) -> Markup {
    let class = match (shown(count), shown(whole)) {
        (Some(part), Some(whole)) => level(part, whole),
        (None, _) => "hidden-cell",
        _ => "h0",
    };
    html! {
        td class=(class) {
            (number::count(count))
            @if let Some(percent) = percent_of(count, whole).filter(|_| count != Count::Shown(0)) { span.percent { (percent) } }
        }
    }
}
