//! Calls code of the application and catches its panics, which must not reach the application's own threads or end the worker.

use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs code that may panic. `None` means that it panicked; the values it was about to change are not used afterwards.
pub(crate) fn catch<T>(run: impl FnOnce() -> T) -> Option<T> {
    let payload = match catch_unwind(AssertUnwindSafe(run)) {
        Ok(value) => return Some(value),
        Err(payload) => payload,
    };
    // The payload is also a value of the application, and its destructor may panic.
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        mem::forget(again);
    }
    None
}

/// Drops a value of the application, whose destructor may panic.
pub(crate) fn discard<T>(value: T) {
    catch(|| drop(value));
}

#[cfg(test)]
pub(crate) mod tests {
    use std::panic::panic_any;

    use super::*;

    /// Panics with a payload whose destructor panics with another payload of the same kind.
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
    fn a_panic_is_caught_whatever_its_payload_is() {
        assert_eq!(catch(|| 7), Some(7));
        assert_eq!(catch(|| panic!("as it should")), None::<()>);
        assert_eq!(catch(throw), None);
    }

    #[test]
    fn a_destructor_that_panics_is_caught() {
        discard(Bomb(2));
    }
}
