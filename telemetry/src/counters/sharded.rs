//! A sum that many threads add to without waiting for each other.

use super::{SLOTS, slot};
use crate::sync::atomic::{AtomicU64, Ordering};

/// What was counted, and how much of it has been taken. Sums wrap around; what lies between two of them is right.
#[derive(Default)]
pub(super) struct Sharded {
    shards: [Shard; SLOTS],
    /// How much has been taken, and above it how often what was counted was forgotten: no thread sees one without the other.
    taken: AtomicU64,
}

/// The bits of a sum: one more than those of the largest number that an event can hold.
const SUM: u64 = (1 << 54) - 1;

/// One more time that what was counted was forgotten. While an event takes and gives back, that does not happen a thousand times.
const RESET: u64 = SUM + 1;

/// What was taken at once.
#[derive(Clone, Copy)]
pub(super) struct Taken {
    pub(super) amount: u64,
    /// The resets before.
    resets: u64,
}

/// In a cache line of its own, so that no thread slows down another.
#[derive(Default)]
#[repr(align(64))]
struct Shard {
    /// Written only by the thread that owns the slot.
    own: AtomicU64,
    /// Written by all threads that own none.
    shared: AtomicU64,
}

impl Sharded {
    #[inline]
    pub(super) fn add(&self, amount: u64) {
        match self.shards.get(slot::own()) {
            Some(shard) => shard.add_as_owner(amount),
            None => self.find_and_add(amount),
        }
    }

    #[inline(never)]
    fn find_and_add(&self, amount: u64) {
        let (slot, is_own) = slot::find();
        match self.shards.get(slot) {
            Some(shard) if is_own => shard.add_as_owner(amount),
            Some(shard) => {
                shard.shared.fetch_add(amount, Ordering::Relaxed);
            }
            None => {}
        }
    }

    fn total(&self) -> u64 {
        let shards = self.shards.iter().flat_map(|shard| [&shard.own, &shard.shared]);
        shards.fold(0, |sum, count| sum.wrapping_add(count.load(Ordering::Relaxed)))
    }

    /// What was counted and not taken.
    pub(super) fn left(&self) -> u64 {
        let taken = self.taken.load(Ordering::Acquire);
        self.total().wrapping_sub(taken) & SUM
    }

    /// Takes what was counted: no other call takes it, unless it is given back.
    pub(super) fn take(&self) -> Taken {
        self.take_and_add(0)
    }

    /// What was taken before a reset stays forgotten.
    pub(super) fn give_back(&self, Taken { amount, resets }: Taken) {
        let less = |taken: u64| (taken & !SUM == resets).then_some(resets | (taken.wrapping_sub(amount) & SUM));
        let _ = self.taken.fetch_update(Ordering::AcqRel, Ordering::Acquire, less);
    }

    /// Forgets what was counted, also what an event has taken that is not accepted yet.
    pub(super) fn reset(&self) {
        self.take_and_add(RESET);
    }

    fn take_and_add(&self, resets: u64) -> Taken {
        let mut before = self.taken.load(Ordering::Acquire);
        loop {
            // The total only grows. Read after `taken`, it is at least as large.
            let total = self.total() & SUM;
            let taken = Taken { amount: total.wrapping_sub(before) & SUM, resets: before & !SUM };
            let after = taken.resets.wrapping_add(resets) | total;
            match self.taken.compare_exchange_weak(before, after, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return taken,
                Err(now) => before = now,
            }
        }
    }
}

impl Shard {
    /// Only the owner writes it, so a load and a store suffice. An atomic addition would take several times as long.
    #[inline]
    fn add_as_owner(&self, amount: u64) {
        self.own.store(self.own.load(Ordering::Relaxed).wrapping_add(amount), Ordering::Relaxed);
    }
}
