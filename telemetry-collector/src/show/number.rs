//! How numbers are written.

use maud::{Markup, html};

use crate::ask::report::Count;

/// With separators: `12,345`.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The marks of an axis, all in the same unit: `500` and `1,000`, or `5k` and `10k`.
pub(super) fn marks(numbers: &[u64]) -> Vec<String> {
    let (unit, name) = match numbers.last() {
        Some(1_000_000_000..) => (1_000_000_000, "G"),
        Some(1_000_000..) => (1_000_000, "M"),
        Some(10_000..) => (1_000, "k"),
        _ => return numbers.iter().copied().map(thousands).collect(),
    };
    let mark = |number: &u64| match (number / unit, number % unit * 10 / unit) {
        (0, 0) => "0".to_owned(),
        (whole, 0) => format!("{}{name}", thousands(whole)),
        (whole, tenth) => format!("{}.{tenth}{name}", thousands(whole)),
    };
    numbers.iter().map(mark).collect()
}

/// A part of a whole. Only nothing is 0%, and only all is 100%.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let percent = ratio(part, whole) * 100.0;
    match percent {
        _ if part == 0 || whole == 0 => "0%".to_owned(),
        _ if part >= whole => "100%".to_owned(),
        ..0.1 => "<0.1%".to_owned(),
        ..9.95 => format!("{percent:.1}%"),
        ..99.5 => format!("{percent:.0}%"),
        _ => ">99%".to_owned(),
    }
}

/// The percentage of a count, if both are shown.
pub(super) fn percent_of(part: Count, whole: Count) -> Option<String> {
    Some(percent(shown(part)?, shown(whole)?))
}

/// A part of a whole, from 0 to 1.
#[allow(clippy::cast_precision_loss, reason = "it becomes the length of a bar, or a percentage of two digits")]
pub(super) fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

pub(super) const fn shown(count: Count) -> Option<u64> {
    match count {
        Count::Shown(number) => Some(number),
        Count::Hidden => None,
    }
}

/// A count as text.
pub(super) fn text(count: Count) -> String {
    shown(count).map_or_else(|| "hidden".to_owned(), thousands)
}

/// A count on a page.
pub(super) fn count(count: Count) -> Markup {
    html! {
        @match shown(count) {
            Some(number) => (thousands(number)),
            None => span.hidden { "hidden" },
        }
    }
}

/// What a count is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Installs,
    /// How often a counted event happened.
    Times,
}

impl Of {
    pub(super) const fn heading(self) -> &'static str {
        match self {
            Self::Installs => "Installs",
            Self::Times => "Times",
        }
    }

    /// One install, two installs.
    pub(super) fn said(self, count: Count) -> String {
        let noun = match (self, count) {
            (Self::Installs, Count::Shown(1)) => "install",
            (Self::Installs, _) => "installs",
            (Self::Times, Count::Shown(1)) => "time",
            (Self::Times, _) => "times",
        };
        match count {
            Count::Shown(number) => format!("{} {noun}", thousands(number)),
            Count::Hidden => format!("a hidden number of {noun}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_separators() {
        let all = [0, 7, 999, 1_000, 12_345, 1_000_000, u64::MAX].map(thousands);
        assert_eq!(all, ["0", "7", "999", "1,000", "12,345", "1,000,000", "18,446,744,073,709,551,615"]);
    }

    #[test]
    fn the_marks_of_an_axis_have_one_unit() {
        assert_eq!(marks(&[0, 500, 1_000, 1_500]), ["0", "500", "1,000", "1,500"]);
        assert_eq!(marks(&[0, 5_000, 10_000]), ["0", "5k", "10k"]);
        assert_eq!(marks(&[0, 500_000, 1_000_000]), ["0", "0.5M", "1M"]);
        assert_eq!(marks(&[0, 2_500_000_000]), ["0", "2.5G"]);
        assert!(marks(&[]).is_empty());
    }

    #[test]
    fn a_percentage_never_says_none_or_all_of_a_part() {
        let all =
            [(0, 9), (9, 9), (1, 10_000), (1, 1_000), (5, 100), (99, 1_000), (999, 10_000), (1, 3), (9_990, 10_000)];
        let said = all.map(|(part, whole)| percent(part, whole));
        assert_eq!(said, ["0%", "100%", "<0.1%", "0.1%", "5.0%", "9.9%", "10%", "33%", ">99%"]);
        assert_eq!(percent(0, 0), "0%");
    }
}
