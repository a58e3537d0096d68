//! Tells the process that made a client from one that was forked from it, which has neither the client's worker nor a sound lock.

/// The process in which something was made.
///
/// Numbers of processes alone do not tell: the first process of a container has the number 1, and so has the first one of a container
/// in it. So the system calls a function of this program in each child that it forks. Children that a program makes without
/// the C library are told by their number.
pub(super) struct Birthplace {
    process: u32,
    #[cfg(unix)]
    forks: Option<forkguard::atfork::Guard>,
}

impl Birthplace {
    pub(super) fn here() -> Self {
        Self {
            process: std::process::id(),
            #[cfg(unix)]
            forks: forkguard::atfork::Guard::try_new().ok(),
        }
    }

    /// Whether this is another process.
    pub(super) fn is_elsewhere(&self) -> bool {
        #[cfg(unix)]
        if self.forks.clone().is_some_and(|mut forks| forks.detected_fork()) {
            return true;
        }
        std::process::id() != self.process
    }
}
