//! How often a counted event happened.

use maud::{Markup, html};

use super::activity::{Unit, accessible_name};
use super::chart::{Column, Series, legend, line, numbers, stack};
use super::html::nothing;
use super::number::{self, Of};
use crate::ask::report::{Count, PeriodSum, Sum, Sums};

/// The sum over all days and its rate, in large figures.
pub(super) fn figures(sum: &Sum) -> Markup {
    html! {
        div {
            dt { "Times" }
            dd {
                strong { (number::thousands(sum.times)) }
                @if sum.ephemeral > 0 {
                    span.when { (number::thousands(sum.ephemeral)) " of them by ephemeral ids, " (number::percent(sum.ephemeral, sum.times)) }
                }
            }
        }
        div { dt { "Times an active install and day" } dd { strong { (rate(sum)) } } }
    }
}

/// The charts of a day, a week and a month.
pub(super) fn over_time(sums: &Sums) -> Markup {
    html! {
        div.grid {
            (chart(Unit::Week, "Times a week", &sums.weeks))
            (chart(Unit::Day, "Times a day", &sums.days))
            (chart(Unit::Month, "Times a month", &sums.months))
        }
        p.note { "A day is that on which it was counted; it is sent when that day is over. Rows that were deleted are in no sum." }
    }
}

fn chart(unit: Unit, title: &str, periods: &[PeriodSum]) -> Markup {
    if periods.iter().all(|period| period.sum.times == 0) {
        return nothing();
    }
    let has_ephemeral = periods.iter().any(|period| period.sum.ephemeral > 0);
    let series = [
        Series { name: "By installs".to_owned(), class: "s-returning" },
        Series { name: "By ephemeral ids".to_owned(), class: "s-unknown" },
    ];
    let columns = columns(unit, periods);
    let name = accessible_name(title, &columns, Of::Times);
    html! {
        section.card {
            h3 { (title) }
            @if unit == Unit::Day { (line(&name, &columns)) } @else {
                @if has_ephemeral { (legend(&series)) }
                (stack(&name, &series, &columns))
            }
            (numbers(title, &table(unit, title, periods)))
        }
    }
}

fn columns(unit: Unit, periods: &[PeriodSum]) -> Vec<Column> {
    let dates = || periods.iter().map(|period| period.first.date());
    let before = [None].into_iter().chain(dates().map(Some));
    let column = |((period, date), before): ((&PeriodSum, _), _)| {
        let Sum { times, ephemeral, .. } = period.sum;
        Column {
            label: unit.label(date, before),
            total: Count::Shown(times),
            layers: vec![Count::Shown(times.saturating_sub(ephemeral)), Count::Shown(ephemeral)],
            is_complete: period.is_complete,
        }
    };
    periods.iter().zip(dates()).zip(before).map(column).collect()
}

fn table(unit: Unit, title: &str, periods: &[PeriodSum]) -> Markup {
    html! {
        table {
            caption.unseen { (title) }
            thead { tr { @for name in [unit.heading(), "Times", "An active install and day"] { th scope="col" { (name) } } } }
            tbody {
                @for period in periods.iter().rev() {
                    tr {
                        th scope="row" { (unit.name(period.first, period.is_complete)) }
                        td { (number::thousands(period.sum.times)) }
                        td { (rate(&period.sum)) }
                    }
                }
            }
        }
    }
}

/// With three digits or more.
fn rate(sum: &Sum) -> String {
    match sum.per_install_and_day() {
        None => "none was active".to_owned(),
        Some(rate @ ..10.0) => format!("{rate:.2}"),
        Some(rate @ ..100.0) => format!("{rate:.1}"),
        Some(_) => number::thousands(sum.times.saturating_sub(sum.ephemeral) / sum.install_days.max(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_has_three_digits() {
        let said = |times, ephemeral, install_days| rate(&Sum { times, ephemeral, install_days });
        assert_eq!(
            [said(3, 0, 2), said(9, 3, 4), said(25, 0, 2), said(2_000, 0, 2)],
            ["1.50", "1.50", "12.5", "1,000"]
        );
        assert_eq!(said(5, 5, 0), "none was active");
    }
}
