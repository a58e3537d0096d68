//! The counted events of a journal.

use std::io;
use std::time::{Duration, Instant};

use super::{Journal, Place};
use crate::clock::{Moment, Stamp};
use crate::consent::{ConsentNow, LiveConsent};
use crate::delivery::counted::{self, CountFile, CountKey, CountSurvey, Failed, Kept, LostCounts, One, Whose, Writing};
use crate::delivery::counts::Loss;
use crate::delivery::spool::StoredEvent;
use crate::storage::StateDirectory;

/// What a client gives for its counts to be written.
pub(in crate::delivery) struct ForCounts<'c> {
    pub(in crate::delivery) consent: &'c LiveConsent,
    /// The id of an event that tells a count, from the number of an event that it counts.
    pub(in crate::delivery) id: &'c dyn Fn(u64) -> String,
    /// Hears of events that were accepted, and cannot be counted after all.
    pub(in crate::delivery) lose: &'c dyn Fn(Loss, u64),
}

impl Journal {
    /// Counts one more event, which `event` makes from the day that it is counted under.
    pub(in crate::delivery) fn count(
        &self,
        one: &One<'_>,
        given: &ForCounts<'_>,
        event: impl Fn(Stamp) -> StoredEvent,
    ) -> Result<Kept, Loss> {
        self.writing(given, |writing| self.counted.add(one, &self.clock.now(), writing, event))
    }

    /// Writes the counts that are pending, and waits for a thread that does so already, for as long as `patience`.
    pub(in crate::delivery) fn write_counts(&self, given: &ForCounts<'_>, patience: Duration) {
        self.writing(given, |writing| self.counted.write(&self.clock.now(), writing, patience));
    }

    fn writing<T>(&self, given: &ForCounts<'_>, write: impl FnOnce(&Writing<'_>) -> T) -> T {
        let open = |whose| self.open_counts(whose, given.consent);
        let open: Option<&dyn Fn(Whose) -> _> = if self.is_for_nothing() { None } else { Some(&open) };
        write(&Writing { open, id: given.id, lose: given.lose })
    }

    /// Data that was deleted when the user said no must not come back, even if the user says no at this very moment.
    fn open_counts(&self, whose: Whose, consent: &LiveConsent) -> Result<CountFile, Failed> {
        match consent.now() {
            ConsentNow::Given => {}
            ConsentNow::Denied => return Err(Failed::Denied),
            ConsentNow::Unreadable => return Err(io::Error::from(io::ErrorKind::PermissionDenied).into()),
        }
        let place = self.place.as_ref().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        let (state, key) = place.count_key()?;
        let file = match whose {
            Whose::Shared => CountFile::open_shared(state, &key),
            Whose::Own => CountFile::create_own(state, &key),
        };
        // A yes may have followed a no by now.
        if consent.erase_if_withdrawn(state) || consent.was_withdrawn() { Err(Failed::Denied) } else { Ok(file?) }
    }

    /// Whether there are counts of earlier days, and if so, whether they move on now.
    pub(in crate::delivery) fn are_counts_due(&self) -> Option<bool> {
        self.counted.is_due(self.clock.now().instant)
    }

    /// When the worker writes the counts that are pending, if there are any.
    pub(in crate::delivery) fn counts_are_written_at(&self) -> Option<Instant> {
        self.counted.is_written_at()
    }

    /// Whether all counts are written.
    pub(in crate::delivery) fn are_counts_written(&self) -> bool {
        self.counted.is_written()
    }

    /// The process is about to end: counts of earlier days wait no longer. Returns whether there are any.
    pub(in crate::delivery) fn hurry_counts(&self, patience: Duration) -> bool {
        self.counted.hurry(self.clock.now().instant, patience)
    }

    /// When counts move on, if this process has counted.
    pub(in crate::delivery) fn next_counts(&self) -> Option<Instant> {
        let now = self.clock.now();
        now.instant.checked_add(self.counted.wait(&now)?)
    }

    /// Moves the counts of earlier days to the spool, and returns these, and those that are in memory. Creates nothing on disk when there is
    /// nothing to move. With `leaves`, they move to a file that other processes can take at once.
    pub(in crate::delivery) fn take_counts(
        &self,
        consent: &LiveConsent,
        leaves: bool,
    ) -> (Vec<StoredEvent>, Vec<StoredEvent>) {
        let now: Moment = self.clock.now();
        let found = self.place.as_ref().and_then(Place::known_count_key).filter(|_| consent.holds());
        let on_disk = found.as_ref().map(|(state, key)| (*state, key));
        self.counted.take_earlier(&now, on_disk, |events| {
            let Some(place) = &self.place else { return 0 };
            #[cfg(feature = "http")]
            if leaves {
                return events.iter().take_while(|event| place.leave(event, consent).is_ok()).count();
            }
            let _ = leaves;
            let events: Vec<&StoredEvent> = events.iter().collect();
            self.lock().write(place, &events, consent, &self.clock)
        })
    }

    /// Counts nothing more, and returns what is in memory alone, and how many events that counts.
    pub(in crate::delivery) fn end_counts(&self, given: &ForCounts<'_>, patience: Duration) -> (Vec<StoredEvent>, u64) {
        self.writing(given, |writing| self.counted.end(&self.clock.now(), writing, patience))
    }

    pub(in crate::delivery) fn lost_counts(&self) -> LostCounts {
        self.counted.lost()
    }

    /// What is counted now, on disk by all processes, and in memory by this one.
    pub(crate) fn survey_counts(&self) -> CountSurvey {
        self.counted.survey(|| match self.place.as_ref().and_then(Place::known_count_key) {
            Some((state, key)) => counted::survey(state, &key, &self.clock.stamp()),
            None => CountSurvey::default(),
        })
    }
}

impl Place {
    fn count_key(&self) -> io::Result<(&StateDirectory, CountKey)> {
        let state = self.state.as_ref().ok_or(io::ErrorKind::NotFound)?;
        Ok((state, CountKey::new(&state.salt()?, self.application, &self.destination)))
    }

    /// The key, if a salt exists already.
    fn known_count_key(&self) -> Option<(&StateDirectory, CountKey)> {
        let state = self.state.as_ref()?;
        let salt = state.read_salt().ok()?;
        Some((state, CountKey::new(&salt, self.application, &self.destination)))
    }
}
