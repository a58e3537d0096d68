//! What is added to a count, and why it could not be.

use std::io;

use crate::clock::Stamp;
use crate::delivery::spool::StoredEvent;

/// By what equal events are told from others.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::delivery) struct Kind<'e> {
    pub(in crate::delivery) body: &'e str,
    pub(in crate::delivery) schema: &'e str,
    pub(in crate::delivery) by_operator: bool,
}

impl<'e> Kind<'e> {
    pub(super) fn of(event: &'e StoredEvent) -> Self {
        Self { body: &event.body, schema: &event.schema, by_operator: event.by_operator }
    }
}

/// Equal events that are added to one count.
#[derive(Clone, Copy)]
pub(super) struct More<'e> {
    pub(super) kind: Kind<'e>,
    pub(super) events: u32,
    /// When they were published: they are counted under this day, unless its counts are on their way already, or a process has begun the next.
    pub(super) published: Stamp,
    pub(super) now: Stamp,
}

/// Why an event could not be counted in a file.
#[derive(Debug)]
pub(in crate::delivery) enum Failed {
    /// The limit of distinct events is reached, or the count is as large as it can be.
    Full,
    /// Consent was withdrawn.
    Denied,
    Io(io::Error),
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
