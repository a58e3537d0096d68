//! Which memory of a counter a thread counts in.

use std::cell::Cell;

use super::SLOTS;
use crate::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

/// Not known yet.
const UNKNOWN: usize = usize::MAX;

/// The slots that have an owner, as bits.
static OWNED: AtomicU32 = AtomicU32::new(0);

/// How many threads found no free slot.
static SHARERS: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static CURRENT: Cell<usize> = const { Cell::new(UNKNOWN) };
    static CLAIM: Claim = Claim::new();
}

/// A slot until the end of its thread.
struct Claim(usize);

/// The slot that this thread owns. If it owns none, or has not looked for one yet, the number is out of bounds.
#[inline]
pub(super) fn own() -> usize {
    CURRENT.with(Cell::get)
}

/// The slot of this thread, found if need be, and whether it is its own.
pub(super) fn find() -> (usize, bool) {
    if own() == UNKNOWN {
        // At the end of a thread, its own slot may be another's already.
        let slot = CLAIM.try_with(|claim| claim.0).unwrap_or(SLOTS);
        CURRENT.with(|current| current.set(slot));
    }
    let current = own();
    (current % SLOTS, current < SLOTS)
}

impl Claim {
    fn new() -> Self {
        let claim = |owned: u32| {
            let free = owned.trailing_ones();
            ((free as usize) < SLOTS).then(|| owned | 1 << free)
        };
        // What the last owner has counted there is seen by this one.
        match OWNED.fetch_update(Ordering::Acquire, Ordering::Relaxed, claim) {
            Ok(before) => Self(before.trailing_ones() as usize),
            Err(_) => Self(SLOTS + SHARERS.fetch_add(1, Ordering::Relaxed) % SLOTS),
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if self.0 < SLOTS {
            // Whatever this thread counts from now on is shared.
            let _ = CURRENT.try_with(|current| current.set(SLOTS + self.0));
            OWNED.fetch_and(!(1 << self.0), Ordering::Release);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::BTreeSet;
    use std::sync::{Barrier, mpsc};
    use std::thread;

    use super::*;

    #[test]
    fn no_two_threads_own_one_slot_at_a_time() {
        const THREADS: usize = 2 * SLOTS;
        let all_know = Barrier::new(THREADS);
        let found = thread::scope(|scope| {
            let threads = [(); THREADS].map(|()| {
                scope.spawn(|| {
                    let found = (find(), own());
                    all_know.wait();
                    found
                })
            });
            threads.map(|thread| thread.join().unwrap())
        });
        let owned: Vec<usize> = found.iter().filter(|((_, is_own), _)| *is_own).map(|((slot, _), _)| *slot).collect();
        assert_eq!(owned.iter().collect::<BTreeSet<_>>().len(), owned.len(), "{owned:?}");
        // Other tests may own some at the same time.
        assert!(owned.len() <= SLOTS, "{owned:?}");
        for ((slot, is_own), known) in found {
            assert!(slot < SLOTS && (known == slot) == is_own && known != UNKNOWN, "{slot} {is_own} {known}");
        }
    }

    /// Tells at the end of its thread whether the claim is still there, and whether the slot is still its own.
    struct AtTheEnd(mpsc::Sender<(bool, bool)>);

    impl Drop for AtTheEnd {
        fn drop(&mut self) {
            self.0.send((CLAIM.try_with(|_| ()).is_ok(), find().1)).unwrap();
        }
    }

    #[test]
    fn a_slot_that_is_given_up_is_not_used_as_an_own_one_any_more() {
        thread_local!(static LAST: RefCell<Option<AtTheEnd>> = const { RefCell::new(None) });

        let (tell, told) = mpsc::channel();
        let ends = thread::spawn(move || {
            LAST.set(Some(AtTheEnd(tell)));
            find();
        });
        ends.join().unwrap();
        let (has_claim, is_own) = told.recv().unwrap();
        assert!(has_claim || !is_own);
    }
}
