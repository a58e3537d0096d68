//! The question on a pseudo-terminal. A session waits for each text instead of sleeping.

use rexpect::session::{PtySession, spawn_command};

use crate::home::{CHILD, Home, Result, printed, wait_until};

/// Far more than a child needs on a loaded machine, in milliseconds.
const PATIENCE: Option<u64> = Some(60_000);
const ENABLED: Option<&str> = Some("enabled\n");
const DISABLED: Option<&str> = Some("disabled\n");

fn session(home: &Home, variables: &[(&str, &str)]) -> Result<PtySession> {
    let mut command = home.consent("ask");
    command.envs(variables.iter().copied());
    Ok(spawn_command(command, PATIENCE)?)
}

/// The output until the process ends, and its end, in the form `Exited(Pid(7), 0)`.
fn rest(mut session: PtySession) -> Result<(String, String)> {
    let output = session.exp_eof()?;
    Ok((output, format!("{:?}", session.process().wait()?)))
}

/// Types one line after each prompt, and returns the child's last output.
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
    for yes in ["y", "YES", "yes"] {
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
fn the_question_takes_at_most_ten_lines_and_tells_what_there_is_to_know() -> Result {
    let home = Home::new()?;
    let mut session = session(&home, &[])?;
    let mut screen = session.exp_string("[y/N] ")?;
    session.send_line("n")?;
    let (output, status) = rest(session)?;
    assert!(status.starts_with("Exited") && status.ends_with(", 0)"), "{status}");
    screen += &output;
    let lines_of_the_question = screen.trim_end().lines().count() - 1;
    assert!(lines_of_the_question <= 10, "{screen}");
    for told in ["telemetry.acme.dev", "operating system", "telemetry preview", "telemetry disable", "ACME_TELEMETRY=0"]
    {
        assert!(screen.contains(told), "{told}");
    }
    Ok(())
}

/// Simulates a user who pastes several lines into a shell.
#[test]
fn any_other_line_stores_no_choice_and_the_lines_after_it_are_left_to_the_program() -> Result {
    let home = Home::new()?;
    for (line, expected) in [("make\ny\ny", "Unanswered"), ("eh?", "Unanswered"), ("what", "No")] {
        assert_eq!(home.stored(), None);
        assert_eq!(answer(&home, &[line])?, expected, "{line:?}");
    }
    assert_eq!(home.stored().as_deref(), DISABLED, "after three unanswered questions it is a no");
    Ok(())
}

/// In a shell, TAB completes a command; here it is part of the line.
#[test]
fn a_tab_is_no_answer() -> Result {
    for line in ["\t", "y\t"] {
        let home = Home::new()?;
        assert_eq!(answer(&home, &[line])?, "Unanswered", "{line:?}");
        assert_eq!(home.stored(), None);
    }
    Ok(())
}

#[test]
fn a_completion_of_the_shell_does_not_ask() -> Result {
    let home = Home::new()?;
    let mut shell = shell(&home)?;
    shell.send_line("_acme() { COMPREPLY=(\"$(\"$CHILD\" consent ask)\"); echo \"$COMPREPLY\" >\"$HOME/answer\"; }; complete -F _acme acme; echo rea\"\"dy")?;
    shell.exp_string("ready")?;
    shell.send("acme \t")?;
    shell.flush()?;
    let answer = || std::fs::read_to_string(home.path().join("answer")).unwrap_or_default();
    wait_until(|| !answer().is_empty())?;
    assert_eq!(answer(), "NotAsked(NoTerminal)\n");
    // Deletes the completed line.
    shell.send_control('u')?;
    leave(shell)?;
    assert_eq!(home.stored(), None);
    Ok(())
}

/// A shell in its own terminal, in which `acme` asks.
fn shell(home: &Home) -> Result<PtySession> {
    let mut command = home.command("/bin/bash", "--norc --noprofile -i");
    command.env("PS1", "$ ").env("TERM", "dumb").env("CHILD", CHILD).env("PATH", "/usr/bin:/bin");
    let mut session = spawn_command(command, PATIENCE)?;
    session.exp_string("$ ")?;
    Ok(session)
}

/// Ends the shell, which ignores the signal that usually ends a session.
fn leave(mut shell: PtySession) -> Result {
    shell.send_line("exit")?;
    shell.exp_eof()?;
    Ok(())
}

#[test]
fn a_job_in_the_background_is_not_asked_and_not_stopped() -> Result {
    let home = Home::new()?;
    let mut shell = shell(&home)?;
    // All three streams are the terminal, and `wait` returns only after the job has ended.
    shell.send_line("\"$CHILD\" consent ask & wait $!; echo \"ended $?\"")?;
    shell.exp_string("NotAsked(Background)")?;
    shell.exp_string("ended 0")?;
    leave(shell)?;
    assert_eq!(home.stored(), None);
    Ok(())
}

#[test]
fn a_shell_that_captures_the_output_is_not_held_up() -> Result {
    let home = Home::new()?;
    let mut shell = shell(&home)?;
    shell.send_line("answer=\"$(\"$CHILD\" consent ask)\"; echo \"it said <$answer>\"")?;
    shell.exp_string("it said <NotAsked(NoTerminal)>")?;
    leave(shell)?;
    assert_eq!(home.stored(), None);
    Ok(())
}

#[test]
fn what_was_typed_before_the_question_is_no_answer() -> Result {
    let home = Home::new()?;
    let mut shell = shell(&home)?;
    // The shell waits for a file, so that the line arrives before the question.
    shell.send_line("echo rea\"\"dy; until [ -e \"$HOME/go\" ]; do :; done; \"$CHILD\" consent ask; echo do\"\"ne")?;
    shell.exp_string("ready")?;
    shell.send_line("yes")?;
    std::fs::write(home.path().join("go"), "")?;
    shell.exp_string("[y/N] ")?;
    shell.send_line("no")?;
    shell.exp_string("No")?;
    shell.exp_string("done")?;
    leave(shell)?;
    assert_eq!(home.stored().as_deref(), DISABLED);
    Ok(())
}

/// The children of a shell that runs the tests in the background ignore Ctrl-C. The child that asks must not.
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
fn nobody_is_asked_unless_all_three_streams_are_the_terminal() -> Result {
    let home = Home::new()?;
    assert_eq!(printed(&mut home.consent("ask"))?, "NotAsked(NoTerminal)");
    for redirected in ["</dev/null", "2>/dev/null", ">out"] {
        let mut command = home.command("/bin/sh", "-c");
        command.arg(format!("exec '{CHILD}' consent ask {redirected}"));
        command.current_dir(home.path());
        let (mut output, _) = rest(spawn_command(command, PATIENCE)?)?;
        if redirected == ">out" {
            output += &std::fs::read_to_string(home.path().join("out"))?;
        }
        assert_eq!(output.trim_end(), "NotAsked(NoTerminal)", "{redirected}");
    }
    assert_eq!(home.stored(), None);
    Ok(())
}

#[test]
fn nobody_is_asked_in_continuous_integration() -> Result {
    let home = Home::new()?;
    for name in ["CI", "BUILD_ID", "RUN_ID", "TF_BUILD", "GITHUB_ACTIONS", "TEAMCITY_VERSION"] {
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
