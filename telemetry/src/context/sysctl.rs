//! The answers of `sysctl` on macOS: lines of `name: value`.

use super::machine::{Machine, lossy};

pub(super) struct Answers(String);

/// Asks for these names. The answers leave out names that the system does not know.
pub(super) fn ask(machine: &dyn Machine, names: &[&str]) -> Answers {
    Answers(machine.sysctl(names).map(lossy).unwrap_or_default())
}

impl Answers {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
    }
}
