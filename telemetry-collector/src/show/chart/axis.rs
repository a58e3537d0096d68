//! The marks of the axes.

use maud::{Markup, html};

use super::{percent, short};
use crate::show::number;

/// The height of the drawing in pixels, with the room above and below it.
pub(super) const HEIGHT: f64 = 170.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 24.0;
/// The height of what is drawn between the lines for nothing and for the highest mark.
pub(super) const INNER: f64 = HEIGHT - TOP - BOTTOM;
/// How high a column is drawn whose count is hidden.
pub(super) const STUB: f64 = 12.0;

/// The vertical axis: from 0 in even steps.
pub(super) struct Axis {
    marks: Vec<u64>,
    top: u64,
}

impl Axis {
    /// An axis for counts up to `highest`, with two to five steps of 1, 2 or 5 times a power of ten.
    pub(super) fn new(highest: u64) -> Self {
        let highest = highest.max(4);
        let mut step: u64 = 1;
        for factor in [2, 5, 10].iter().cycle() {
            if highest.div_ceil(step) <= 4 {
                break;
            }
            let Some(power) = 10_u64.checked_pow(step.ilog10()) else { break };
            let Some(next) = power.checked_mul(*factor) else { break };
            step = next;
        }
        let steps = highest.div_ceil(step);
        let marks: Vec<u64> = (0..=steps).map(|at| at.saturating_mul(step)).collect();
        let top = marks.last().copied().unwrap_or(1);
        Self { marks, top }
    }

    /// How high a count is, from 0 to 1.
    pub(super) fn ratio(&self, count: u64) -> f64 {
        number::ratio(count, self.top)
    }

    /// How high a count is, in pixels.
    pub(super) fn height(&self, count: u64) -> f64 {
        self.ratio(count) * INNER
    }

    /// A drawing beside its axis. `name` is what a reader of the screen says of it.
    pub(super) fn plot(&self, name: &str, labels: &[Label], drawn: &Markup) -> Markup {
        html! {
            div.plot {
                svg.axis aria-hidden="true" focusable="false" width="44" height=(HEIGHT) {
                    @for (mark, text) in self.marks.iter().zip(number::marks(&self.marks)) {
                        text x="38" y=(short(y(self.height(*mark)) + 4.0)) text-anchor="end" { (text) }
                    }
                }
                svg.chart role="img" aria-label=(name) width="100%" height=(HEIGHT) {
                    @for mark in &self.marks {
                        @let at = short(y(self.height(*mark)));
                        line.grid x1="0" x2="100%" y1=(at) y2=(at) {}
                    }
                    (drawn)
                    @for label in labels { (label.markup()) }
                }
            }
        }
    }
}

/// The distance from the upper edge to what is so high.
pub(super) fn y(height: f64) -> f64 {
    TOP + INNER - height
}

/// A text below the drawing.
pub(super) struct Label {
    /// The centre, from 0 to 1.
    pub(super) at: f64,
    pub(super) text: String,
    /// Whether there is room for it on a wide page only.
    pub(super) is_optional: bool,
}

impl Label {
    fn markup(&self) -> Markup {
        let (at, anchor) = match self.at {
            ..0.08 => (0.0, "start"),
            ..0.92 => (self.at, "middle"),
            _ => (1.0, "end"),
        };
        let class = if self.is_optional { "label optional" } else { "label" };
        html! {
            text class=(class) x=(percent(at)) y=(short(HEIGHT - 6.0)) text-anchor=(anchor) aria-hidden="true" { (self.text) }
        }
    }
}

/// Labels below `texts.len()` columns: as many as there is room for, at even distances.
pub(super) fn labels(texts: &[String]) -> Vec<Label> {
    let longest = texts.iter().map(|text| text.chars().count()).max().unwrap_or(0);
    // A character is 7 pixels wide, and the drawing at least 240 on a narrow page and 480 on a wide one.
    let room = |width: usize| (width / (longest * 7 + 18)).max(1);
    let step = texts.len().div_ceil(room(480)).max(1);
    let narrow_step = step * texts.len().div_ceil(room(240)).max(1).div_ceil(step);
    let place = |at: usize| number::ratio(2 * at as u64 + 1, 2 * texts.len() as u64);
    let marked = texts.iter().enumerate().filter(|(at, _)| at.is_multiple_of(step));
    let label = |(at, text): (usize, &String)| Label {
        at: place(at),
        text: text.clone(),
        is_optional: !at.is_multiple_of(narrow_step),
    };
    marked.map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marks_are_round_and_few() {
        let marks = |highest| Axis::new(highest).marks;
        assert_eq!(marks(0), [0, 1, 2, 3, 4]);
        assert_eq!(marks(5), [0, 2, 4, 6]);
        assert_eq!(marks(9), [0, 5, 10]);
        assert_eq!(marks(97), [0, 50, 100]);
        assert_eq!(marks(1_930), [0, 500, 1_000, 1_500, 2_000]);
        for highest in [u64::MAX, u64::MAX / 3, 10_u64.pow(19)] {
            let axis = Axis::new(highest);
            assert!((2..=6).contains(&axis.marks.len()) && axis.top >= highest, "{:?}", axis.marks);
        }
    }

    #[test]
    fn labels_that_have_no_room_are_left_out() {
        let texts: Vec<String> = (0..53).map(|week| format!("{week} Sep")).collect();
        let all = labels(&texts);
        let narrow = all.iter().filter(|label| !label.is_optional).count();
        assert!(all.len() <= 9 && (3..=5).contains(&narrow), "{} {narrow}", all.len());
        assert!(labels(&[]).is_empty());
        assert_eq!(labels(&["a".to_owned()]).len(), 1);
    }
}
