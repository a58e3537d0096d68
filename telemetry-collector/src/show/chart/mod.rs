//! Charts in SVG, drawn here, and their numbers in tables.
//!
//! A chart is as wide as its place: lengths along the width are percentages, and texts keep their size.

mod axis;
mod bars;
mod columns;
mod heat;
mod line;
mod share;
mod stack;
mod table;

pub(super) use self::bars::{Kind, Row, bars};
pub(super) use self::columns::columns;
pub(super) use self::heat::{cohorts, cross};
pub(super) use self::line::line;
pub(super) use self::share::share;
pub(super) use self::stack::{Column, Series, legend, stack};
pub(super) use self::table::{Table, folded, numbers};

/// What fills a shape that stands for a hidden count.
const HATCH: &str = "url(#hatch)";

/// A percentage of the width or the height, as an attribute.
fn percent(ratio: f64) -> String {
    format!("{}%", short(ratio * 100.0))
}

/// With at most two digits after the point, and without needless zeros.
fn short(number: f64) -> String {
    let text = format!("{number:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests;
