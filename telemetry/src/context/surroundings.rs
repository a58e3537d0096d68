//! What the detectors may look at. They see it through a trait, so that tests can say what there is.

use std::ffi::OsString;

/// What a detector may look at.
pub(super) trait Surroundings: Send + Sync {
    /// The system that the program was compiled for, as [`std::env::consts::OS`] names it.
    fn system(&self) -> &'static str;

    /// The architecture that it was compiled for, as [`std::env::consts::ARCH`] names it.
    fn architecture(&self) -> &'static str;

    /// A variable of the environment.
    fn variable(&self, name: &str) -> Option<OsString>;

    /// The first bytes of a regular file, at most so many. A relative path begins in the working directory.
    fn file(&self, path: &str, most: u64) -> Option<Vec<u8>>;

    /// Whether there is something at a path.
    fn exists(&self, path: &str) -> bool;

    /// The release of the running system, in its own words.
    fn release(&self) -> Option<String>;

    /// How many threads can run at once.
    fn parallelism(&self) -> Option<usize>;

    /// What macOS tells of these names, one a line: `name: value`.
    fn sysctl(&self, names: &[&str]) -> Option<Vec<u8>>;

    /// Whether the standard output is a terminal.
    fn is_terminal(&self) -> bool;
}

impl dyn Surroundings + '_ {
    /// Whether a variable is set to something.
    pub(super) fn has(&self, name: &str) -> bool {
        self.variable(name).is_some_and(|value| !value.is_empty())
    }

    /// Whether a variable is set to exactly this.
    pub(super) fn says(&self, name: &str, value: &str) -> bool {
        self.variable(name).is_some_and(|found| found == value)
    }

    /// The beginning of a file, as text.
    pub(super) fn text(&self, path: &str, most: u64) -> Option<String> {
        self.file(path, most).map(lossy)
    }
}

/// Bytes as text; what is no UTF-8 is replaced.
pub(super) fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
