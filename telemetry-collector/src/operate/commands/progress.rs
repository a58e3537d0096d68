//! How far a long command is, on the standard error.

use std::io::{self, IsTerminal as _, Write as _};

const WIDTH: usize = 30;

/// A bar on a terminal, and otherwise a line now and then.
pub(super) struct Progress {
    total: usize,
    /// On anything but a terminal, a line follows after so many steps.
    every: usize,
    is_terminal: bool,
}

impl Progress {
    pub(super) fn new(total: usize, every: usize) -> Self {
        Self { total, every, is_terminal: io::stderr().is_terminal() }
    }

    /// So many steps are done. `text` says what they have led to.
    pub(super) fn is_at(&self, done: usize, text: &str) {
        let line = if self.is_terminal {
            format!("\r{} {text}{}", bar(done, self.total), if done == self.total { "\n" } else { "" })
        } else if done.is_multiple_of(self.every) {
            format!("{text}\n")
        } else {
            return;
        };
        // A progress that cannot be shown is not worth a failure.
        let _ = io::stderr().write_all(line.as_bytes());
    }
}

fn bar(done: usize, total: usize) -> String {
    let filled = (done * WIDTH / total.max(1)).min(WIDTH);
    format!("[{}{}]", "#".repeat(filled), " ".repeat(WIDTH - filled))
}

#[cfg(test)]
mod tests {
    use super::bar;

    #[test]
    fn a_bar_is_as_full_as_the_work_is_done() {
        let filled = |done, total| bar(done, total).matches('#').count();
        assert_eq!(
            [(0, 84), (42, 84), (84, 84), (85, 84), (0, 0)].map(|(done, total)| filled(done, total)),
            [0, 15, 30, 30, 0]
        );
    }
}
