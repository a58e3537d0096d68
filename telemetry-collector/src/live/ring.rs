//! The last arrivals, in memory.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;

use super::note::Note;
use super::values::Value;
use crate::arrival::{Arrival, Day, Fate};
use crate::check::Known;

/// How many arrivals are kept.
const MOST: usize = 200;

/// How long an arrival is kept, and how long arrivals are noted after somebody looked.
const TIME: Duration = Duration::from_secs(10 * 60);

/// The arrivals of the last minutes.
#[derive(Debug)]
pub struct Live(Mutex<Ring>);

#[derive(Debug)]
struct Ring {
    arrivals: VecDeque<(Instant, Note, Fate)>,
    /// When somebody looked last, or when the collector was started.
    looked: Instant,
}

/// One arrival.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Arrived {
    /// How many seconds ago it came.
    pub seconds_ago: u64,
    /// What became of it.
    pub fate: Fate,
    /// The name of the event, if a released schema has it.
    pub event: Option<String>,
    /// The version of its schema.
    pub version: Option<String>,
    /// The hash of its schema, if that is not known.
    pub unknown_schema: Option<String>,
    /// The day on which it was published.
    pub day: Option<Day>,
    /// Whether its anonymous id lives as long as one process.
    pub is_ephemeral: bool,
    /// What is wrong with it.
    pub fault: Option<String>,
    /// Where that is, in the schema. Empty for the event as a whole.
    pub path: Option<String>,
    /// The values that were sent. `None` if they were too large to be kept, or did not fit; and where small counts are hidden, on the page and in the API.
    pub values: Option<Vec<Value>>,
}

impl Default for Live {
    fn default() -> Self {
        Self(Mutex::new(Ring { arrivals: VecDeque::new(), looked: Instant::now() }))
    }
}

impl Live {
    /// Notes arrivals before the store takes them, if somebody has looked in the last minutes.
    pub(crate) fn note<'a>(
        &self,
        arrivals: impl Iterator<Item = &'a Arrival>,
        known: &Known,
        now: Instant,
    ) -> Option<Vec<Note>> {
        let is_watched = self.ring(|ring| now.saturating_duration_since(ring.looked) < TIME);
        is_watched.then(|| arrivals.map(|arrival| Note::of(arrival, known)).collect())
    }

    /// Keeps what was noted, now that its fate is known.
    pub(crate) fn keep(&self, notes: Vec<Note>, fates: &[Fate], now: Instant) {
        self.ring(|ring| {
            ring.arrivals.extend(notes.into_iter().zip(fates).map(|(note, fate)| (now, note, *fate)));
            ring.forget(now);
        });
    }

    /// Forgets what is too old. To be called every few seconds.
    pub(crate) fn forget(&self, now: Instant) {
        self.ring(|ring| ring.forget(now));
    }

    /// The arrivals of the last minutes, the newest first. From now on, arrivals are noted.
    pub fn look(&self) -> Vec<Arrived> {
        self.look_at(Instant::now())
    }

    fn look_at(&self, now: Instant) -> Vec<Arrived> {
        self.ring(|ring| {
            ring.looked = now;
            ring.forget(now);
            ring.arrivals
                .iter()
                .rev()
                .map(|(at, note, fate)| arrived(now.saturating_duration_since(*at), note, *fate))
                .collect()
        })
    }

    fn ring<T>(&self, work: impl FnOnce(&mut Ring) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Ring {
    fn forget(&mut self, now: Instant) {
        let surplus = self.arrivals.len().saturating_sub(MOST);
        self.arrivals.drain(..surplus);
        let is_old = |(at, ..): &(Instant, Note, Fate)| now.saturating_duration_since(*at) >= TIME;
        while self.arrivals.front().is_some_and(is_old) {
            self.arrivals.pop_front();
        }
    }
}

fn arrived(ago: Duration, note: &Note, fate: Fate) -> Arrived {
    let (fault, path) = note.fault().unzip();
    Arrived {
        seconds_ago: ago.as_secs(),
        fate,
        event: note.event(),
        version: note.version(),
        unknown_schema: note.unknown_schema(),
        day: note.day,
        is_ephemeral: note.is_ephemeral,
        fault,
        path,
        values: note.values(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arrival::EventId;

    const SECOND: Duration = Duration::from_secs(1);

    fn arrival() -> Arrival {
        Arrival::Deletion { id: EventId([0; 16], 1), anonymous_id: crate::arrival::AnonymousId([0; 32]) }
    }

    fn arrive(live: &Live, count: usize, now: Instant) {
        let arrivals: Vec<Arrival> = (0..count).map(|_| arrival()).collect();
        if let Some(notes) = live.note(arrivals.iter(), &Known::default(), now) {
            live.keep(notes, &vec![Fate::Deleted; count], now);
        }
    }

    #[test]
    fn it_holds_so_many_and_no_longer() {
        let (live, begin) = (Live::default(), Instant::now());
        arrive(&live, 300, begin);
        assert_eq!(live.look_at(begin + SECOND).len(), MOST);
        arrive(&live, 1, begin + 2 * SECOND);
        let seen = live.look_at(begin + 3 * SECOND);
        assert_eq!((seen.len(), seen[0].seconds_ago, seen[1].seconds_ago), (MOST, 1, 3));
        assert_eq!(live.look_at(begin + TIME + SECOND).len(), 1);
        live.forget(begin + TIME + 2 * SECOND);
        assert_eq!(live.ring(|ring| ring.arrivals.len()), 0);
    }

    #[test]
    fn it_costs_nothing_while_nobody_looks() {
        let (live, begin) = (Live::default(), Instant::now());
        let later = begin + TIME + SECOND;
        arrive(&live, 1, later);
        assert_eq!(live.look_at(later), []);
        arrive(&live, 1, later);
        assert_eq!(live.look_at(later).len(), 1);
    }
}
