//! What is published of reports in which small counts are hidden tells none of them.

use std::collections::HashMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use telemetry_collector::arrival::Day;
use telemetry_collector::ask::report::Count;

use super::fixture::{Asked, TODAY};
use super::naive::Row;
use super::published::{Counts, Knows, event, overview, relate_event, relate_overview};
use super::solver::Solver;
use super::weekly;

/// How much is stored, and what is hidden of it.
#[derive(Clone, Copy)]
struct Size {
    least: u64,
    installs: u8,
    rows: (usize, usize),
}

const USUAL: Size = Size { least: 3, installs: 30, rows: (5, 80) };
const FEW: Size = Size { least: 3, installs: 6, rows: (3, 20) };
/// As it is published.
const LARGE: Size = Size { least: 20, installs: 150, rows: (130, 160) };

/// Rows of some installations in six weeks.
fn rows(knows: Knows, size: Size) -> impl Strategy<Value = Vec<Row>> {
    // Most choices are rare ones, so that there are small counts.
    let choice = || prop_oneof![6 => Just(0_usize), 2 => Just(1), 1 => Just(2)];
    let shape = (
        any::<bool>(),
        0..size.installs,
        prop_oneof![0..40_i32, (0..6_i32).prop_map(|week| 2 + week * 7)],
        choice(),
        choice(),
    );
    let values = (choice(), choice(), choice(), choice(), any::<bool>(), choice());
    let row = (shape, values).prop_map(move |((is_wider, install, age, ephemeral, event), values)| {
        let (by_hand, wait, command, compiler, has_steps, mode) = values;
        Row {
            event: if event == 2 && !knows.is_alone { "started" } else { "run" },
            is_wider,
            install,
            age,
            is_ephemeral: ephemeral == 2,
            by_hand: by_hand > 0,
            wait: [Some(5), Some(50), None][wait],
            command: [Some("test"), Some("check"), None][command],
            compiler: [Some("1.80"), Some("1.90.1"), Some("2")][compiler],
            flags: if has_steps { vec!["fast"] } else { vec![["quiet", "fast", "offline"][wait]] },
            steps: if has_steps { vec![(["compile", "link", "link"][command], by_hand > 0)] } else { Vec::new() },
            mode: [Some(("local", true)), Some(("remote", by_hand > 0)), None][mode],
        }
    });
    proptest::collection::vec(row, size.rows.0..size.rows.1).prop_map(move |mut rows| {
        if knows.is_once {
            rows.iter_mut().zip(0..).for_each(|(row, install)| row.install = install);
        }
        rows
    })
}

fn truth(counts: &Counts) -> HashMap<String, u64> {
    let shown = |count: &Count| match count {
        Count::Shown(count) => *count,
        Count::Hidden => panic!("hidden"),
    };
    counts.iter().map(|(name, count)| (name.clone(), shown(count))).collect()
}

fn nothing_is_told(rows: &[Row], knows: Knows, least: u64) {
    let asked = Asked::new();
    asked.write(rows.iter().map(|row| row.arrival(&asked)).collect());
    let (mut solver, mut all) = (Solver::default(), Counts::new());
    let query = "rows=by_hand&columns=command";
    let mut reports = Vec::new();
    for name in ["run", "started"] {
        let query = if name == "run" { query } else { "" };
        all.extend(event(&asked.ask_of(name, query, 0).unwrap()));
        let report = asked.ask_of(name, query, least).unwrap();
        for (name, count) in event(&report) {
            solver.publish(&name, count);
        }
        reports.push(report);
    }
    all.extend(overview(&asked.overview(0)));
    let shown = asked.overview(least);
    for (name, count) in overview(&shown) {
        solver.publish(&name, count);
    }
    for report in &reports {
        relate_event(&mut solver, report, knows);
    }
    relate_overview(&mut solver, &shown, &reports.iter().collect::<Vec<_>>(), knows);
    // Versions with few installations are shown as one.
    let mut truth = truth(&all);
    super::published::fold(&mut truth, &reports);
    solver.add_differences(&mut truth);
    solver.verify(&truth);
    assert_eq!(solver.found(&truth, least), Vec::<String>::new());
}

/// All editions of some weeks together tell nothing, either.
fn nothing_is_told_by_editions(rows: &[Row], knows: Knows, (shift, editions, least): (i32, i32, u64)) {
    let asked = Asked::new();
    let rows: Vec<Row> = rows.iter().map(|row| Row { age: row.age + shift, ..row.clone() }).collect();
    asked.write(rows.iter().map(|row| row.arrival(&asked)).collect());
    let (mut solver, mut truth) = (Solver::default(), HashMap::new());
    // The last one has all rows.
    let last = TODAY.0 - shift + 14;
    for edition in (0..editions).rev() {
        let of = |least| asked.published(Day(last - 7 * edition), 365, least);
        truth.extend(self::truth(&weekly::counts(&of(0))));
        let published = of(least);
        for (name, count) in weekly::counts(&published) {
            solver.publish(&name, count);
        }
        weekly::relate(&mut solver, &published, knows);
    }
    for event in ["run", "started", "grown"] {
        weekly::add_overlaps(&mut truth, event, &asked.ask_at(Day(last), event, "", 0).unwrap().activity);
    }
    weekly::add_overlaps(&mut truth, "any", &asked.overview_at(Day(last), 0).activity);
    for name in solver.names().iter().filter(|name| name.contains(" overlap ")) {
        // Before the first day, there was none.
        truth.entry(name.clone()).or_default();
    }
    solver.add_differences(&mut truth);
    solver.verify(&truth);
    assert_eq!(solver.found(&truth, least), Vec::<String>::new());
}

/// The same rows in each run. `CASES` sets how many of each size, and `SEED` which.
fn nothing_is_told_of_any(knows: Knows) {
    let of = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<usize>().ok());
    let seed = u8::try_from(of("SEED").unwrap_or(0)).unwrap();
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]));
    for (size, usual) in [(USUAL, 2), (FEW, 3), (LARGE, 1)] {
        for case in 0..of("CASES").unwrap_or(usual) {
            let rows = rows(knows, size).new_tree(&mut runner).unwrap().current();
            nothing_is_told(&rows, knows, size.least);
            // In half of the cases, a month begins on a Monday: June 2026.
            let shift = if case % 2 == 0 { 137 } else { 0 };
            nothing_is_told_by_editions(&rows, knows, (shift, 4, size.least));
        }
    }
}

#[test]
fn of_installations_that_are_active_often() {
    nothing_is_told_of_any(Knows { is_once: false, is_alone: false });
}

#[test]
fn of_installations_that_are_active_often_and_send_one_event() {
    nothing_is_told_of_any(Knows { is_once: false, is_alone: true });
}

#[test]
fn of_installations_that_are_known_to_be_active_once() {
    nothing_is_told_of_any(Knows { is_once: true, is_alone: true });
}
