//! The question through a pseudo-terminal. A session waits for each text, and nobody sleeps.

use rexpect::session::{PtySession, spawn_command};

use crate::home::{CHILD, Home, Result, printed};

/// Far more than a child needs on a loaded machine, in milliseconds.
const PATIENCE: Option<u64> = Some(60_000);
const ENABLED: Option<&str> = Some("enabled\n");
const DISABLED: Option<&str> = Some("disabled\n");

fn session(home: &Home, variables: &[(&str, &str)]) -> Result<PtySession> {
    let mut command = home.consent("ask");
    command.envs(variables.iter().copied());
    Ok(spawn_command(command, PATIENCE)?)
}

/// What is printed until the process ends, and how it ends, as in `Exited(Pid(7), 0)`.
fn rest(mut session: PtySession) -> Result<(String, String)> {
    let output = session.exp_eof()?;
    Ok((output, format!("{:?}", session.process().wait()?)))
}

/// Types one line after each prompt, and gives what the child printed last.
fn answer(home: &Home, lines: &[&str]) -> Result<String> {
    let mut session = session(home, &[])?;
    for line in lines {
        session.exp_string("[y/N] ")?;
        session.send_line(line)?;
    }
    let (output, _) = rest(session)?;
    Ok(output.lines().last().unwrap_or_default().to_owned())
}

#[test]
fn yes_is_stored_and_not_asked_again() -> Result {
    for yes in ["y", "YES"] {
        let home = Home::new()?;
        assert_eq!(answer(&home, &[yes])?, "Yes");
        assert_eq!(home.stored().as_deref(), ENABLED);
        assert_eq!(answer(&home, &[])?, "NotAsked(AlreadyYes)");
    }
    Ok(())
}

#[test]
fn no_and_enter_are_stored_and_not_asked_again() -> Result {
    for no in ["n", "No", ""] {
        let home = Home::new()?;
        assert_eq!(answer(&home, &[no])?, "No", "{no:?}");
        assert_eq!(home.stored().as_deref(), DISABLED);
        assert_eq!(answer(&home, &[])?, "NotAsked(Denied(StoredOff))");
    }
    Ok(())
}

#[test]
fn the_whole_exchange_takes_at_most_ten_lines() -> Result {
    let home = Home::new()?;
    let mut session = session(&home, &[])?;
    let mut screen = String::new();
    for line in ["what?", "perhaps", "eh"] {
        screen += &session.exp_string("[y/N] ")?;
        session.send_line(line)?;
    }
    let (output, status) = rest(session)?;
    assert!(status.starts_with("Exited") && status.ends_with(", 0)"), "{status}");
    screen += &output;
    assert!(screen.trim_end().ends_with("No"), "{screen}");
    let lines_of_the_question = screen.trim_end().lines().count() - 1;
    assert!(lines_of_the_question <= 10, "{screen}");
    for told in ["telemetry.acme.dev", "operating system", "telemetry preview", "telemetry disable", "ACME_TELEMETRY=0"]
    {
        assert!(screen.contains(told), "{told}");
    }
    assert_eq!(home.stored().as_deref(), DISABLED);
    Ok(())
}

/// A shell that runs the tests in the background has its children ignore Ctrl-C; who is asked must not.
#[cfg(target_os = "linux")]
fn session_with_signals(home: &Home) -> Result<PtySession> {
    let mut command = home.command("env", "--default-signal=INT");
    command.args([CHILD, "consent", "ask"]);
    Ok(spawn_command(command, PATIENCE)?)
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_ends_the_process_and_stores_no_choice() -> Result {
    let home = Home::new()?;
    for _ in 0..3 {
        let mut session = session_with_signals(&home)?;
        session.exp_string("[y/N] ")?;
        session.send_control('c')?;
        let (_, status) = rest(session)?;
        assert!(status.contains("SIGINT"), "{status}");
        assert_eq!(home.stored(), None);
    }
    assert_eq!(answer(&home, &[])?, "No", "after three unanswered times nobody is asked again");
    assert_eq!(home.stored().as_deref(), DISABLED);
    Ok(())
}

#[test]
fn the_end_of_the_input_stores_no_choice_but_is_a_no_the_third_time() -> Result {
    let home = Home::new()?;
    for (expected, stored) in [("Unanswered", None), ("Unanswered", None), ("No", DISABLED)] {
        let mut session = session(&home, &[])?;
        session.exp_string("[y/N] ")?;
        session.send_control('d')?;
        let (output, _) = rest(session)?;
        assert_eq!(output.lines().last(), Some(expected));
        assert_eq!(home.stored().as_deref(), stored);
    }
    Ok(())
}

#[test]
fn nobody_is_asked_without_a_terminal_at_both_ends() -> Result {
    let home = Home::new()?;
    assert_eq!(printed(&mut home.consent("ask"))?, "NotAsked(NoTerminal)");
    for redirected in ["</dev/null", "2>/dev/null"] {
        let mut command = home.command("/bin/sh", "-c");
        command.arg(format!("exec '{CHILD}' consent ask {redirected}"));
        let (output, _) = rest(spawn_command(command, PATIENCE)?)?;
        assert_eq!(output.trim_end(), "NotAsked(NoTerminal)", "{redirected}");
    }
    assert_eq!(home.stored(), None);
    Ok(())
}

#[test]
fn nobody_is_asked_in_continuous_integration() -> Result {
    let home = Home::new()?;
    for name in ["CI", "BUILD_ID", "RUN_ID"] {
        let (output, _) = rest(session(&home, &[(name, "")])?)?;
        assert_eq!(output.trim_end(), "NotAsked(Ci)", "{name}");
    }
    let mut asked = session(&home, &[("CI", "false"), ("RUN_ID", "7")])?;
    asked.exp_string("[y/N] ")?;
    asked.send_line("y")?;
    rest(asked)?;
    assert_eq!(home.stored().as_deref(), ENABLED);
    Ok(())
}

#[test]
fn nobody_is_asked_who_has_denied() -> Result {
    let home = Home::new()?;
    for (name, value, reason) in [
        ("ACME_TELEMETRY", "off", "VariableOff"),
        ("DO_NOT_TRACK", "1", "DoNotTrack"),
        ("NODE_ENV", "test", "TestEnvironment"),
    ] {
        let (output, _) = rest(session(&home, &[(name, value)])?)?;
        assert_eq!(output.trim_end(), format!("NotAsked(Denied({reason}))"));
    }
    assert_eq!(home.stored(), None);
    Ok(())
}
