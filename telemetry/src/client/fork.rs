//! Distinguishes the process that created a client from its forked children, which have neither the client's worker nor reliable locks.

/// The process in which a value was created.
///
/// Process ids alone are not sufficient: the first process of a container has id 1, and so has the first process of a container nested in
/// it. Therefore the system calls a function of this program in each forked child. Children that are created without the C library are
/// recognized by their process id.
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

    /// Whether the current process is a different one.
    pub(super) fn is_elsewhere(&self) -> bool {
        #[cfg(unix)]
        if self.forks.clone().is_some_and(|mut forks| forks.detected_fork()) {
            return true;
        }
        std::process::id() != self.process
    }
}
