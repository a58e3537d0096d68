//! Counts what was sent by hand: lists and sets of events, no database.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{ToSpan as _, Unit};
use telemetry_collector::arrival::Fate;
use telemetry_collector::demo::{Calendar, Origin, Record};

use super::values::{self, Sent};

/// An event that the collector said it stored.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) is_ephemeral: bool,
    pub(super) day: Date,
    /// Its place in the order of arrival, which is true within an installation.
    pub(super) order: usize,
    /// The version that first had its schema.
    pub(super) version: &'static str,
    pub(super) values: BTreeMap<&'static str, Sent>,
    /// How often it happened.
    pub(super) times: u64,
}

/// The events with this name.
fn rows(record: &Record, event: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    for (order, sent) in record.sent.iter().enumerate() {
        let run = &sent.run;
        let row = |version, values, times| Row {
            id: sent.anonymous_id.clone(),
            is_ephemeral: run.origin == Origin::Nowhere,
            day: Calendar::day(run.day).date(),
            order,
            version,
            values,
            times,
        };
        match (event, &run.upgraded) {
            ("init", _) if sent.init.contains(&Fate::Stored) => {
                rows.push(row(run.version.name(), values::init(run.version, &run.settings), 1));
            }
            ("upgraded", Some(upgraded)) if sent.upgraded.contains(&Fate::Stored) => {
                rows.push(row("1.1.0", values::upgraded(upgraded), 1));
            }
            ("signIn", _) => {
                assert_eq!(sent.sign_ins, vec![Fate::Stored; run.sign_ins.len()]);
                let each = run.sign_ins.iter();
                rows.extend(each.map(|(sign_in, times)| row("1.2.0", values::sign_in(*sign_in), (*times).into())));
            }
            _ => {}
        }
    }
    rows
}

/// Everything that was stored.
pub(super) struct Account {
    pub(super) init: Vec<Row>,
    pub(super) upgraded: Vec<Row>,
    pub(super) sign_ins: Vec<Row>,
    /// The day of the first event of each installation, whatever event it is.
    pub(super) first_days: BTreeMap<String, Date>,
}

impl Account {
    pub(super) fn of(record: &Record) -> Self {
        let [init, upgraded, sign_ins] = ["init", "upgraded", "signIn"].map(|event| rows(record, event));
        let mut first_days = BTreeMap::new();
        for row in init.iter().chain(&upgraded).chain(&sign_ins) {
            let day = first_days.entry(row.id.clone()).or_insert(row.day);
            *day = row.day.min(*day);
        }
        Self { init, upgraded, sign_ins, first_days }
    }

    pub(super) fn rows(&self, event: &str) -> &[Row] {
        if event == "init" { &self.init } else { &self.upgraded }
    }
}

/// The installations among these events.
pub(super) fn installs<'r>(rows: impl IntoIterator<Item = &'r Row>) -> BTreeSet<&'r str> {
    rows.into_iter().filter(|row| !row.is_ephemeral).map(|row| row.id.as_str()).collect()
}

/// The latest of these events of each installation.
pub(super) fn latest<'r>(rows: impl IntoIterator<Item = &'r Row>) -> Vec<&'r Row> {
    let mut latest: BTreeMap<&str, &Row> = BTreeMap::new();
    for row in rows.into_iter().filter(|row| !row.is_ephemeral) {
        let best = latest.entry(&row.id).or_insert(row);
        if (row.day, row.order) > (best.day, best.order) {
            *best = row;
        }
    }
    latest.into_values().collect()
}

/// How activity is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Period {
    Day,
    Week,
    Month,
}

impl Period {
    /// The first day of the period of a day, and the first day after it.
    pub(super) fn of(self, day: Date) -> (Date, Date) {
        match self {
            Self::Day => (day, day + 1.day()),
            Self::Week => {
                let first = day - i64::from(day.weekday().to_monday_zero_offset()).days();
                (first, first + 7.days())
            }
            Self::Month => (day.first_of_month(), day.first_of_month() + 1.month()),
        }
    }

    /// All periods from one day to another.
    pub(super) fn between(self, since: Date, until: Date) -> Vec<(Date, Date)> {
        let mut periods = vec![self.of(since)];
        while let Some((_, end)) = periods.last().copied().filter(|(_, end)| *end <= until) {
            periods.push(self.of(end));
        }
        periods
    }
}

/// Whether no event of a period can arrive any more.
pub(super) fn is_over(end: Date, today: Date) -> bool {
    (today - end).total((Unit::Day, today)).unwrap() >= 7.0
}
