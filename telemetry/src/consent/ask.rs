use std::io::{self, BufRead, IsTerminal, Write};

use super::decide::{Inputs, StoredChoice, decide};
use super::error::ChoiceError;
use super::inputs::{self, ChoiceStore};
use super::reason::Reason;

/// How often the question is put before silence is taken for a no, within one run and over several.
const TIMES: u64 = 3;

/// What came of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// The user said yes, and it is stored.
    Yes,
    /// The user said no, or has left the question open three times, and no is stored.
    No,
    /// The input ended before an answer, and no choice is stored.
    Unanswered,
    /// The question was not put.
    NotAsked(NotAsked),
}

/// Why the question was not put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotAsked {
    /// An input denies, so an answer would change nothing.
    Denied(Reason),
    /// The user has stored a yes already.
    AlreadyYes,
    /// This is a run of continuous integration.
    Ci,
    /// Standard input or standard error is not a terminal.
    NoTerminal,
    /// An answer could not be kept: there is no configuration directory, or it cannot be written.
    NowhereToStore,
}

/// Puts the question on standard error, if it may be put, and waits for a line on standard input.
pub(crate) fn ask(inputs: &Inputs, application: &str, prompt: &str) -> Result<Answer, ChoiceError> {
    let interactive = || io::stdin().is_terminal() && io::stderr().is_terminal();
    if let Some(reason) = reason_not_to_ask(inputs, interactive, inputs::is_ci) {
        return Ok(Answer::NotAsked(reason));
    }
    match ChoiceStore::find(application, true) {
        Some(store) => put(&mut io::stdin().lock(), &mut io::stderr().lock(), &store, prompt),
        None => Ok(Answer::NotAsked(NotAsked::NowhereToStore)),
    }
}

/// The terminal is looked at last, so that nothing is when the environment denies.
fn reason_not_to_ask(
    inputs: &Inputs,
    interactive: impl FnOnce() -> bool,
    ci: impl FnOnce() -> bool,
) -> Option<NotAsked> {
    if inputs.denied() {
        Some(NotAsked::Denied(decide(inputs).reason))
    } else if inputs.stored == StoredChoice::Enabled {
        Some(NotAsked::AlreadyYes)
    } else if ci() {
        Some(NotAsked::Ci)
    } else if !interactive() {
        Some(NotAsked::NoTerminal)
    } else {
        None
    }
}

/// Counts the asking, asks, and stores the answer. It is counted first because Ctrl-C ends the process: without the
/// count, who always answers with Ctrl-C would be asked for ever.
fn put(
    input: &mut dyn BufRead,
    output: &mut dyn Write,
    store: &ChoiceStore,
    prompt: &str,
) -> Result<Answer, ChoiceError> {
    let Ok(times) = store.unanswered() else {
        return Ok(Answer::NotAsked(NotAsked::NowhereToStore));
    };
    if times >= TIMES {
        return write(store, false);
    }
    if store.count_asking().is_err() {
        return Ok(Answer::NotAsked(NotAsked::NowhereToStore));
    }
    match hear(input, output, prompt) {
        Some(answer) => write(store, answer),
        None if times + 1 >= TIMES => write(store, false),
        None => Ok(Answer::Unanswered),
    }
}

fn write(store: &ChoiceStore, enabled: bool) -> Result<Answer, ChoiceError> {
    store.write(enabled).map_err(|error| ChoiceError::Write(error.kind()))?;
    Ok(if enabled { Answer::Yes } else { Answer::No })
}

/// Asks until an answer is understood, or nothing is when the input ends; what is not understood three times is a no.
fn hear(input: &mut dyn BufRead, output: &mut dyn Write, prompt: &str) -> Option<bool> {
    let mut prompt = prompt;
    for _ in 0..TIMES {
        output.write_all(prompt.as_bytes()).and_then(|()| output.flush()).ok()?;
        let Some(line) = line(input) else {
            // The host's own output begins on a line of its own.
            let _ = output.write_all(b"\n");
            return None;
        };
        if let Some(answer) = understand(&line) {
            return Some(answer);
        }
        prompt = "Please answer y or n. [y/N] ";
    }
    Some(false)
}

/// A whole line: one that the end of the input cut off is no answer.
fn line(input: &mut dyn BufRead) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    input.read_until(b'\n', &mut line).ok()?;
    line.ends_with(b"\n").then_some(line)
}

fn understand(line: &[u8]) -> Option<bool> {
    let line = line.trim_ascii();
    let is = |word: &&str| line.eq_ignore_ascii_case(word.as_bytes());
    if ["y", "yes"].iter().any(is) {
        Some(true)
    } else if ["", "n", "no"].iter().any(is) {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
