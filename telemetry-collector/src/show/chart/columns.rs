//! Ranges: columns side by side.

use maud::{Markup, html};

use super::axis::{Axis, STUB, labels, y};
use super::{HATCH, percent, short};
use crate::ask::report::Bar;
use crate::show::number::{ratio, shown};

/// A distribution.
pub(in crate::show) fn columns(name: &str, bars: &[Bar]) -> Markup {
    let axis = Axis::new(bars.iter().filter_map(|bar| shown(bar.count)).max().unwrap_or(0));
    let texts: Vec<String> = bars.iter().map(|bar| bar.label.clone()).collect();
    let width = ratio(1, bars.len() as u64);
    let drawn = html! {
        @for (at, bar) in bars.iter().enumerate() {
            @let x = percent(width * (ratio(at as u64, 1) + 0.04));
            @let width = percent(width * 0.92);
            @match shown(bar.count) {
                Some(0) => {},
                Some(count) => {
                    @let height = axis.height(count).max(1.0);
                    rect.value x=(x) y=(short(y(height))) width=(width) height=(short(height)) {}
                },
                None => rect.hidden-bar x=(x) y=(short(y(STUB))) width=(width) height=(short(STUB)) fill=(HATCH) {},
            }
        }
    };
    axis.plot(name, &labels(&texts), &drawn)
}
