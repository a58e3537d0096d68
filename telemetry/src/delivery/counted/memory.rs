//! Counted events of a client that keeps nothing on disk, or cannot.

use telemetry_spec::counted::{MAX_COUNT, MAX_DISTINCT};

use super::day;
use super::more::{Failed, Kind, More};
use crate::clock::Stamp;
use crate::delivery::spool::StoredEvent;
use crate::event::add_count;
use crate::sink::name_of;

#[derive(Default)]
pub(super) struct Memory {
    taken: Option<Stamp>,
    day: Option<Stamp>,
    entries: Vec<(StoredEvent, u32)>,
}

impl Memory {
    /// Counts more events, and returns how many: fewer if the count is as large as it can be. `event` makes one when it is the first of its kind,
    /// from the day that it is counted under.
    pub(super) fn add(&mut self, more: &More<'_>, event: impl FnOnce(Stamp) -> StoredEvent) -> Result<u32, Failed> {
        let More { kind, events, published, now } = more;
        let is_taken = self.taken.is_some_and(|taken| taken.at >= day::begin(published, None).at);
        let now = if is_taken { now } else { published };
        let day = self.day.filter(|day| !day::is_over(day, now));
        let day = day.unwrap_or_else(|| day::begin(now, self.day.or(self.taken).as_ref()));
        self.day = Some(day);
        let mut of_today = self.entries.iter_mut().filter(|(event, _)| event.at == day);
        if let Some((_, count)) = of_today.find(|(event, _)| Kind::of(event) == *kind) {
            let added = (*events).min(MAX_COUNT - *count);
            *count += added;
            return if added == 0 { Err(Failed::Full) } else { Ok(added) };
        }
        let name = name_of(kind.body);
        let distinct = self.entries.iter().filter(|(event, _)| event.at == day && name_of(&event.body) == name);
        if distinct.count() >= MAX_DISTINCT {
            return Err(Failed::Full);
        }
        let added = (*events).min(MAX_COUNT);
        self.entries.push((event(day), added));
        Ok(added)
    }

    /// The day that is being counted.
    pub(super) const fn day(&self) -> Option<&Stamp> {
        self.day.as_ref()
    }

    /// Whether there are counts of days that are over.
    pub(super) fn has_earlier(&self, now: &Stamp) -> bool {
        self.entries.iter().any(|(event, _)| self.is_earlier(event, now))
    }

    fn is_earlier(&self, event: &StoredEvent, now: &Stamp) -> bool {
        self.day != Some(event.at) || day::is_over(&event.at, now)
    }

    /// Takes the counts of days that are over.
    pub(super) fn take_earlier(&mut self, now: &Stamp) -> Vec<StoredEvent> {
        let entries = std::mem::take(&mut self.entries);
        let (earlier, rest) = entries.into_iter().partition(|(event, _)| self.is_earlier(event, now));
        self.entries = rest;
        if self.day.is_some_and(|day| day::is_over(&day, now)) {
            self.taken = self.day.take();
        }
        self.give(earlier)
    }

    /// Takes all counts.
    pub(super) fn take_all(&mut self) -> Vec<StoredEvent> {
        let entries = std::mem::take(&mut self.entries);
        self.give(entries)
    }

    fn give(&mut self, entries: Vec<(StoredEvent, u32)>) -> Vec<StoredEvent> {
        self.taken = entries.iter().map(|(event, _)| event.at).chain(self.taken).max_by_key(|day| day.at);
        let counted = |(event, count): (StoredEvent, u32)| StoredEvent { body: add_count(&event.body, count), ..event };
        entries.into_iter().map(counted).collect()
    }

    pub(super) const fn distinct(&self) -> usize {
        self.entries.len()
    }

    /// How many events are counted.
    pub(super) fn events(&self) -> u64 {
        self.entries.iter().map(|(_, count)| u64::from(*count)).sum()
    }
}
