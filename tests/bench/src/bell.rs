//! Waking a thread that sleeps, and nothing else: what the system takes for it.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

/// A thread that sleeps until it is woken, does nothing, and falls asleep again. It ends with the process.
pub struct Bell(Arc<Condvar>);

impl Bell {
    /// Starts the thread.
    #[allow(clippy::new_without_default, reason = "it starts a thread")]
    pub fn new() -> Self {
        let bell = Arc::new(Condvar::new());
        let sleeper = Arc::clone(&bell);
        thread::spawn(move || {
            let nothing = Mutex::new(());
            let mut awake = nothing.lock().unwrap_or_else(PoisonError::into_inner);
            loop {
                awake = sleeper.wait(awake).unwrap_or_else(PoisonError::into_inner);
            }
        });
        Self(bell)
    }

    /// Wakes it.
    pub fn ring(&self) {
        self.0.notify_one();
    }
}
