use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use super::spool::Stored;
use crate::event::Draft;

/// An event that waits.
pub(crate) struct Waiting {
    /// Its number in this client, part of the id by which a receiver knows it again.
    pub(super) ticket: u64,
    /// When it was published, in seconds since 1970.
    pub(super) at: u64,
    pub(super) content: Content,
    /// Whether it is on disk too.
    stored: AtomicBool,
    /// Whether its fate is known, so that it need not be on disk.
    settled: AtomicBool,
}

pub(super) enum Content {
    /// Published by this client.
    Fresh(Draft),
    /// Left behind by an earlier process.
    Recovered(Stored),
}

impl Waiting {
    pub(super) fn fresh(ticket: u64, draft: Draft) -> Self {
        Self::of(ticket, now(), Content::Fresh(draft), false)
    }

    pub(super) const fn recovered(ticket: u64, event: Stored) -> Self {
        Self::of(ticket, event.at, Content::Recovered(event), true)
    }

    const fn of(ticket: u64, at: u64, content: Content, stored: bool) -> Self {
        Self { ticket, at, content, stored: AtomicBool::new(stored), settled: AtomicBool::new(false) }
    }

    /// The length of its body, in bytes.
    pub(super) fn len(&self) -> usize {
        match &self.content {
            Content::Fresh(draft) => draft.len(),
            Content::Recovered(event) => event.body.len(),
        }
    }

    pub(super) const fn carries_context(&self) -> bool {
        matches!(&self.content, Content::Fresh(draft) if draft.carries_context())
    }

    pub(super) fn is_stored(&self) -> bool {
        self.stored.load(Ordering::Relaxed)
    }

    pub(super) fn set_stored(&self) {
        self.stored.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_settled(&self) -> bool {
        self.settled.load(Ordering::Relaxed)
    }

    pub(super) fn set_settled(&self) {
        self.settled.store(true, Ordering::Relaxed);
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs()
}
