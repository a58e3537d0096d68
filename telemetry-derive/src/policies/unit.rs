//! The option `unit` of numbers and buckets.

use telemetry_spec::{time, word};

use crate::errors::{Errors, list};
use crate::parse::arguments::{Arguments, refuse};

/// The unit of a number: a word for the page. A `Duration` is measured in a unit of time.
pub(super) struct Unit(Option<String>);

/// Other spellings of units of time. Each is a name of the unit, or begins with one.
const MISSPELT: [(time::Unit, &[&str]); 7] = [
    (time::Unit::Nanoseconds, &["nano", "nanos", "nanosec", "nanosecs", "nanosecond", "nanoseconds", "nsec", "nsecs"]),
    (
        time::Unit::Microseconds,
        &["micro", "micros", "microsec", "microsecs", "microsecond", "microseconds", "usec", "usecs", "µs", "μs"],
    ),
    (
        time::Unit::Milliseconds,
        &["milli", "millis", "millisec", "millisecs", "millisecond", "milliseconds", "msec", "msecs"],
    ),
    (time::Unit::Seconds, &["sec", "secs", "second", "seconds"]),
    (time::Unit::Minutes, &["mins", "minute", "minutes"]),
    (time::Unit::Hours, &["hr", "hrs", "hour", "hours"]),
    (time::Unit::Days, &["day", "days"]),
];

impl Unit {
    /// Reads the option. A different spelling of a unit of time is an error, since a `Duration` could not be measured in it.
    pub(super) fn read(arguments: &Arguments<'_>, errors: &Errors) -> Option<Self> {
        let Some(text) = arguments.text("unit", errors)? else { return Some(Self(None)) };
        let unit = text.value();
        if !word::is_word(&unit) {
            return refuse(text.span(), word::RULE, errors);
        }
        if let Some(meant) = misspelt(&unit) {
            let (meant, all) = (meant.word(), list(&time::Unit::ALL.map(time::Unit::word)));
            let message = format!("the unit `{unit}` is written `unit = \"{meant}\"`; the units of time are {all}");
            return refuse(text.span(), message, errors);
        }
        Some(Self(Some(unit)))
    }

    /// The word; empty if there is none.
    pub(super) fn word(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }

    /// The unit of time, if it is one.
    pub(super) fn time(&self) -> Option<time::Unit> {
        time::Unit::from_word(self.word())
    }
}

fn misspelt(unit: &str) -> Option<time::Unit> {
    if time::Unit::from_word(unit).is_some() {
        return None;
    }
    let lower = unit.to_lowercase();
    let is_meant = |(of, spellings): &&(time::Unit, &[&str])| of.word() == lower || spellings.contains(&lower.as_str());
    MISSPELT.iter().find(is_meant).map(|(unit, _)| *unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_spellings_name_the_unit() {
        for (spelling, expected) in [
            ("sec", "s"),
            ("Seconds", "s"),
            ("S", "s"),
            ("minutes", "min"),
            ("millis", "ms"),
            ("µs", "us"),
            ("days", "d"),
        ] {
            assert_eq!(misspelt(spelling).map(time::Unit::word), Some(expected), "{spelling}");
        }
    }

    #[test]
    fn units_and_other_words_are_no_misspellings() {
        for word in time::Unit::ALL.map(time::Unit::word).into_iter().chain(["bytes", "MiB", "rows", "months", "m", ""])
        {
            assert!(misspelt(word).is_none(), "{word}");
        }
    }
}
