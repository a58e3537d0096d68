//! What macOS tells of itself: lines of `name: value`.

use super::surroundings::{Surroundings, lossy};

pub(super) struct Answers(String);

/// Asks for these names. Those that the system does not know are not among the answers.
pub(super) fn ask(surroundings: &dyn Surroundings, names: &[&str]) -> Answers {
    Answers(surroundings.sysctl(names).map(lossy).unwrap_or_default())
}

impl Answers {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
    }
}
