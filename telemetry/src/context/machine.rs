//! What the detectors may read. They read it through a trait, so that tests can replace it.

use std::ffi::OsString;

/// The machine and process that a program runs in, as far as detectors may read them.
pub(super) trait Machine: Send + Sync {
    /// The operating system that the program was compiled for, as [`std::env::consts::OS`] names it.
    fn system(&self) -> &'static str;

    /// The architecture that it was compiled for, as [`std::env::consts::ARCH`] names it.
    fn architecture(&self) -> &'static str;

    /// A variable of the environment.
    fn variable(&self, name: &str) -> Option<OsString>;

    /// The first bytes of a regular file, at most `most`. A relative path starts at the working directory.
    fn file(&self, path: &str, most: u64) -> Option<Vec<u8>>;

    /// Whether there is something at a path.
    fn exists(&self, path: &str) -> bool;

    /// The release of the running system, as the system writes it.
    fn release(&self) -> Option<String>;

    /// How many threads can run at once.
    fn parallelism(&self) -> Option<usize>;

    /// What macOS answers for these names, one per line: `name: value`.
    fn sysctl(&self, names: &[&str]) -> Option<Vec<u8>>;

    /// Whether the standard output is a terminal.
    fn is_terminal(&self) -> bool;
}

impl dyn Machine + '_ {
    /// Whether a variable is set and not empty.
    pub(super) fn has_variable(&self, name: &str) -> bool {
        self.variable(name).is_some_and(|value| !value.is_empty())
    }

    /// Whether a variable is set to exactly this value.
    pub(super) fn variable_is(&self, name: &str, value: &str) -> bool {
        self.variable(name).is_some_and(|found| found == value)
    }

    /// The beginning of a file, as text.
    pub(super) fn text(&self, path: &str, most: u64) -> Option<String> {
        self.file(path, most).map(lossy)
    }
}

/// Bytes as text, with replacement characters for invalid UTF-8.
pub(super) fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
