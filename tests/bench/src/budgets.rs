//! The most that things may cost. `README.md` has a row for each.

use std::fmt;

use crate::report::number;

/// A limit, and what it is a limit of.
pub struct Budget {
    pub what: &'static str,
    pub most: f64,
    pub unit: &'static str,
}

impl Budget {
    const fn new(what: &'static str, most: f64, unit: &'static str) -> Self {
        Self { what, most, unit }
    }
}

/// As far as it goes.
impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&amount(self.most, self.unit))
    }
}

/// A number with its unit.
pub fn amount(amount: f64, unit: &str) -> String {
    let space = if unit.is_empty() || unit == RATIO { "" } else { " " };
    format!("{}{space}{unit}", number(amount))
}

const RATIO: &str = "x";

pub const LEAVES_BESIDE_SERDE_JSON: Budget =
    Budget::new("snapshot of 60 leaves against a hand-written view with `serde_json`", 0.4, RATIO);
pub const LEAVES_BESIDE_PUSHED: Budget =
    Budget::new("instructions of a snapshot of 60 leaves against bytes pushed by hand", 1.5, RATIO);
pub const LEAVES_ALLOCATIONS: Budget = Budget::new("allocations of a snapshot of 60 leaves", 1.0, "");
pub const OPTIONS_BESIDE_RUSTAUTH: Budget =
    Budget::new("the options of Better Auth against `rustauth-telemetry`", 1.0 / 20.0, RATIO);
pub const OPTIONS_BESIDE_NPM: Budget =
    Budget::new("the options of Better Auth against the npm package", 1.0 / 6.0, RATIO);

pub const PUBLISH: Budget = Budget::new("`publish` beyond a snapshot, in a row", 1_000.0, "ns");
pub const PUBLISH_OFF: Budget = Budget::new("`publish` while telemetry is off", 5.0, "ns");
pub const PUBLISH_OFF_ALLOCATIONS: Budget = Budget::new("allocations of `publish` while telemetry is off", 0.0, "");
pub const PUBLISH_COVERED: Budget = Budget::new("looking an event up in what the user's yes covers", 1_000.0, "ns");
pub const PUBLISH_COUNTED: Budget = Budget::new("a counted event after the first of its kind", 2_000.0, "ns");
pub const CLIENT: Budget = Budget::new("creating a client", 50.0, "µs");

pub const COUNTER: Budget = Budget::new("`Counter::add` on one thread", 5.0, "ns");
pub const COUNTER_THREADS: Budget =
    Budget::new("`Counter::add` of 8 threads on one counter against on one each", 1.5, RATIO);

pub const RECORDS_LINES: Budget =
    Budget::new("LLVM lines of 100 structs of 10 fields against serde's `Serialize`", 0.3, RATIO);
pub const RECORDS_CHECK: Budget = Budget::new("`cargo check` of these, processor time", 1.0, RATIO);
pub const RECORDS_RELEASE: Budget = Budget::new("their release build, by the clock", 1.0, RATIO);
pub const RECORDS_SIZE: Budget = Budget::new("what they add to a program", 1.0, RATIO);

pub const END: Budget = Budget::new(
    "end of a program whose receiver is down, slow, hanging or unresolvable, beyond one without telemetry",
    60.0,
    "ms",
);
pub const BACKLOG: Budget = Budget::new("short programs until a backlog of 500 events is empty", 100.0, "");

pub const MORE_LEAVES: Budget = Budget::new("a leaf of 10,000 against one of 100", 1.5, RATIO);
pub const MORE_THREADS: Budget = Budget::new("an event of 8 threads against one of 1", 1.5, RATIO);

pub const ALL: [&Budget; 21] = [
    &LEAVES_BESIDE_SERDE_JSON,
    &LEAVES_BESIDE_PUSHED,
    &LEAVES_ALLOCATIONS,
    &OPTIONS_BESIDE_RUSTAUTH,
    &OPTIONS_BESIDE_NPM,
    &PUBLISH,
    &PUBLISH_OFF,
    &PUBLISH_OFF_ALLOCATIONS,
    &PUBLISH_COVERED,
    &PUBLISH_COUNTED,
    &CLIENT,
    &COUNTER,
    &COUNTER_THREADS,
    &RECORDS_LINES,
    &RECORDS_CHECK,
    &RECORDS_RELEASE,
    &RECORDS_SIZE,
    &END,
    &BACKLOG,
    &MORE_LEAVES,
    &MORE_THREADS,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_a_row_for_each() {
        let page = include_str!("../README.md");
        for budget in ALL {
            let row = format!("\n| {} | {budget} | ", budget.what);
            assert_eq!(page.matches(&row).count(), 1, "{row}");
        }
    }
}
