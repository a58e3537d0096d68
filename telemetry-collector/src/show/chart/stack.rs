//! Counts over time in stacked columns.

use maud::{Markup, html};

use super::axis::{Axis, STUB, labels, y};
use super::{HATCH, percent, short};
use crate::ask::report::Count;
use crate::show::number::{ratio, shown};

/// What the layers of all columns stand for, from the bottom.
pub(in crate::show) struct Series {
    pub(in crate::show) name: String,
    /// The class of the stylesheet that gives its colour.
    pub(in crate::show) class: &'static str,
}

/// A day, week or month.
pub(in crate::show) struct Column {
    pub(in crate::show) label: String,
    pub(in crate::show) total: Count,
    /// The count of each series.
    pub(in crate::show) layers: Vec<Count>,
    pub(in crate::show) is_complete: bool,
}

/// Columns over time, oldest first.
pub(in crate::show) fn stack(name: &str, series: &[Series], all: &[Column]) -> Markup {
    let axis = Axis::new(all.iter().map(highest).max().unwrap_or(0));
    let texts: Vec<String> = all.iter().map(|column| column.label.clone()).collect();
    let width = ratio(1, all.len() as u64);
    let drawn = html! {
        @for (at, column) in all.iter().enumerate() {
            @let x = percent(width * (ratio(at as u64, 1) + 0.08));
            @let width = percent(width * 0.84);
            @for (class, from, to) in pieces(series, column, &axis) {
                rect class=(if column.is_complete { class.to_owned() } else { format!("{class} pale") })
                    x=(x) y=(short(y(to))) width=(width) height=(short(to - from))
                    fill=[(class == HIDDEN).then_some(HATCH)] {}
            }
        }
    };
    axis.plot(name, &labels(&texts), &drawn)
}

const HIDDEN: &str = "hidden-bar";

/// The shapes of a column, from the bottom: class, lower and upper edge.
fn pieces(series: &[Series], column: &Column, axis: &Axis) -> Vec<(&'static str, f64, f64)> {
    let mut pieces = Vec::new();
    let mut sum: u64 = 0;
    for (series, layer) in series.iter().zip(&column.layers) {
        let Some(count) = shown(*layer).filter(|count| *count > 0) else { continue };
        let from = axis.height(sum);
        sum = sum.saturating_add(count);
        // A gap of a pixel parts the layers.
        pieces.push((series.class, from, (axis.height(sum) - 1.0).max(from + 0.5)));
    }
    match shown(column.total) {
        Some(total) if total > sum => pieces.push((HIDDEN, axis.height(sum), axis.height(total))),
        None if column.layers.contains(&Count::Hidden) || sum == 0 => {
            pieces.push((HIDDEN, axis.height(sum), axis.height(sum) + STUB));
        }
        _ => {}
    }
    pieces
}

fn highest(column: &Column) -> u64 {
    let sum = column.layers.iter().filter_map(|layer| shown(*layer)).fold(0, u64::saturating_add);
    shown(column.total).unwrap_or(0).max(sum)
}

/// The colours and what they stand for, the upper layer first.
pub(in crate::show) fn legend(series: &[Series]) -> Markup {
    html! {
        ul.legend {
            @for series in series.iter().rev() {
                li {
                    svg aria-hidden="true" focusable="false" width="12" height="12" {
                        rect class=(series.class) width="12" height="12" rx="2" {}
                    }
                    " " (series.name)
                }
            }
        }
    }
}
