//! Tests the question on an injected terminal. The tests in tests/it use a real pseudo-terminal.

use std::collections::VecDeque;
use std::error::Error;

use super::*;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// A terminal on which lines are typed before and after the question is shown.
#[derive(Default)]
struct Typist<'a> {
    before: VecDeque<&'a str>,
    after: VecDeque<&'a str>,
    shown: String,
    has_gone: bool,
}

impl<'a> Typist<'a> {
    fn answering(after: &[&'a str]) -> Self {
        Self { after: after.iter().copied().collect(), ..Self::default() }
    }
}

impl Screen for &mut Typist<'_> {
    fn show(&mut self, text: &str) -> io::Result<()> {
        if self.has_gone {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        self.shown.push_str(text);
        Ok(())
    }

    fn discard_input(&mut self) {
        self.before.clear();
    }

    fn read_line(&mut self, patience: Duration) -> Option<Vec<u8>> {
        assert_eq!(patience, Duration::from_secs(60));
        self.before.pop_front().or_else(|| self.after.pop_front()).map(|line| line.as_bytes().to_vec())
    }
}

/// The answer, and the printed output.
fn type_in(store: &ChoiceStore, typed: &[&str]) -> Result<(Answer, String)> {
    let mut typist = Typist::answering(typed);
    let answer = put(&mut typist, store, "Send it? ")?;
    Ok((answer, typist.shown))
}

fn asked(typed: &[&str]) -> Result<(Answer, StoredChoice, u64)> {
    let home = tempfile::tempdir()?;
    let store = ChoiceStore::at(home.path());
    let (answer, _) = type_in(&store, typed)?;
    Ok((answer, store.read(), store.unanswered()?))
}

#[test]
fn yes_stores_a_yes() -> Result {
    for typed in ["y\n", "yes\n", "Y\n", "YES\r\n", "  yEs \n"] {
        assert_eq!(asked(&[typed, "n\n"])?, (Answer::Yes, StoredChoice::Enabled, 0), "{typed:?}");
    }
    Ok(())
}

#[test]
fn no_and_enter_store_a_no() -> Result {
    for typed in ["n\n", "no\n", "N\n", "NO\r\n", "\n", "\r\n", "  \n"] {
        assert_eq!(asked(&[typed, "y\n"])?, (Answer::No, StoredChoice::Disabled, 0), "{typed:?}");
    }
    Ok(())
}

/// Pasted lines are meant for the shell, so the lines after the first are not answers either.
#[test]
fn any_other_line_stores_no_choice_and_is_not_asked_about() -> Result {
    for typed in ["1\n", "true\n", "ye\n", "yes!\n", "make install\n", "\u{3}\n", "j\n", "\t\n", "y\t\n"] {
        assert_eq!(asked(&[typed, "y\n", "y\n"])?, (Answer::Unanswered, StoredChoice::Absent, 1), "{typed:?}");
    }
    Ok(())
}

#[test]
fn what_was_typed_before_the_question_is_no_answer() -> Result {
    let home = tempfile::tempdir()?;
    let store = ChoiceStore::at(home.path());
    let mut typist = Typist { before: ["yes\n"].into(), after: ["n\n"].into(), ..Typist::default() };
    assert_eq!(put(&mut typist, &store, "Send it? ")?, Answer::No);
    Ok(())
}

#[test]
fn the_end_of_the_input_and_a_minute_of_silence_store_no_choice() -> Result {
    assert_eq!(asked(&[])?, (Answer::Unanswered, StoredChoice::Absent, 1));
    Ok(())
}

#[test]
fn after_three_unanswered_times_it_is_a_no() -> Result {
    let home = tempfile::tempdir()?;
    let store = ChoiceStore::at(home.path());
    assert_eq!(type_in(&store, &[])?.0, Answer::Unanswered);
    assert_eq!(type_in(&store, &[])?.0, Answer::Unanswered);
    assert_eq!(store.read(), StoredChoice::Absent);
    assert_eq!(type_in(&store, &[])?.0, Answer::No);
    assert_eq!(store.read(), StoredChoice::Disabled);
    Ok(())
}

/// Ctrl-C ends the process right after the question is counted.
#[test]
fn nobody_is_asked_a_fourth_time() -> Result {
    let home = tempfile::tempdir()?;
    let store = ChoiceStore::at(home.path());
    for _ in 0..MAX_QUESTIONS {
        store.count_asking()?;
    }
    assert_eq!(type_in(&store, &["y\n"])?, (Answer::No, String::new()));
    assert_eq!(store.read(), StoredChoice::Disabled);
    Ok(())
}

#[test]
fn without_an_answer_the_line_is_ended() -> Result {
    let home = tempfile::tempdir()?;
    let (_, shown) = type_in(&ChoiceStore::at(home.path()), &[])?;
    assert_eq!(
        shown,
        "Send it? 
"
    );
    Ok(())
}

#[test]
fn nobody_is_asked_when_the_answer_cannot_be_kept() -> Result {
    let home = tempfile::tempdir()?;
    std::fs::write(home.path().join("acme"), b"in the way")?;
    let (answer, output) = type_in(&ChoiceStore::at(home.path()), &["y\n"])?;
    assert_eq!((answer, output.as_str()), (Answer::NotAsked(NotAsked::NowhereToStore), ""));
    Ok(())
}

#[test]
fn a_terminal_that_has_gone_is_no_answer() -> Result {
    let home = tempfile::tempdir()?;
    let store = ChoiceStore::at(home.path());
    let mut typist = Typist { has_gone: true, ..Typist::answering(&["y\n"]) };
    assert_eq!(put(&mut typist, &store, "Send it? ")?, Answer::Unanswered);
    assert_eq!(store.read(), StoredChoice::Absent);
    Ok(())
}

#[test]
fn it_is_put_only_where_it_may_be() {
    let may =
        |inputs: &Inputs, terminal: std::result::Result<(), NotAsked>, ci| find_screen(inputs, || ci, || terminal);
    let nothing = Inputs::default();
    assert_eq!(may(&nothing, Ok(()), false), Ok(()));
    for reason in [NotAsked::NoTerminal, NotAsked::Background] {
        assert_eq!(may(&nothing, Err(reason), false), Err(reason));
    }
    assert_eq!(may(&nothing, Ok(()), true), Err(NotAsked::Ci));
    let said_yes = Inputs { configured: Some(true), ..Inputs::default() };
    assert_eq!(may(&said_yes, Ok(()), false), Ok(()));
    let stored = |stored| Inputs { stored, ..Inputs::default() };
    assert_eq!(may(&stored(StoredChoice::Absent), Ok(()), false), Ok(()));
    assert_eq!(may(&stored(StoredChoice::Enabled), Ok(()), false), Err(NotAsked::AlreadyYes));
    for (stored, reason) in [
        (stored(StoredChoice::Disabled), Reason::StoredOff),
        (stored(StoredChoice::Corrupt), Reason::StoredCorrupt),
        (stored(StoredChoice::Unreadable), Reason::StoredUnreadable),
    ] {
        assert_eq!(may(&stored, Ok(()), false), Err(NotAsked::Denied(reason)));
    }
    let denied = Inputs { do_not_track: Some("1".into()), ..Inputs::default() };
    let untouched = || -> bool { unreachable!("the environment is not looked at") };
    let untouched_terminal = || -> std::result::Result<(), NotAsked> { unreachable!("the terminal is not looked at") };
    assert_eq!(find_screen(&denied, untouched, untouched_terminal), Err(NotAsked::Denied(Reason::DoNotTrack)));
}
