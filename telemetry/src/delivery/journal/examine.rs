//! Whether there is a place for what a client keeps, found out without writing.

use std::io;

use super::{Journal, Place, Problem};
use crate::storage::{SentEvent, StateDirectory};

impl Journal {
    /// Why events could not be kept now.
    pub(crate) fn examine(&self) -> Option<Problem> {
        self.place()?.examine().err()
    }

    /// Why what is sent could not be recorded now.
    pub(crate) fn examine_record(&self) -> Option<Problem> {
        self.place()?.examine_record().err()
    }

    /// Keeps a record of a sent event.
    pub(in crate::delivery) fn record(&self, state: &StateDirectory, sent: &SentEvent) {
        let recorded = state.record_sent(sent);
        let why = |error: io::Error| self.examine_record().unwrap_or_else(|| error.into());
        self.lock().unrecorded = recorded.err().map(why);
    }

    /// Why the last event that was sent could not be recorded, or the next one could not be now.
    pub(in crate::delivery) fn unrecorded(&self) -> Option<Problem> {
        let last = self.lock().unrecorded;
        last.or_else(|| self.examine_record())
    }
}

impl Place {
    pub(super) fn examine(&self) -> Result<(), Problem> {
        self.usable()?.examine_salt().map_err(|_| Problem::FileUnusable)
    }

    fn examine_record(&self) -> Result<(), Problem> {
        self.usable()?.examine_sent().map_err(|_| Problem::FileUnusable)
    }

    fn usable(&self) -> Result<&StateDirectory, Problem> {
        let state = self.state.as_ref().ok_or(Problem::NoDirectory)?;
        state.examine().map_err(Problem::of_directory)?;
        Ok(state)
    }
}
