//! What threads share data with: the standard library's. The models in `tests/models` put in its place what runs all orders of threads.

use std::sync::TryLockError;
pub(crate) use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How often a thread that does not wait for ever looks whether a lock is free.
const LOOK: Duration = Duration::from_millis(1);

/// Locks, unless another thread holds the lock for longer than `patience`: for those who must not wait for a disk that does not answer.
pub(crate) fn lock_within<T>(mutex: &Mutex<T>, patience: Duration) -> Option<MutexGuard<'_, T>> {
    let start = Instant::now();
    loop {
        match mutex.try_lock() {
            Ok(guard) => return Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) if start.elapsed() > patience => return None,
            Err(TryLockError::WouldBlock) => thread::sleep(LOOK),
        }
    }
}

#[cfg(target_has_atomic = "64")]
pub(crate) mod atomic {
    pub(crate) use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
}
