//! Tests the question on an injected terminal. The tests in tests/it use a real pseudo-terminal.

use std::collections::VecDeque;
use std::error::Error;

use super::*;
use crate::consent::inputs::ChoiceStore;
use crate::consent::test_events::{build, check, narrower, scope, wider};

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

/// The question where no choice is stored.
fn everything() -> Matter {
    Matter::All(scope(&[build()]))
}

/// The answer, and the printed output.
fn type_in(store: &ChoiceStore, typed: &[&str]) -> Result<(Answer, String)> {
    let mut typist = Typist::answering(typed);
    let answer = put(&mut typist, store, &everything(), "Send it? ")?;
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
    assert_eq!(put(&mut typist, &store, &everything(), "Send it? ")?, Answer::No);
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

/// As on a file system that has no modes.
#[cfg(unix)]
#[test]
fn nobody_is_asked_where_others_can_write_to_every_file() -> Result {
    use std::os::unix::fs::PermissionsExt as _;

    let home = tempfile::tempdir()?;
    let store = ChoiceStore::at(home.path());
    store.count_asking()?;
    let counted = home.path().join("acme/telemetry-unanswered");
    std::fs::set_permissions(&counted, std::fs::Permissions::from_mode(0o777))?;
    assert_eq!(type_in(&store, &["y\n"])?, (Answer::NotAsked(NotAsked::NowhereToStore), String::new()));
    assert_eq!((store.read(), counted.exists()), (StoredChoice::Absent, false));
    assert_eq!(type_in(&store, &["y\n"])?.0, Answer::Yes, "only that file was open to others");
    Ok(())
}

/// As where the disk is full, or others can write to every file.
#[test]
fn a_yes_that_cannot_be_stored_never_becomes_a_no() -> Result {
    let home = tempfile::tempdir()?;
    let store = ChoiceStore::at(home.path());
    for _ in 0..=MAX_QUESTIONS {
        let in_the_way = Meanwhile(|| std::fs::create_dir(store.file()), "y\n");
        assert!(put(in_the_way, &store, &everything(), "Send it? ").is_err());
        std::fs::remove_dir(store.file())?;
    }
    assert_eq!((type_in(&store, &["y\n"])?.0, store.read()), (Answer::Yes, StoredChoice::Enabled));
    Ok(())
}

#[test]
fn a_terminal_that_has_gone_is_no_answer() -> Result {
    let home = tempfile::tempdir()?;
    let store = ChoiceStore::at(home.path());
    let mut typist = Typist { has_gone: true, ..Typist::answering(&["y\n"]) };
    assert_eq!(put(&mut typist, &store, &everything(), "Send it? ")?, Answer::Unanswered);
    assert_eq!(store.read(), StoredChoice::Absent);
    Ok(())
}

#[test]
fn it_is_put_only_where_it_may_be() {
    let may = |terminal: std::result::Result<(), NotAsked>, ci| find_screen(|| ci, || terminal);
    assert_eq!(may(Ok(()), false), Ok(()));
    for reason in [NotAsked::NoTerminal, NotAsked::Background] {
        assert_eq!(may(Err(reason), false), Err(reason));
    }
    assert_eq!(may(Ok(()), true), Err(NotAsked::Ci));
    let untouched = || -> std::result::Result<(), NotAsked> { unreachable!("the terminal is not looked at") };
    assert_eq!(find_screen(|| true, untouched), Err(NotAsked::Ci));
}

#[test]
fn nobody_is_asked_who_has_denied() {
    let asked = |inputs: &Inputs| Matter::of(inputs, None, &scope(&[build()])).map(|matter| matter.is_all());
    assert_eq!(asked(&Inputs::default()), Ok(true));
    assert_eq!(asked(&Inputs { configured: Some(true), ..Inputs::default() }), Ok(true));
    for (stored, reason) in [
        (StoredChoice::Disabled, Reason::StoredOff),
        (StoredChoice::Corrupt, Reason::StoredCorrupt),
        (StoredChoice::Foreign, Reason::StoredForeign),
        (StoredChoice::Unreadable, Reason::StoredUnreadable),
    ] {
        let inputs = Inputs { stored, ..Inputs::default() };
        assert_eq!(asked(&inputs), Err(NotAsked::Denied(reason)));
    }
    let denied = Inputs { do_not_track: Some("1".into()), ..Inputs::default() };
    assert_eq!(asked(&denied), Err(NotAsked::Denied(Reason::DoNotTrack)));
}

impl Matter {
    fn is_all(&self) -> bool {
        matches!(self, Self::All(_))
    }
}

/// What the user is asked about after a yes to `agreed`, with what was `declined`.
fn asked_after(
    agreed: &[ScopedEvent],
    declined: &[ScopedEvent],
    now: &[ScopedEvent],
) -> Result<std::result::Result<Vec<&'static str>, NotAsked>> {
    let home = tempfile::tempdir()?;
    let store = ChoiceStore::at(home.path());
    store.agree(&scope(agreed))?;
    if !declined.is_empty() {
        store.decline(declined)?;
    }
    let inputs = Inputs { stored: store.read(), ..Inputs::default() };
    Ok(Matter::of(&inputs, Some(&store), &scope(now)).map(|matter| match matter {
        Matter::New(events) => events.iter().map(|event| event.name).collect(),
        Matter::All(_) => vec!["all"],
    }))
}

#[test]
fn after_a_yes_only_what_is_new_is_asked_about() -> Result {
    let already = Err(NotAsked::AlreadyYes);
    for (agreed, declined, now, expected) in [
        (&[build()][..], &[][..], &[build()][..], already.clone()),
        (&[build()], &[], &[narrower()], already.clone()),
        (&[build()], &[], &[wider()], Ok(vec!["build"])),
        (&[build()], &[], &[build(), check()], Ok(vec!["check"])),
        (&[build()], &[], &[wider(), check()], Ok(vec!["build", "check"])),
        // An event that was removed.
        (&[build(), check()], &[], &[check()], already.clone()),
        (&[build(), check()], &[], &[], already),
        // A file of an earlier version of this crate.
        (&[], &[], &[build(), check()], Ok(vec!["build", "check"])),
        (&[build()], &[wider()], &[wider()], Err(NotAsked::AlreadyDeclined)),
        (&[build()], &[wider()], &[wider(), check()], Ok(vec!["check"])),
        (&[build()], &[check()], &[wider()], Ok(vec!["build"])),
    ] {
        assert_eq!(asked_after(agreed, declined, now)?, expected, "{agreed:?} {declined:?} {now:?}");
    }
    Ok(())
}

#[test]
fn a_yes_of_the_operator_leaves_nothing_to_ask() -> Result {
    let home = tempfile::tempdir()?;
    let store = ChoiceStore::at(home.path());
    store.agree(&scope(&[build()]))?;
    let inputs = Inputs { stored: store.read(), configured: Some(true), ..Inputs::default() };
    assert_eq!(Matter::of(&inputs, Some(&store), &scope(&[wider()])).err(), Some(NotAsked::AlreadyYes));
    Ok(())
}

/// The answer to the second question, what is then covered of the old and the new version, and whether the new one is declined.
fn asked_again(typed: &[&str]) -> Result<(Answer, [bool; 2], bool)> {
    let home = tempfile::tempdir()?;
    let store = ChoiceStore::at(home.path());
    store.agree(&scope(&[build()]))?;
    let answer = put(&mut Typist::answering(typed), &store, &Matter::New(vec![wider()]), "Send more? ")?;
    assert_eq!(store.read(), StoredChoice::Enabled);
    let covered = store.covered();
    Ok((answer, [build(), wider()].map(|event| covered.covers(&event)), store.declined().has(&wider())))
}

#[test]
fn a_yes_to_what_is_new_is_added_and_anything_else_leaves_the_earlier_yes() -> Result {
    assert_eq!(asked_again(&["y\n"])?, (Answer::Yes, [true, true], false));
    for no in ["n\n", "no\n", "\n"] {
        assert_eq!(asked_again(&[no])?, (Answer::Declined, [true, false], true), "{no:?}");
    }
    assert_eq!(asked_again(&["make\n"])?, (Answer::Unanswered, [true, false], false));
    assert_eq!(asked_again(&[])?, (Answer::Unanswered, [true, false], false));
    Ok(())
}

#[test]
fn what_is_new_is_declined_when_it_was_left_unanswered_three_times() -> Result {
    let home = tempfile::tempdir()?;
    let store = ChoiceStore::at(home.path());
    store.agree(&scope(&[build()]))?;
    let new = Matter::New(vec![wider()]);
    for expected in [Answer::Unanswered, Answer::Unanswered, Answer::Declined] {
        assert!(!store.declined().has(&wider()));
        assert_eq!(put(&mut Typist::default(), &store, &new, "Send more? ")?, expected);
    }
    assert!(store.declined().has(&wider()) && store.covered().covers(&build()));
    assert_eq!((store.read(), store.unanswered()?), (StoredChoice::Enabled, 0));
    Ok(())
}

/// Does something while the question waits for its answer.
struct Meanwhile<'a, F>(F, &'a str);

impl<F: Fn() -> io::Result<()>> Screen for Meanwhile<'_, F> {
    fn show(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn discard_input(&mut self) {}

    fn read_line(&mut self, _: Duration) -> Option<Vec<u8>> {
        (self.0)().ok()?;
        Some(self.1.into())
    }
}

#[test]
fn a_no_that_is_stored_while_the_second_question_waits_stays_whatever_is_answered() -> Result {
    for (typed, expected) in [("y\n", Answer::Unanswered), ("n\n", Answer::Declined), ("eh?\n", Answer::Unanswered)] {
        let home = tempfile::tempdir()?;
        let store = ChoiceStore::at(home.path());
        store.agree(&scope(&[build()]))?;
        assert_eq!(
            put(Meanwhile(|| store.refuse(), typed), &store, &Matter::New(vec![wider()]), "Send more? ")?,
            expected
        );
        assert_eq!((store.read(), store.covered()), (StoredChoice::Disabled, Default::default()), "{typed:?}");
    }
    Ok(())
}
