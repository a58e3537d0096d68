//! Words: a table whose rows have bars. The table is the chart, so each number stands beside its bar.

use maud::{Markup, html};

use super::{HATCH, percent};
use crate::ask::report::{Bar, Count};
use crate::show::html::breakable;
use crate::show::number::{self, Of, percent_of, ratio, shown};

/// So many words at 0 have rows; more stand below the table.
const MOST_EMPTY: usize = 4;

/// A row.
pub(in crate::show) struct Row {
    pub(in crate::show) label: String,
    /// What the label leads to.
    pub(in crate::show) link: Option<String>,
    pub(in crate::show) count: Count,
    pub(in crate::show) kind: Kind,
}

/// What a row stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::show) enum Kind {
    Value,
    /// The lack of a value.
    Absent,
    /// Installs outside of the whole that shares are of.
    Outside,
}

impl Row {
    pub(in crate::show) fn new(bar: &Bar) -> Self {
        Self { label: bar.label.clone(), link: None, count: bar.count, kind: Kind::Value }
    }
}

/// A table of bars. `whole` is what all percentages are of, and `of` what is counted.
pub(in crate::show) fn bars(name: &str, heading: &str, rows: &[Row], whole: Count, of: Of) -> Markup {
    let is_empty = |row: &&Row| row.count == Count::Shown(0);
    let empty: Vec<&Row> = rows.iter().filter(is_empty).collect();
    let are_folded = empty.len() > MOST_EMPTY;
    let longest = rows.iter().filter_map(|row| shown(row.count)).max().unwrap_or(0);
    let scale = shown(whole).filter(|whole| *whole >= longest).unwrap_or(longest);
    html! {
        table.bars {
            caption.unseen { (name) }
            thead { tr { @for name in [heading, "Bar", of.heading(), "Share"] { th scope="col" { span.unseen { (name) } } } } }
            tbody {
                @for row in rows.iter().filter(|row| !(are_folded && is_empty(row))) {
                    tr class=[(row.kind != Kind::Value).then_some("absent")] {
                        th scope="row" { (label(row)) }
                        td.bar { (bar(row, scale)) }
                        td { (number::count(row.count)) }
                        td.percent { @if row.kind != Kind::Outside { (percent_of(row.count, whole).unwrap_or_default()) } }
                    }
                }
            }
        }
        @if are_folded {
            p.empty {
                (of.said(Count::Shown(0))) " each: "
                @for (at, row) in empty.iter().enumerate() { @if at > 0 { ", " } (row.label) }
            }
        }
    }
}

fn label(row: &Row) -> Markup {
    html! {
        @match &row.link {
            Some(link) => a href=(link) { (breakable(&row.label)) },
            None => (breakable(&row.label)),
        }
    }
}

/// It says what the number beside it says, so that readers of the screen need not know of it.
fn bar(row: &Row, scale: u64) -> Markup {
    html! {
        svg aria-hidden="true" focusable="false" width="100%" height="14" {
            @match shown(row.count) {
                Some(0) => rect.zero width="1" height="14" {},
                Some(count) => rect.value width=(percent(ratio(count, scale).max(0.004))) height="14" rx="2" {},
                None => rect.hidden-bar width="24" height="14" rx="2" fill=(HATCH) {},
            }
        }
    }
}
