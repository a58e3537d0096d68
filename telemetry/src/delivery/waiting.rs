use std::sync::atomic::{AtomicBool, Ordering};

use super::spool::StoredEvent;
use crate::clock::Stamp;
use crate::event::Draft;

/// A waiting event.
pub(crate) struct Waiting {
    /// Its number in this client. It is part of the id by which a receiver recognizes the event.
    pub(super) ticket: u64,
    /// When it was published.
    pub(super) at: Stamp,
    pub(super) content: Content,
    /// Whether it is also on disk.
    stored: AtomicBool,
    /// Whether it has an outcome, so that it need not be on disk.
    settled: AtomicBool,
}

pub(super) enum Content {
    /// Published by this client.
    Fresh(Draft),
    /// Left behind by an earlier process, or counted.
    Recovered(StoredEvent),
}

impl Waiting {
    pub(super) const fn fresh(ticket: u64, at: Stamp, draft: Draft) -> Self {
        Self::of(ticket, at, Content::Fresh(draft), false)
    }

    pub(super) const fn recovered(ticket: u64, event: StoredEvent) -> Self {
        Self::of(ticket, event.at, Content::Recovered(event), true)
    }

    /// An event with the count of others. It may be on disk.
    pub(super) const fn counted(ticket: u64, event: StoredEvent, stored: bool) -> Self {
        Self::of(ticket, event.at, Content::Recovered(event), stored)
    }

    const fn of(ticket: u64, at: Stamp, content: Content, stored: bool) -> Self {
        Self { ticket, at, content, stored: AtomicBool::new(stored), settled: AtomicBool::new(false) }
    }

    /// The length of its body, in bytes.
    pub(super) fn len(&self) -> usize {
        match &self.content {
            Content::Fresh(draft) => draft.len(),
            Content::Recovered(event) => event.body.len(),
        }
    }

    /// Whether the event carries the context but does not have it yet.
    pub(super) const fn lacks_context(&self) -> bool {
        match &self.content {
            Content::Fresh(draft) => draft.carries_context(),
            Content::Recovered(event) => event.lacks_context,
        }
    }

    pub(super) fn is_stored(&self) -> bool {
        self.stored.load(Ordering::Relaxed)
    }

    pub(super) fn set_stored(&self, stored: bool) {
        self.stored.store(stored, Ordering::Relaxed);
    }

    pub(super) fn is_settled(&self) -> bool {
        self.settled.load(Ordering::Relaxed)
    }

    pub(super) fn set_settled(&self) {
        self.settled.store(true, Ordering::Relaxed);
    }
}
