//! Counts over many days: a line above an area.

use std::fmt::Write as _;

use maud::{Markup, html};

use super::axis::{Axis, INNER, STUB, labels, y};
use super::stack::Column;
use super::{HATCH, percent, short};
use crate::show::number::{ratio, shown};

/// A line over time, oldest first, with gaps where a count is hidden.
pub(in crate::show) fn line(name: &str, all: &[Column]) -> Markup {
    let axis = Axis::new(all.iter().filter_map(|column| shown(column.total)).max().unwrap_or(0));
    let texts: Vec<String> = all.iter().map(|column| column.label.clone()).collect();
    let runs = runs(all, &axis);
    let width = ratio(1, all.len() as u64);
    let drawn = html! {
        @for (at, _) in all.iter().enumerate().filter(|(_, column)| shown(column.total).is_none()) {
            rect.hidden-bar x=(percent(width * ratio(at as u64, 1))) y=(short(y(STUB))) width=(percent(width)) height=(short(STUB)) fill=(HATCH) {}
        }
        // In here, lengths are percentages without the sign.
        svg y=(short(y(INNER))) width="100%" height=(short(INNER)) viewBox="0 0 100 100" preserveAspectRatio="none" overflow="visible" {
            @for run in &runs { path class=(run.class("area")) d=(run.area()) {} }
            @for run in &runs { path class=(run.class("stroke")) d=(run.line()) vector-effect="non-scaling-stroke" {} }
        }
    };
    axis.plot(name, &labels(&texts), &drawn)
}

/// Neighbouring points that are all complete, or all not.
struct Run {
    points: Vec<(f64, f64)>,
    is_complete: bool,
}

fn runs(all: &[Column], axis: &Axis) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut last: Option<(f64, f64)> = None;
    for (at, column) in all.iter().enumerate() {
        let point = shown(column.total).map(|count| {
            let x = 100.0 * ratio(2 * at as u64 + 1, 2 * all.len() as u64);
            (x, 100.0 - 100.0 * axis.ratio(count))
        });
        if let Some(point) = point {
            let goes_on = runs.last_mut().filter(|run| last.is_some() && run.is_complete == column.is_complete);
            match goes_on {
                Some(run) => run.points.push(point),
                None => runs
                    .push(Run { points: last.into_iter().chain([point]).collect(), is_complete: column.is_complete }),
            }
        }
        last = point;
    }
    runs
}

impl Run {
    fn class(&self, base: &'static str) -> String {
        if self.is_complete { base.to_owned() } else { format!("{base} pale") }
    }

    fn line(&self) -> String {
        let mut path = String::new();
        for (x, y) in &self.points {
            let letter = if path.is_empty() { 'M' } else { 'L' };
            let _ = write!(path, "{letter}{} {}", short(*x), short(*y));
        }
        if self.points.len() == 1 {
            // A point that nothing leads to is drawn as a short line.
            path.push_str("h0.4");
        }
        path
    }

    fn area(&self) -> String {
        match (self.points.first(), self.points.last()) {
            (Some((first, _)), Some((last, _))) => {
                format!("{}L{} 100L{} 100Z", self.line(), short(*last), short(*first))
            }
            _ => String::new(),
        }
    }
}
