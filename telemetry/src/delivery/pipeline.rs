use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::counts::{Counts, Flushed, Loss};
use super::finish::Schemas;
use super::journal::{Journal, Problem};
use super::queue::{Load, Queue};
use super::spool::{Survey, Tally};
#[cfg(feature = "http")]
use super::uploader::Uploader;
use super::waiting::Waiting;
use super::worker;
use crate::consent::LiveConsent as Standing;
use crate::diagnostics;
use crate::event::Draft;
use crate::identity::Identity;
use crate::sink::Sink;
use crate::storage::SentEvent as Sent;

/// All that an event passes on its way.
pub(crate) struct Pipeline {
    pub(crate) queue: Queue,
    pub(crate) journal: Journal,
    pub(crate) identity: Identity,
    pub(crate) schemas: Schemas,
    pub(crate) standing: Standing,
    /// Taken by the worker.
    pub(crate) sink: Mutex<Option<Box<dyn Sink>>>,
    pub(crate) durability: Durability,
    /// A thread finds out the context, and will write what has waited for it.
    pub(crate) detecting: AtomicBool,
    /// The process that sends instead of this one.
    #[cfg(feature = "http")]
    pub(crate) uploader: Option<Uploader>,
}

/// What an event outlives from the moment at which `publish` returns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Durability {
    /// Nothing: it waits in memory. The worker writes it to disk when it could not be delivered, and so does the end of the client, when
    /// the time to wait is up. It is lost, and not counted by anybody, when the process is ended in another way before.
    #[default]
    Relaxed,
    /// The end of the process, whatever it is: `publish` writes the event to disk, with one write, before it returns. For
    /// command lines. It does not wait until the disk has the data, so a power failure can lose the last events.
    WriteAhead,
}

/// How an event was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Accepted {
    AsAsked,
    /// In memory, since it could not be written to disk.
    InMemory,
}

/// What became of all events, and where they are.
#[derive(Default)]
pub(crate) struct Account {
    pub(crate) counts: Counts,
    pub(crate) recovered: Counts,
    pub(crate) load: Load,
    pub(crate) survey: Option<Survey>,
    pub(crate) tally: Tally,
    pub(crate) problem: Option<Problem>,
}

impl Pipeline {
    pub(crate) fn accept(self: &Arc<Self>, draft: Draft) -> Result<Accepted, Loss> {
        if !self.schemas.is_within_budget(draft.schema()) {
            return Err(self.lose(Loss::OverBudget));
        }
        let waiting = self.queue.admit(draft)?;
        if self.leave(&waiting) {
            self.queue.leave_to_others();
            return Ok(Accepted::AsAsked);
        }
        let lacks_context = waiting.carries_context() && !self.identity.context().is_some();
        if self.durability == Durability::WriteAhead {
            self.keep(&waiting);
        }
        // What lacks the context is written as soon as it has it.
        let accepted = match self.durability {
            Durability::WriteAhead if !(waiting.is_stored() || lacks_context || self.journal.is_for_nothing()) => {
                Accepted::InMemory
            }
            _ => Accepted::AsAsked,
        };
        let mut starts = false;
        self.queue.push(waiting, || {
            starts = true;
            worker::start(self)
        })?;
        if lacks_context && !starts {
            worker::start_detection(self);
        }
        Ok(accepted)
    }

    /// Finds out the context, and writes what has waited for it.
    pub(super) fn detect(&self) {
        self.identity.detect(&self.standing);
        // Whoever comes from now on cannot count on what is written here.
        self.detecting.store(false, Ordering::SeqCst);
        if self.durability == Durability::WriteAhead {
            self.store(&self.queue.volatile());
        }
    }

    /// Whether another process sends what is published here.
    pub(super) const fn leaves_to_others(&self) -> bool {
        #[cfg(feature = "http")]
        return self.uploader.is_some();
        #[cfg(not(feature = "http"))]
        return false;
    }

    /// Leaves an event on disk for the process that uploads, if there is one, and starts that when it is time.
    pub(super) fn leave(&self, waiting: &Waiting) -> bool {
        #[cfg(feature = "http")]
        if let Some(uploader) = &self.uploader
            && let Some(event) = self.finish(waiting)
            && self.journal.leave(waiting, &event, &self.standing)
        {
            uploader.start_if_due();
            return true;
        }
        let _ = waiting;
        false
    }

    pub(crate) fn lose(&self, loss: Loss) -> Loss {
        self.queue.lose(loss);
        loss
    }

    pub(crate) fn flush(&self, timeout: Duration) -> Flushed {
        self.queue.flush(timeout)
    }

    pub(crate) fn close(&self, timeout: Duration) -> Flushed {
        let flushed = self.queue.close(timeout, |volatile| self.store(volatile));
        self.journal.end();
        if !self.queue.has_worker() {
            self.journal.release();
        }
        if flushed != Flushed::default() {
            diagnostics::ended(flushed);
        }
        flushed
    }

    /// Sends what other processes left behind, for at most so long, and says whether there was anything.
    #[cfg(feature = "http")]
    pub(crate) fn upload(self: &Arc<Self>, timeout: Duration) -> bool {
        let before = self.queue.recovered().published();
        self.recover();
        let found = self.queue.recovered().published() > before;
        if found && self.queue.start(|| worker::start(self)).is_ok() {
            self.queue.drain(timeout);
        }
        found
    }

    pub(crate) fn counts(&self) -> Counts {
        self.queue.counts()
    }

    pub(crate) fn account(&self) -> Account {
        let (tally, problem) = self.journal.found();
        Account {
            counts: self.queue.counts(),
            recovered: self.queue.recovered(),
            load: self.queue.load(),
            survey: self.journal.survey(),
            tally,
            problem,
        }
    }

    pub(super) fn recover(&self) {
        self.queue.recover(self.journal.recover(&self.standing));
    }

    /// Writes to disk what is in memory alone.
    pub(super) fn store(&self, volatile: &[Arc<Waiting>]) {
        for waiting in volatile {
            if !self.keep(waiting) {
                break;
            }
        }
        self.queue.recover(self.journal.found_on_the_way());
        self.queue.stored();
    }

    /// Writes an event to disk if it can be finished, and says whether the next one may be tried.
    fn keep(&self, waiting: &Waiting) -> bool {
        let finished = self.finish(waiting);
        finished.is_none_or(|event| self.journal.keep(waiting, &event, &self.standing))
    }

    /// Keeps what was sent for the user to read, unless they have said no meanwhile.
    pub(super) fn record(&self, sent: &Sent) {
        let Some(state) = self.journal.state() else { return };
        if self.standing.holds() {
            state.record_sent(sent);
        }
        if self.standing.is_withdrawn() {
            let _ = state.erase();
        }
    }
}
