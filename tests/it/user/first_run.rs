use std::fs;

use rexpect::session::spawn_command;

use super::{printed, types};
use crate::home::{Home, Result};

/// Runs the program on a terminal, answers the question with this line, and returns what it printed afterwards.
fn answering(home: &Home, line: &str) -> Result<String> {
    let mut session = spawn_command(types(home, "first-run"), Some(60_000))?;
    session.exp_string("[y/N] ")?;
    session.send_line(line)?;
    Ok(session.exp_eof()?.replace('\r', ""))
}

/// Runs the program on a terminal, where it does not ask.
fn without_a_question(home: &Home, variables: &[(&str, &str)]) -> Result<String> {
    let mut command = types(home, "first-run");
    command.envs(variables.iter().copied());
    let mut session = spawn_command(command, Some(60_000))?;
    Ok(session.exp_eof()?.replace('\r', ""))
}

#[test]
fn a_user_is_asked_once_and_told_how_to_change_the_answer() -> Result {
    for (line, told, stored, later) in [
        (
            "y",
            "Thank you. To switch it off, run `acme telemetry disable`, or set ACME_TELEMETRY=0. DO_NOT_TRACK=1 does the same for \
             all programs that honour it.\nAsked(Yes)\n",
            "enabled\n",
            "Silent(AlreadyYes)\n",
        ),
        ("n", "acme sends nothing, and does not ask again.\nAsked(No)\n", "disabled\n", "Silent(Denied(StoredOff))\n"),
    ] {
        let home = Home::new()?;
        let output = answering(&home, line)?;
        assert!(output.ends_with(told), "{output}");
        assert_eq!(home.stored().as_deref(), Some(stored));
        assert_eq!(without_a_question(&home, &[])?, later);
    }
    Ok(())
}

#[test]
fn a_question_without_an_answer_sends_nothing_and_is_put_again() -> Result {
    let home = Home::new()?;
    for _ in 0..2 {
        let output = answering(&home, "what?")?;
        assert!(output.ends_with("nothing that you have not agreed to.\nAsked(Unanswered)\n"), "{output}");
        assert_eq!(home.stored(), None);
    }
    let output = answering(&home, "what?")?;
    assert!(output.ends_with("acme sends nothing, and does not ask again.\nAsked(No)\n"), "{output}");
    Ok(())
}

#[test]
fn where_there_is_no_one_to_ask_nothing_is_printed_and_nothing_written() -> Result {
    let home = Home::new()?;
    assert_eq!(printed(&mut types(&home, "first-run"))?, "Silent(NoTerminal)\n");
    assert_eq!(printed(&mut types(&home, "--configured=true first-run"))?, "Silent(NoTerminal)\n");
    for (name, value, reason) in [
        ("CI", "true", "Ci"),
        ("ACME_TELEMETRY", "0", "Denied(VariableOff)"),
        ("DO_NOT_TRACK", "1", "Denied(DoNotTrack)"),
    ] {
        assert_eq!(without_a_question(&home, &[(name, value)])?, format!("Silent({reason})\n"));
    }
    assert_eq!(fs::read_dir(home.path())?.count(), 0);
    Ok(())
}
