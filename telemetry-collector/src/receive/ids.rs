//! Ids for the events of clients that give none.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::arrival::EventId;

/// Makes ids as a client does: random bytes of this process, and a counter.
#[derive(Debug)]
pub(super) struct Ids {
    series: [u8; 16],
    next: AtomicU64,
}

impl Ids {
    pub(super) fn new() -> Result<Self, getrandom::Error> {
        let mut series = [0; 16];
        getrandom::fill(&mut series)?;
        Ok(Self { series, next: AtomicU64::new(0) })
    }

    pub(super) fn next(&self) -> EventId {
        EventId(self.series, self.next.fetch_add(1, Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_ids_are_the_same() {
        let (one, other) = (Ids::new().unwrap(), Ids::new().unwrap());
        let all = [one.next(), one.next(), other.next(), other.next()];
        let distinct: std::collections::HashSet<_> = all.into_iter().collect();
        assert_eq!(distinct.len(), 4);
    }
}
