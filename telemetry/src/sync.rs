//! What threads share data with: the standard library's. The models in `tests/models` put in its place what runs all orders of threads.

pub(crate) use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

#[cfg(target_has_atomic = "64")]
pub(crate) mod atomic {
    pub(crate) use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
}
