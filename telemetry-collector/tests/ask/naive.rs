//! A count as one would do it by hand: over all rows for each number.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Weekday;
use telemetry_collector::arrival::{Arrival, Day};
use telemetry_collector::ask::Filter;

use super::fixture::{Asked, TODAY};

/// An event, as its application sees it.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) event: &'static str,
    pub(crate) is_wider: bool,
    pub(crate) install: u8,
    /// Days before today.
    pub(crate) age: i32,
    pub(crate) is_ephemeral: bool,
    pub(crate) by_hand: bool,
    pub(crate) wait: Option<u32>,
    pub(crate) command: Option<&'static str>,
    pub(crate) compiler: Option<&'static str>,
    pub(crate) flags: Vec<&'static str>,
    pub(crate) steps: Vec<(&'static str, bool)>,
    /// `local` with `sandbox`, or `remote` with `tls`.
    pub(crate) mode: Option<(&'static str, bool)>,
}

impl Row {
    pub(crate) fn day(&self) -> Day {
        Day(TODAY.0 - self.age)
    }

    pub(crate) fn version(&self) -> &'static str {
        if self.event == "run" && self.is_wider { "0.2.0" } else { "0.1.0" }
    }

    /// Ephemeral ids are others than those of installations.
    fn id(&self) -> u8 {
        if self.is_ephemeral { 170 + self.install % 80 } else { self.install }
    }

    pub(crate) fn arrival(&self, asked: &Asked) -> Arrival {
        let mut envelope = asked.envelope(self.id(), self.day());
        envelope.is_ephemeral = self.is_ephemeral;
        let schemas = &asked.schemas;
        let schema = match (self.event, self.is_wider) {
            ("started", _) => &schemas.started,
            (_, true) => &schemas.wider_run,
            (_, false) => &schemas.run,
        };
        asked.event(schema, envelope, &self.payload())
    }

    fn payload(&self) -> String {
        let mut members = vec![format!(r#""by_hand":{}"#, self.by_hand)];
        if self.event == "run" {
            let wait =
                self.wait.map(|wait| if self.is_wider { format!("\"{}\"", bucket(wait)) } else { wait.to_string() });
            members.extend(wait.map(|wait| format!(r#""wait":{wait}"#)));
            members.extend(self.command().map(|command| format!(r#""command":"{command}""#)));
            members.extend(self.compiler.map(|compiler| format!(r#""compiler":"{compiler}""#)));
            if self.is_wider {
                members.push(format!(r#""flags":{}"#, serde_json::to_string(&self.flags).unwrap()));
                let steps = self.steps.iter().map(|(name, cached)| format!(r#"{{"name":"{name}","cached":{cached}}}"#));
                members.push(format!(r#""steps":[{}]"#, steps.collect::<Vec<_>>().join(",")));
                members.extend(self.mode.map(|(kind, value)| {
                    let name = if kind == "local" { "sandbox" } else { "tls" };
                    format!(r#""mode":{{"kind":"{kind}","{name}":{value}}}"#)
                }));
            }
        }
        format!("{{{}}}", members.join(","))
    }

    /// The value, if it was sent in this variant.
    pub(crate) fn mode(&self, kind: &str) -> Option<bool> {
        self.mode.filter(|(own, _)| self.is_wider && *own == kind).map(|(_, value)| value)
    }

    /// The earlier release lacks a word.
    pub(crate) fn command(&self) -> Option<&'static str> {
        self.command.map(|command| if self.is_wider || command != "check" { command } else { "other" })
    }
}

pub(crate) fn bucket(wait: u32) -> &'static str {
    match wait {
        0..10 => "<10",
        10..100 => "10-99",
        _ => "100+",
    }
}

/// The rows of one event, in the order of arrival.
pub(crate) struct Naive<'r> {
    rows: Vec<(usize, &'r Row)>,
    /// Those of all events.
    all: &'r [Row],
    filter: Filter,
}

/// A number of installations.
pub(crate) type Ids = BTreeSet<u8>;

impl<'r> Naive<'r> {
    pub(crate) fn new(event: &str, all: &'r [Row], query: &str) -> Self {
        let rows = all.iter().enumerate().filter(|(_, row)| row.event == event).collect();
        Self { rows, all, filter: Filter::parse(query).unwrap() }
    }

    /// The rows of the asked days and version.
    fn asked(&self) -> impl Iterator<Item = &(usize, &'r Row)> {
        let from = self.filter.from.unwrap_or(Day(i32::MIN));
        let until = self.filter.until.unwrap_or(TODAY);
        self.rows.iter().filter(move |(_, row)| {
            (from..=until).contains(&row.day())
                && self.filter.version.as_ref().is_none_or(|version| version == row.version())
        })
    }

    fn matches(&self, row: &Row) -> bool {
        self.filter.conditions.iter().all(|condition| {
            let value = match condition.path.as_str() {
                "by_hand" => Some(row.by_hand.to_string()),
                "command" => row.command().map(str::to_owned),
                "compiler" => row.compiler.map(str::to_owned),
                "wait" => row.wait.filter(|_| row.is_wider).map(|wait| bucket(wait).to_owned()),
                path => panic!("{path}"),
            };
            value.unwrap_or_default() == condition.value
        })
    }

    pub(crate) fn events(&self) -> usize {
        self.asked().filter(|(_, row)| self.matches(row)).count()
    }

    pub(crate) fn ephemeral(&self) -> usize {
        self.asked().filter(|(_, row)| self.matches(row) && row.is_ephemeral).count()
    }

    /// The latest row of each installation, if it matches.
    pub(crate) fn latest(&self) -> Vec<&'r Row> {
        let ids: Ids = self.asked().filter(|(_, row)| !row.is_ephemeral).map(|(_, row)| row.install).collect();
        let latest = ids.into_iter().filter_map(|id| {
            let own = self.asked().filter(|(_, row)| !row.is_ephemeral && row.install == id);
            own.max_by_key(|(number, row)| (row.day(), *number)).map(|(_, row)| *row)
        });
        latest.filter(|row| self.matches(row)).collect()
    }

    /// The last row of each installation within these days that matches.
    pub(crate) fn last_within(&self, first: Day, end: Day) -> Vec<&'r Row> {
        let within = || {
            self.asked()
                .filter(move |(_, row)| !row.is_ephemeral && (first..end).contains(&row.day()) && self.matches(row))
        };
        let ids: Ids = within().map(|(_, row)| row.install).collect();
        ids.into_iter()
            .filter_map(|id| {
                let own = within().filter(|(_, row)| row.install == id);
                own.max_by_key(|(number, row)| (row.day(), *number)).map(|(_, row)| *row)
            })
            .collect()
    }

    /// The first day of an installation over all events.
    pub(crate) fn first_day(&self, install: u8) -> Day {
        self.all.iter().filter(|row| !row.is_ephemeral && row.install == install).map(Row::day).min().unwrap()
    }

    /// Those of these installations that were new within these days.
    pub(crate) fn new_within(&self, first: Day, end: Day) -> Ids {
        let active = self.last_within(first, end);
        active.iter().map(|row| row.install).filter(|id| (first..end).contains(&self.first_day(*id))).collect()
    }

    pub(crate) fn active_within(&self, first: Day, end: Day) -> Ids {
        self.last_within(first, end).iter().map(|row| row.install).collect()
    }
}

/// The Monday on or before a day.
pub(crate) fn monday(day: Day) -> Day {
    let mut date = day.date();
    while date.weekday() != Weekday::Monday {
        date = date.yesterday().unwrap();
    }
    date.to_string().parse().unwrap()
}

/// The first days of months.
pub(crate) fn month(day: Day) -> (Day, Day) {
    let first = day.date().first_of_month();
    let end = first.checked_add(1.month()).unwrap();
    (first.to_string().parse().unwrap(), end.to_string().parse().unwrap())
}
