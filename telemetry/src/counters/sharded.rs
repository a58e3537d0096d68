//! A sum that many threads add to without waiting for each other.

use std::sync::atomic::{AtomicU64, Ordering};

use super::slot::{self, SLOTS};

/// What was counted, and how much of it has been taken. Sums wrap around; what lies between two of them is right.
#[derive(Default)]
pub(super) struct Sharded {
    shards: [Shard; SLOTS],
    taken: AtomicU64,
    /// How often what was counted was forgotten.
    resets: AtomicU64,
}

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
        self.total().wrapping_sub(taken)
    }

    /// Takes what was counted: no other call takes it, unless it is given back.
    pub(super) fn take(&self) -> Taken {
        let resets = self.resets.load(Ordering::Acquire);
        let mut taken = self.taken.load(Ordering::Acquire);
        loop {
            // The total only grows. Read after `taken`, it is at least as large.
            let total = self.total();
            match self.taken.compare_exchange_weak(taken, total, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return Taken { amount: total.wrapping_sub(taken), resets },
                Err(now) => taken = now,
            }
        }
    }

    /// What was taken before a reset stays forgotten.
    pub(super) fn give_back(&self, taken: Taken) {
        if self.resets.load(Ordering::Acquire) != taken.resets {
            return;
        }
        self.taken.fetch_sub(taken.amount, Ordering::AcqRel);
        // A reset at this very moment has not seen it. Rather too little is told than what was forgotten.
        if self.resets.load(Ordering::Acquire) != taken.resets {
            self.take();
        }
    }

    /// Forgets what was counted, also what an event has taken that is not accepted yet.
    pub(super) fn reset(&self) {
        self.resets.fetch_add(1, Ordering::AcqRel);
        self.take();
    }
}

impl Shard {
    /// Only the owner writes it, so a load and a store suffice. An atomic addition would take several times as long.
    #[inline]
    fn add_as_owner(&self, amount: u64) {
        self.own.store(self.own.load(Ordering::Relaxed).wrapping_add(amount), Ordering::Relaxed);
    }
}
