//! The question over an injected terminal; the real one is tested through a pseudo-terminal, see tests/it.

use std::error::Error;

use super::*;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// What was typed, what came of it, and what was printed.
fn type_in(store: &ChoiceStore, typed: &[u8]) -> Result<(Answer, String)> {
    let mut output = Vec::new();
    let answer = put(&mut &*typed, &mut output, store, "Send it? ")?;
    Ok((answer, String::from_utf8(output)?))
}

fn asked(typed: &str) -> Result<(Answer, StoredChoice, u64)> {
    let home = tempfile::tempdir()?;
    let store = ChoiceStore::at(home.path());
    let (answer, _) = type_in(&store, typed.as_bytes())?;
    Ok((answer, store.read(), store.unanswered()?))
}

#[test]
fn yes_stores_a_yes() -> Result {
    for typed in ["y\n", "yes\n", "Y\n", "YES\r\n", "  yEs \n", "y\nn\n", "what?\ny\n", "eh\nwhat\nyes\n"] {
        assert_eq!(asked(typed)?, (Answer::Yes, StoredChoice::Enabled, 0), "{typed:?}");
    }
    Ok(())
}

#[test]
fn no_and_enter_store_a_no() -> Result {
    for typed in ["n\n", "no\n", "N\n", "NO\r\n", "\n", "\r\n", "  \t\n", "n\ny\n", "ye\nn\n"] {
        assert_eq!(asked(typed)?, (Answer::No, StoredChoice::Disabled, 0), "{typed:?}");
    }
    Ok(())
}

#[test]
fn what_is_not_understood_three_times_is_a_no() -> Result {
    for typed in ["1\ntrue\non\n", "yy\nye s\nyes!\n", "\u{3}\n\u{ff}\nj\ny\n"] {
        assert_eq!(asked(typed)?, (Answer::No, StoredChoice::Disabled, 0), "{typed:?}");
    }
    Ok(())
}

#[test]
fn the_end_of_the_input_stores_no_choice() -> Result {
    for typed in ["", "y", "yes", "n", "what?\n", "what?\neh?\n", "what?\ny"] {
        assert_eq!(asked(typed)?, (Answer::Unanswered, StoredChoice::Absent, 1), "{typed:?}");
    }
    Ok(())
}

#[test]
fn after_three_unanswered_times_it_is_a_no() -> Result {
    let home = tempfile::tempdir()?;
    let store = ChoiceStore::at(home.path());
    assert_eq!(type_in(&store, b"")?.0, Answer::Unanswered);
    assert_eq!(type_in(&store, b"")?.0, Answer::Unanswered);
    assert_eq!(store.read(), StoredChoice::Absent);
    assert_eq!(type_in(&store, b"")?.0, Answer::No);
    assert_eq!(store.read(), StoredChoice::Disabled);
    Ok(())
}

/// Ctrl-C ends the process after the asking was counted and before anything else.
#[test]
fn nobody_is_asked_a_fourth_time() -> Result {
    let home = tempfile::tempdir()?;
    let store = ChoiceStore::at(home.path());
    for _ in 0..TIMES {
        store.count_asking()?;
    }
    assert_eq!(type_in(&store, b"y\n")?, (Answer::No, String::new()));
    assert_eq!(store.read(), StoredChoice::Disabled);
    Ok(())
}

#[test]
fn it_repeats_briefly_and_leaves_the_line() -> Result {
    let home = tempfile::tempdir()?;
    let (_, output) = type_in(&ChoiceStore::at(home.path()), b"what?\n")?;
    assert_eq!(output, "Send it? Please answer y or n. [y/N] \n");
    Ok(())
}

#[test]
fn nobody_is_asked_when_the_answer_cannot_be_kept() -> Result {
    let home = tempfile::tempdir()?;
    std::fs::write(home.path().join("acme"), b"in the way")?;
    let (answer, output) = type_in(&ChoiceStore::at(home.path()), b"y\n")?;
    assert_eq!((answer, output.as_str()), (Answer::NotAsked(NotAsked::NowhereToStore), ""));
    Ok(())
}

#[test]
fn a_terminal_that_has_gone_is_no_answer() -> Result {
    struct Gone;
    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    }
    let home = tempfile::tempdir()?;
    let store = ChoiceStore::at(home.path());
    assert_eq!(put(&mut &b"y\n"[..], &mut Gone, &store, "Send it? ")?, Answer::Unanswered);
    assert_eq!(store.read(), StoredChoice::Absent);
    Ok(())
}

#[test]
fn it_is_put_only_where_it_may_be() {
    let may = |inputs: &Inputs, interactive, ci| reason_not_to_ask(inputs, || interactive, || ci);
    let nothing = Inputs::default();
    assert_eq!(may(&nothing, true, false), None);
    assert_eq!(may(&nothing, false, false), Some(NotAsked::NoTerminal));
    assert_eq!(may(&nothing, true, true), Some(NotAsked::Ci));
    let said_yes = Inputs { configured: Some(true), ..Inputs::default() };
    assert_eq!(may(&said_yes, true, false), None);
    let stored = |stored| Inputs { stored, ..Inputs::default() };
    assert_eq!(may(&stored(StoredChoice::Absent), true, false), None);
    assert_eq!(may(&stored(StoredChoice::Enabled), true, false), Some(NotAsked::AlreadyYes));
    for (stored, reason) in [
        (stored(StoredChoice::Disabled), Reason::StoredOff),
        (stored(StoredChoice::Corrupt), Reason::StoredCorrupt),
        (stored(StoredChoice::Unreadable), Reason::StoredUnreadable),
    ] {
        assert_eq!(may(&stored, true, false), Some(NotAsked::Denied(reason)));
    }
    let denied = Inputs { do_not_track: Some("1".into()), ..Inputs::default() };
    let untouched = || -> bool { unreachable!("the terminal is not looked at") };
    assert_eq!(reason_not_to_ask(&denied, untouched, untouched), Some(NotAsked::Denied(Reason::DoNotTrack)));
}
