//! Counted events: equal ones are counted in a file that all processes of an application share, and sent once the day is over, each with
//! its count.
//!
//! What is over moves into the spool first, which is delivered like any other event. An event keeps its id on this way, so that a
//! receiver recognizes one that a crash has left in both places.

mod day;
mod file;
#[cfg(all(feature = "http", any(fuzzing, test)))]
mod fuzz;
mod ledger;
mod line;
mod memory;
mod more;
mod owner;
mod pending;
mod shared;

pub(super) use self::file::CountFile;
#[cfg(all(feature = "http", any(fuzzing, test)))]
pub(crate) use self::fuzz::counted as fuzz;
pub(super) use self::line::CountKey;
pub(super) use self::more::{Failed, Kind};
pub(crate) use self::shared::{CountSurvey, Counted, LostCounts};
pub(super) use self::shared::{Kept, One, Whose, Writing};
use super::retry::{self, Age};
use super::spool::StoredEvent;
use crate::clock::Stamp;
use crate::storage::StateDirectory;

/// What is counted on disk now.
pub(super) fn survey(state: &StateDirectory, key: &CountKey, now: &Stamp) -> CountSurvey {
    let mut survey = CountSurvey::default();
    let files = owner::names(state, key).into_iter().filter_map(|name| {
        let file = CountFile::open(state, key, name, false).ok()?;
        file.read_all().ok()
    });
    for line::Contents { taken, entries, .. } in files {
        for entry in entries {
            let day = &entry.event.at;
            let is_taken = taken.is_some_and(|taken| taken.at >= day.at);
            let sum = if is_taken || day::is_over(day, now) { &mut survey.earlier } else { &mut survey.today };
            *sum += u64::from(entry.count);
            survey.distinct += 1;
        }
    }
    survey
}

fn is_expired(event: &StoredEvent, now: &Stamp) -> bool {
    retry::age(&event.at, now) == Age::Expired
}

#[cfg(test)]
mod tests;
