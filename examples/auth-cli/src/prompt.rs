//! Asks a question on the terminal.

use std::io::{self, BufRead as _, Write as _};

/// Whether the answer is yes. An empty line, the end of the input and everything else are no.
pub(crate) fn confirm(question: &str) -> io::Result<bool> {
    let mut errors = io::stderr().lock();
    write!(errors, "{question} [y/N] ")?;
    errors.flush()?;
    let mut line = String::new();
    if io::stdin().lock().read_line(&mut line)? == 0 {
        writeln!(errors)?;
    }
    let answer = line.trim();
    Ok(["y", "yes"].iter().any(|yes| answer.eq_ignore_ascii_case(yes)))
}
