//! What became of every event, and what must not have happened.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::behavior::Verdict;
use super::choices::No;
use super::program::{End, Line, Mode};
use super::receiver::Arrival;
use super::run::{MAX_EVENTS, Run};

/// How long after its request a program may still be killed before it has marked the event as done. The slowest answer takes 200 ms.
const SOON: Duration = Duration::from_secs(1);

/// How many faults of one kind are told one by one.
const TOLD: usize = 5;

/// Everything that was written down.
pub struct Records<'a> {
    pub runs: &'a [Run],
    pub arrivals: &'a [Arrival],
    /// When uploaders were killed.
    pub uploaders_killed: &'a [Instant],
    pub nos: &'a [No],
}

/// What became of an event that was accepted, or what was found beside that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    Received,
    /// Answered with 400.
    Refused,
    /// The user said no after it was accepted.
    Withdrawn,
    /// It waited for more than seven days.
    Expired,
    /// It was in memory only, as is allowed, and the program was killed or left.
    InMemory,
    /// The program that published it counted it under a reason.
    Counted,
    /// None of these.
    Missing,
}

impl Fate {
    pub const ALL: [Self; 7] =
        [Self::Received, Self::Refused, Self::Withdrawn, Self::Expired, Self::InMemory, Self::Counted, Self::Missing];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Refused => "refused by the receiver",
            Self::Withdrawn => "withdrawn by a no",
            Self::Expired => "expired",
            Self::InMemory => "lost in the memory of a killed program",
            Self::Counted => "lost for a reason that the program counted",
            Self::Missing => "lost without a reason",
        }
    }
}

/// Why an event was received more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    SenderKilled,
    UploaderKilled,
    /// The program ended, and its last request was still on the way.
    SenderEnded,
    /// The program that sent it first went on.
    None,
}

impl Cause {
    pub const ALL: [Self; 4] = [Self::SenderKilled, Self::UploaderKilled, Self::SenderEnded, Self::None];

    pub const fn name(self) -> &'static str {
        match self {
            Self::SenderKilled => "received twice, its sender was killed",
            Self::UploaderKilled => "received twice, its uploader was killed",
            Self::SenderEnded => "received twice, its sender ended before the answer",
            Self::None => "received twice, its sender went on",
        }
    }
}

/// The account of one home.
#[derive(Default)]
pub struct Account {
    pub runs: u64,
    pub killed: u64,
    pub accepted: BTreeMap<Mode, u64>,
    pub fates: BTreeMap<(Mode, Fate), u64>,
    /// Received, though the program was killed before it could write down that it was accepted.
    pub in_flight: u64,
    pub duplicates: BTreeMap<Cause, u64>,
    /// Events that were not accepted, by the reason that `publish` gave.
    pub not_accepted: BTreeMap<String, u64>,
    /// Events that were accepted in memory only, although more was asked for.
    pub only_in_memory: u64,
    pub requests: u64,
    /// Requests that began after a no was stored and before the next yes, and the longest time since the no.
    pub late: u64,
    pub latest: Duration,
    /// Events published before a no, and sent after the next yes.
    pub revived: u64,
    pub faults: Vec<String>,
}

impl Account {
    pub fn of(records: &Records<'_>) -> Self {
        let mut account = Self {
            runs: records.runs.len() as u64,
            killed: records.runs.iter().filter(|run| run.was_killed).count() as u64,
            requests: records.arrivals.len() as u64,
            ..Self::default()
        };
        let by_number = by_number(records.arrivals);
        let by_run: BTreeMap<u32, &Run> = records.runs.iter().map(|run| (run.plan.run, run)).collect();
        for run in records.runs {
            account.add_run(run, &by_number, records.nos);
        }
        for (number, arrivals) in &by_number {
            account.check_arrivals(*number, arrivals, &by_run, records.uploaders_killed);
        }
        account.check_choices(records, &by_number);
        account
    }

    fn add_run(&mut self, run: &Run, by_number: &BTreeMap<u32, Vec<&Arrival>>, nos: &[No]) {
        let mode = run.plan.mode;
        let mut counted = Counted::of(run);
        for (at, line) in &run.lines {
            let (number, in_memory) = match line {
                Line::Accepted(number) => (*number, mode == Mode::Relaxed),
                Line::InMemory(number) => {
                    self.only_in_memory += 1;
                    (*number, true)
                }
                Line::Lost(_, reason) => {
                    *self.not_accepted.entry(reason.clone()).or_default() += 1;
                    continue;
                }
                Line::Off(_) => {
                    *self.not_accepted.entry("telemetry is off".into()).or_default() += 1;
                    continue;
                }
                Line::Report(_) => continue,
            };
            *self.accepted.entry(mode).or_default() += 1;
            let arrivals = by_number.get(&number).map(Vec::as_slice).unwrap_or_default();
            let has = |verdict| arrivals.iter().any(|arrival| arrival.verdict == verdict);
            let ends_at_once = run.was_killed || run.plan.end == End::Exit;
            let fate = match () {
                () if has(Verdict::Taken) => Fate::Received,
                () if has(Verdict::Refused) => Fate::Refused,
                () if in_memory && ends_at_once => Fate::InMemory,
                () if nos.iter().any(|no| no.stored >= *at) => Fate::Withdrawn,
                () if counted.take() => Fate::Counted,
                () => Fate::Missing,
            };
            if fate == Fate::Missing {
                self.tell(Fate::Missing.name(), || {
                    format!("event {number} of {run:?}, sent {} times", arrivals.len(), run = Short(run))
                });
            }
            *self.fates.entry((mode, fate)).or_default() += 1;
        }
    }

    fn check_arrivals(&mut self, number: u32, arrivals: &[&Arrival], by_run: &BTreeMap<u32, &Run>, kills: &[Instant]) {
        let Some(run) = by_run.get(&(number / MAX_EVENTS)) else {
            return self.tell("of no run", || format!("event {number}"));
        };
        let index = (number - run.plan.first) as usize;
        if index >= run.lines.len() {
            self.in_flight += 1;
            // It was being published when the program was killed, and it is the only one.
            if !run.was_killed || index > run.lines.len() {
                self.tell("received, never published", || format!("event {number} of {:?}", Short(run)));
            }
        } else if matches!(run.lines[index].1, Line::Lost(..) | Line::Off(_)) {
            self.tell("received, though it was not accepted", || format!("event {number} of {:?}", Short(run)));
        }
        if arrivals.iter().any(|arrival| arrival.id != arrivals[0].id) {
            self.tell("with several ids", || format!("event {number} of {:?}", Short(run)));
        }
        let settled: Vec<&&Arrival> = arrivals.iter().filter(|arrival| arrival.verdict != Verdict::Failed).collect();
        for earlier in &settled[..settled.len().saturating_sub(1)] {
            let cause = cause(earlier, by_run.get(&earlier.run).copied(), kills);
            *self.duplicates.entry(cause).or_default() += 1;
            if cause == Cause::None {
                self.tell(cause.name(), || {
                    let senders = arrivals.iter().map(|arrival| {
                        let sender = by_run.get(&arrival.run).map(|run| Short(run));
                        let ms = arrival.at.duration_since(arrivals[0].at).as_millis();
                        format!("\n    after {ms} ms by {sender:?}, answered: {}", arrival.behavior.name())
                    });
                    format!("event {number} of {:?}{}", Short(run), senders.collect::<String>())
                });
            }
        }
    }

    fn check_choices(&mut self, records: &Records<'_>, by_number: &BTreeMap<u32, Vec<&Arrival>>) {
        for no in records.nos {
            let late = |arrival: &&Arrival| arrival.at > no.stored && arrival.at < no.yes_began;
            for arrival in records.arrivals.iter().filter(late) {
                self.late += 1;
                self.latest = self.latest.max(arrival.at - no.stored);
            }
        }
        for (at, number) in records.runs.iter().flat_map(accepted) {
            let revived = |arrival: &&Arrival| records.nos.iter().any(|no| at < no.began && arrival.at > no.yes_stored);
            if by_number.get(&number).is_some_and(|arrivals| arrivals.iter().any(revived)) {
                self.revived += 1;
            }
        }
    }

    fn tell(&mut self, kind: &str, what: impl FnOnce() -> String) {
        let so_far = self.faults.iter().filter(|fault| fault.starts_with(kind)).count();
        if so_far < TOLD {
            self.faults.push(format!("{kind}: {}", what()));
        }
    }

    /// The number of accepted events.
    pub fn all_accepted(&self) -> u64 {
        self.accepted.values().sum()
    }

    /// The number of events with this fate, whatever their mode.
    pub fn all(&self, fate: Fate) -> u64 {
        Mode::ALL.iter().filter_map(|mode| self.fates.get(&(*mode, fate))).sum()
    }

    /// What the programs that lived to say it counted as taken over from others and lost, apart from what a receiver refused or the
    /// user withdrew.
    pub fn lost_of_others(runs: &[Run]) -> u64 {
        let reports = runs.iter().filter_map(|run| run.report.as_ref());
        let dropped = reports.filter_map(|report| report.recovered["dropped"].as_object());
        dropped
            .flatten()
            .filter(|(reason, _)| !["refused", "consent_withdrawn"].contains(&reason.as_str()))
            .filter_map(|(_, count)| count.as_u64())
            .sum()
    }
}

fn by_number(arrivals: &[Arrival]) -> BTreeMap<u32, Vec<&Arrival>> {
    let mut by_number: BTreeMap<u32, Vec<&Arrival>> = BTreeMap::new();
    for arrival in arrivals {
        by_number.entry(arrival.number).or_default().push(arrival);
    }
    by_number.values_mut().for_each(|arrivals| arrivals.sort_by_key(|arrival| arrival.at));
    by_number
}

fn accepted(run: &Run) -> impl Iterator<Item = (Instant, u32)> + '_ {
    run.lines.iter().filter_map(|(at, line)| match line {
        Line::Accepted(number) | Line::InMemory(number) => Some((*at, *number)),
        _ => None,
    })
}

fn cause(earlier: &Arrival, sender: Option<&Run>, uploaders_killed: &[Instant]) -> Cause {
    let soon = earlier.at + SOON;
    if let Some(run) = sender.filter(|run| run.ended <= soon && run.ended + SOON >= earlier.at) {
        return if run.was_killed { Cause::SenderKilled } else { Cause::SenderEnded };
    }
    // The request of a killed process can be read after its death.
    match uploaders_killed.iter().any(|killed| *killed + SOON >= earlier.at && *killed <= soon) {
        true => Cause::UploaderKilled,
        false => Cause::None,
    }
}

/// How many events a program itself has counted as lost after it had accepted them.
struct Counted(u64);

impl Counted {
    fn of(run: &Run) -> Self {
        let Some(report) = &run.report else { return Self(0) };
        let all: u64 = report.dropped.iter().filter(|(reason, _)| *reason != "refused").map(|(_, count)| count).sum();
        let at_once = run.lines.iter().filter(|(_, line)| matches!(line, Line::Lost(..))).count() as u64;
        Self(all.saturating_sub(at_once))
    }

    fn take(&mut self) -> bool {
        let is_one = self.0 > 0;
        self.0 = self.0.saturating_sub(1);
        is_one
    }
}

/// A run in one line.
struct Short<'a>(&'a Run);

impl std::fmt::Debug for Short<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Run { plan, was_killed, lines, report, .. } = self.0;
        let end = if *was_killed { "was killed".into() } else { format!("ended by {:?}", plan.end) };
        write!(f, "run {} ({}, {} events, {end}, ", plan.run, plan.mode.name(), lines.len())?;
        match report {
            Some(report) => {
                write!(f, "delivered {}, spooled {}, dropped {:?})", report.delivered, report.spooled, report.dropped)
            }
            None => write!(f, "no report)"),
        }
    }
}

#[cfg(test)]
mod tests;
