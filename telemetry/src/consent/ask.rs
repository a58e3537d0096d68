use std::io;
use std::time::Duration;

use super::decide::{Inputs, StoredChoice, decide};
use super::error::ChoiceError;
use super::inputs::{self, ChoiceStore};
use super::names::Names;
use super::question::Question;
use super::reason::Reason;
use super::scope::{Scope, ScopedEvent};
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
    /// The user has said no to what is new since an earlier yes, or has left that question unanswered three times. The earlier yes stays.
    Declined,
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
    /// The user has already stored a yes that covers the events, or beside which the operator says yes, too.
    AlreadyYes,
    /// The user has stored a yes, and has declined the events that it does not cover.
    AlreadyDeclined,
    /// This is a continuous integration run.
    Ci,
    /// Standard input, standard output and standard error are not one terminal.
    NoTerminal,
    /// The program runs in the background of its terminal.
    Background,
    /// An answer could not be stored: there is [no place](super::NoPlace) for it, the place is not writable, or others can write to every
    /// file there.
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
pub(crate) fn ask(
    inputs: &Inputs,
    names: Names,
    question: &Question<'_>,
    scope: &Scope,
) -> Result<Answer, ChoiceError> {
    let store = ChoiceStore::find_named(names.application);
    let matter = match Matter::of(inputs, store.as_ref(), scope) {
        Ok(matter) => matter,
        Err(reason) => return Ok(Answer::NotAsked(reason)),
    };
    let screen = match find_screen(inputs::is_ci, terminal::find) {
        Ok(screen) => screen,
        Err(reason) => return Ok(Answer::NotAsked(reason)),
    };
    match store.filter(|store| store.check().is_ok()) {
        Some(store) => put(screen, &store, &matter, &matter.text(&store, names, question)),
        None => Ok(Answer::NotAsked(NotAsked::NowhereToStore)),
    }
}

/// What the user is asked about.
#[derive(Debug)]
enum Matter {
    /// Everything: no choice is stored.
    All(Scope),
    /// The events that an earlier yes does not cover.
    New(Vec<ScopedEvent>),
}

impl Matter {
    fn of(inputs: &Inputs, store: Option<&ChoiceStore>, scope: &Scope) -> Result<Self, NotAsked> {
        if inputs.denied() {
            return Err(NotAsked::Denied(decide(inputs).reason));
        }
        let Some(store) = store.filter(|_| inputs.stored == StoredChoice::Enabled) else {
            return Ok(Self::All(scope.clone()));
        };
        let covered = store.covered();
        if inputs.is_operators_yes() || scope.events().iter().all(|event| covered.covers(event)) {
            return Err(NotAsked::AlreadyYes);
        }
        let unasked = scope.unasked(&covered, &store.declined());
        if unasked.is_empty() { Err(NotAsked::AlreadyDeclined) } else { Ok(Self::New(unasked)) }
    }

    fn text(&self, store: &ChoiceStore, names: Names, question: &Question<'_>) -> String {
        match self {
            Self::All(_) => question.text(names),
            Self::New(events) => question.text_again(names, &store.covered(), events),
        }
    }

    /// Stores a yes. A yes to what is new adds to the earlier one, and counts for nothing if a no has taken its place.
    fn agree(&self, store: &ChoiceStore) -> io::Result<Answer> {
        match self {
            Self::All(scope) => store.agree(scope).map(|()| Answer::Yes),
            Self::New(events) if store.agree_to_more(&Scope::of(events.clone()))? => Ok(Answer::Yes),
            Self::New(_) => Ok(Answer::Unanswered),
        }
    }

    fn refuse(&self, store: &ChoiceStore) -> io::Result<Answer> {
        match self {
            Self::All(_) => store.refuse().map(|()| Answer::No),
            Self::New(events) => store.decline(events).map(|()| Answer::Declined),
        }
    }
}

/// The terminal is examined last, so it is left untouched when the environment denies.
fn find_screen<S>(is_ci: impl FnOnce() -> bool, find: impl FnOnce() -> Result<S, NotAsked>) -> Result<S, NotAsked> {
    if is_ci() { Err(NotAsked::Ci) } else { find() }
}

/// Counts the question, asks it, and stores the answer. It counts first because Ctrl-C ends the process: otherwise a user who always
/// answers with Ctrl-C would be asked forever.
fn put(mut screen: impl Screen, store: &ChoiceStore, matter: &Matter, prompt: &str) -> Result<Answer, ChoiceError> {
    let stored = |answer: io::Result<Answer>| answer.map_err(|error| store.not_stored(&error));
    let Ok(times) = store.unanswered() else {
        return Ok(Answer::NotAsked(NotAsked::NowhereToStore));
    };
    if times >= MAX_QUESTIONS {
        return stored(matter.refuse(store));
    }
    if store.count_asking().is_err() {
        return Ok(Answer::NotAsked(NotAsked::NowhereToStore));
    }
    match hear(&mut screen, prompt) {
        // A yes that could not be stored is an answer all the same, and must not become a no.
        Some(true) => stored(matter.agree(store).inspect_err(|_| store.forget_questions())),
        Some(false) => stored(matter.refuse(store)),
        None if times + 1 >= MAX_QUESTIONS => stored(matter.refuse(store)),
        None => Ok(Answer::Unanswered),
    }
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
