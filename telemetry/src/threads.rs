//! Threads of this crate. They receive none of the host's signals, and cause no signal that could end the host.

use std::io;
use std::thread::{self, Builder, JoinHandle};
use std::time::Duration;

use crate::panics::discard;

/// The size of each stack, in bytes. It is that of the standard library, which a sink of the application may expect, whatever the user has
/// set by the variable `RUST_MIN_STACK`. A request by TLS needs up to 192 KiB of it in a debug build.
const STACK: usize = 2 * 1024 * 1024;

/// A thread that was started. It runs on if this is dropped.
pub(crate) struct Thread {
    handle: JoinHandle<()>,
    id: system::Id,
}

/// Starts a thread on which every signal is blocked from its first instruction.
///
/// The host's signals thus arrive on its own threads, even if it blocks them there to read them by other means. A write to a connection
/// closed by its peer, or to a file that has reached its size limit, fails with an error. The accompanying signal stays pending on the
/// thread until the thread ends, whatever the host does on SIGPIPE and SIGXFSZ.
pub(crate) fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> io::Result<Thread> {
    let _blocked = signals::Blocked::all();
    let id = system::Id::new();
    let told = id.clone();
    let handle = Builder::new().name(name.into()).stack_size(STACK).spawn(move || {
        told.tell();
        run();
    })?;
    Ok(Thread { handle, id })
}

impl Thread {
    pub(crate) fn is_current(&self) -> bool {
        self.handle.thread().id() == thread::current().id()
    }

    /// Waits until a thread is gone that has nothing left to do, up to `patience`: destructors of values that the application keeps on it can
    /// take any time.
    pub(crate) fn join(self, patience: Duration) {
        if self.id.is_gone_within(patience) {
            discard(self.handle.join());
        }
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
mod system {
    use std::path::Path;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI32, Ordering};
    use std::thread;
    use std::time::{Duration, Instant};

    use nix::unistd::gettid;

    /// The interval between two looks.
    const STEP: Duration = Duration::from_micros(50);

    /// The number that the system gives to a thread.
    #[derive(Clone)]
    pub(super) struct Id(Arc<AtomicI32>);

    impl Id {
        pub(super) fn new() -> Self {
            Self(Arc::default())
        }

        pub(super) fn tell(&self) {
            self.0.store(gettid().as_raw(), Ordering::Relaxed);
        }

        /// Calls such as `unshare` fail as long as the system counts the thread.
        pub(super) fn is_gone_within(&self, patience: Duration) -> bool {
            let start = Instant::now();
            let path = format!("/proc/self/task/{}", self.0.load(Ordering::Relaxed));
            while Path::new(&path).exists() {
                if start.elapsed() >= patience {
                    return false;
                }
                thread::sleep(STEP);
            }
            true
        }
    }
}

/// Elsewhere nothing depends on it.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod system {
    use std::time::Duration;

    #[derive(Clone)]
    pub(super) struct Id;

    impl Id {
        pub(super) const fn new() -> Self {
            Self
        }

        pub(super) const fn tell(&self) {}

        pub(super) const fn is_gone_within(&self, _: Duration) -> bool {
            false
        }
    }
}

#[cfg(unix)]
mod signals {
    use nix::sys::signal::{SigSet, SigmaskHow, Signal};

    /// While this value lives, signals are blocked on this thread and on threads that it starts.
    pub(super) struct Blocked(Option<SigSet>);

    /// Signals caused by a thread's own faults. If they were blocked, the host's handler would not be called.
    const OF_MISTAKES: [Signal; 6] =
        [Signal::SIGBUS, Signal::SIGFPE, Signal::SIGILL, Signal::SIGSEGV, Signal::SIGSYS, Signal::SIGTRAP];

    impl Blocked {
        pub(super) fn all() -> Self {
            let mut all = SigSet::all();
            for signal in OF_MISTAKES {
                all.remove(signal);
            }
            Self(all.thread_swap_mask(SigmaskHow::SIG_BLOCK).ok())
        }
    }

    impl Drop for Blocked {
        fn drop(&mut self) {
            if let Some(before) = &self.0 {
                let _ = before.thread_set_mask();
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use std::sync::mpsc;

        use super::*;

        #[test]
        fn a_thread_starts_with_signals_blocked_and_its_starter_has_the_same_mask_as_before() {
            let mut before = SigSet::thread_get_mask().unwrap();
            before.add(Signal::SIGUSR1);
            before.thread_set_mask().unwrap();
            let (told, mask) = mpsc::channel();
            super::super::spawn("test", move || told.send(SigSet::thread_get_mask().unwrap()).unwrap()).unwrap();
            let mask = mask.recv().unwrap();
            for signal in [Signal::SIGPIPE, Signal::SIGXFSZ, Signal::SIGTERM, Signal::SIGCHLD, Signal::SIGUSR2] {
                assert!(mask.contains(signal), "{signal}");
            }
            assert!(!mask.contains(Signal::SIGSEGV));
            assert_eq!(SigSet::thread_get_mask().unwrap(), before);
        }
    }
}

/// Other systems have no per-thread signal masks.
#[cfg(not(unix))]
mod signals {
    pub(super) struct Blocked;

    impl Blocked {
        pub(super) const fn all() -> Self {
            Self
        }
    }
}
