//! Code of others runs here, and must not unwind into the host, nor end the worker.

use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs what may panic; nothing when it did. Whatever it was about to change is not looked at again.
pub(crate) fn contain<T>(run: impl FnOnce() -> T) -> Option<T> {
    let thrown = match catch_unwind(AssertUnwindSafe(run)) {
        Ok(value) => return Some(value),
        Err(thrown) => thrown,
    };
    // What was thrown is a value of theirs too, whose end may panic again.
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(thrown))) {
        mem::forget(again);
    }
    None
}

#[cfg(test)]
pub(crate) mod tests {
    use std::panic::panic_any;

    use super::*;

    /// Throws a value that panics when it is dropped, and throws another one of the kind.
    pub(crate) fn throw() {
        panic_any(Bomb(2));
    }

    struct Bomb(u32);

    impl Drop for Bomb {
        fn drop(&mut self) {
            if self.0 > 0 {
                panic_any(Self(self.0 - 1));
            }
        }
    }

    #[test]
    fn a_panic_ends_here_whatever_is_thrown() {
        assert_eq!(contain(|| 7), Some(7));
        assert_eq!(contain(|| panic!("as it should")), None::<()>);
        assert_eq!(contain(throw), None);
    }
}
