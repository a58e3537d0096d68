use std::io;
use std::time::Duration;

use super::decide::{Inputs, StoredChoice, decide};
use super::error::ChoiceError;
use super::inputs::{self, ChoiceStore};
use super::reason::Reason;
use super::terminal;
use crate::storage::paths::MAX_QUESTIONS;

/// How long the question waits for an answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// The result of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// The user said yes, and the yes is stored.
    Yes,
    /// The user said no, or has left the question unanswered three times. A no is stored.
    No,
    /// No answer came within a minute, or it was not understood. No choice is stored.
    Unanswered,
    /// The question was not asked.
    NotAsked(NotAsked),
}

/// Why the question was not asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotAsked {
    /// An input denies, so an answer would change nothing.
    Denied(Reason),
    /// The user has already stored a yes.
    AlreadyYes,
    /// This is a continuous integration run.
    Ci,
    /// Standard input, standard output and standard error are not one terminal.
    NoTerminal,
    /// The program runs in the background of its terminal.
    Background,
    /// An answer could not be stored: there is no configuration directory, it is not writable, or root runs in another user's home.
    NowhereToStore,
}

/// The terminal that shows the question.
pub(super) trait Screen {
    fn show(&mut self, text: &str) -> io::Result<()>;

    /// Discards the input typed so far.
    fn discard_input(&mut self);

    /// Reads one line with its terminator. Returns `None` if the input ends or the time runs out first.
    fn read_line(&mut self, patience: Duration) -> Option<Vec<u8>>;
}

/// Asks the question on standard error, if it may be asked, and waits for a line on standard input.
pub(crate) fn ask(inputs: &Inputs, application: &str, prompt: &str) -> Result<Answer, ChoiceError> {
    let screen = match find_screen(inputs, inputs::is_ci, terminal::find) {
        Ok(screen) => screen,
        Err(reason) => return Ok(Answer::NotAsked(reason)),
    };
    match ChoiceStore::find_named(application).filter(|store| !store.is_another_users()) {
        Some(store) => put(screen, &store, prompt),
        None => Ok(Answer::NotAsked(NotAsked::NowhereToStore)),
    }
}

/// The terminal is examined last, so it is left untouched when the environment denies.
fn find_screen<S>(
    inputs: &Inputs,
    is_ci: impl FnOnce() -> bool,
    find: impl FnOnce() -> Result<S, NotAsked>,
) -> Result<S, NotAsked> {
    if inputs.denied() {
        Err(NotAsked::Denied(decide(inputs).reason))
    } else if inputs.stored == StoredChoice::Enabled {
        Err(NotAsked::AlreadyYes)
    } else if is_ci() {
        Err(NotAsked::Ci)
    } else {
        find()
    }
}

/// Counts the question, asks it, and stores the answer. It counts first because Ctrl-C ends the process: otherwise a user who always
/// answers with Ctrl-C would be asked forever.
fn put(mut screen: impl Screen, store: &ChoiceStore, prompt: &str) -> Result<Answer, ChoiceError> {
    let Ok(times) = store.unanswered() else {
        return Ok(Answer::NotAsked(NotAsked::NowhereToStore));
    };
    if times >= MAX_QUESTIONS {
        return write(store, false);
    }
    if store.count_asking().is_err() {
        return Ok(Answer::NotAsked(NotAsked::NowhereToStore));
    }
    match hear(&mut screen, prompt) {
        Some(answer) => write(store, answer),
        None if times + 1 >= MAX_QUESTIONS => write(store, false),
        None => Ok(Answer::Unanswered),
    }
}

fn write(store: &ChoiceStore, enabled: bool) -> Result<Answer, ChoiceError> {
    store.write(enabled).map_err(|error| ChoiceError::Write(error.kind()))?;
    Ok(if enabled { Answer::Yes } else { Answer::No })
}

/// Asks once. An unrecognized line may have been meant for the program or the shell, so it stores nothing.
fn hear(screen: &mut impl Screen, prompt: &str) -> Option<bool> {
    screen.discard_input();
    screen.show(prompt).ok()?;
    let Some(line) = screen.read_line(PATIENCE) else {
        // The program's own output starts on a new line.
        let _ = screen.show("\n");
        return None;
    };
    understand(&line)
}

fn understand(line: &[u8]) -> Option<bool> {
    // A tab is not a blank here: who presses TAB asks for a completion.
    let line = str::from_utf8(line).ok()?.trim_end_matches(['\r', '\n']).trim_matches(' ');
    let is = |word: &&str| line.eq_ignore_ascii_case(word);
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
