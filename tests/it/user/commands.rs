use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::{chown, symlink};

use serde_json::Value;

use super::{End, end, printed, types};
use crate::home::{Home, Result};
use crate::server::{Request, Server, status};

const ENABLED: &str = "The yes is stored. Telemetry of acme is on.\n";
const DISABLED: &str = "The no is stored. Telemetry of acme is off, and what it kept on this machine is deleted.\n";

#[test]
fn a_user_says_yes_sees_what_was_sent_and_says_no() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let types = |words: &str| types(&home, &format!("--endpoint={} {words}", server.url()));
    let before = printed(&mut types("status"))?;
    let file = home.choice().display().to_string();
    assert!(
        before.starts_with(&format!(
            "Telemetry of acme is off: nobody has said yes.\nNo choice is stored. It would be stored in {file}.\n"
        )),
        "{before}"
    );
    let told = format!("\nReceiver: Acme Inc.\nSent to: {}\n", server.authority());
    assert!(before.contains(&told), "{before}");
    assert!(before.contains("\nTo switch it on, run `acme telemetry enable`, or set ACME_TELEMETRY=1.\n"), "{before}");
    assert_eq!(fs::read_dir(home.path())?.count(), 0, "status writes nothing");

    assert_eq!(printed(&mut types("enable"))?, ENABLED);
    assert_eq!(home.stored().as_deref(), Some("enabled\n"));
    assert_eq!(printed(&mut types("publish"))?, "");
    let status = printed(&mut types("status"))?;
    assert!(status.starts_with("Telemetry of acme is on: the user's stored choice is yes.\nThe choice is stored in"));
    assert!(status.contains("\nAn event was last sent ") && status.contains(" ago.\n"), "{status}");
    assert!(status.contains("\nTo switch it off, run `acme telemetry disable`, or"), "{status}");

    let End { code, out, err } = end(&mut types("last"))?;
    assert_eq!((code, out.trim_end()), (0, server.requests()[0].body.as_str()));
    assert!(err.starts_with("Sent ") && err.ends_with(" ago:\n") && err.lines().count() == 1, "{err}");

    assert_eq!(printed(&mut types("disable"))?, DISABLED);
    assert_eq!(home.stored().as_deref(), Some("disabled\n"));
    assert!(home.kept().is_empty(), "{:?}", home.kept());
    let End { code, out, err } = end(&mut types("last"))?;
    assert_eq!((code, out.as_str(), err.as_str()), (0, "", "No sent event is on record.\n"));
    assert_eq!(server.requests().len(), 1);
    Ok(())
}

#[test]
fn last_prints_what_the_receiver_refused() -> Result {
    let home = Home::with_yes()?;
    let server = Server::start(|_, _: &Request, stream: &mut TcpStream| status(stream, "400 Bad Request"))?;
    let types = |words: &str| types(&home, &format!("--endpoint={} {words}", server.url()));
    printed(&mut types("publish"))?;
    let End { code, out, .. } = end(&mut types("last"))?;
    assert_eq!((code, out.trim_end()), (0, server.requests()[0].body.as_str()));
    Ok(())
}

#[test]
fn preview_prints_exactly_what_is_sent() -> Result {
    let (home, server) = (Home::with_yes()?, Server::accepting()?);
    let endpoint = format!("--endpoint={}", server.url());
    printed(&mut types(&home, &format!("{endpoint} publish")))?;
    let End { code, out, err } = end(&mut types(&home, &format!("{endpoint} preview")))?;
    assert_eq!((code, err.lines().count()), (0, 1), "{err}");
    let sent = server.requests()[0].body.replace(r#""turn":1"#, r#""turn":7"#);
    assert_eq!(out, sent + "\n");
    assert_eq!(server.requests().len(), 1);
    Ok(())
}

#[test]
fn status_as_json_is_the_status() -> Result {
    let home = Home::with_choice("disabled\n")?;
    let status: Value = serde_json::from_str(&printed(&mut types(&home, "status --json"))?)?;
    assert_eq!(status["consent"]["decision"]["reason"], "stored_off");
    assert_eq!(status["receiver"], "Acme Inc.");
    assert_eq!(status["spool"]["events"], 0);
    Ok(())
}

#[test]
fn page_prints_the_page_with_the_commands() -> Result {
    let page = printed(&mut types(&Home::new()?, "page"))?;
    for told in [
        "# Telemetry of acme\n",
        "- Run `acme telemetry disable`, which is remembered.\n",
        "- Run `acme telemetry preview` to see what would be sent.\n",
        "- Run `acme telemetry status` to see whether it is on, and why.\n",
        "- Run `acme telemetry last` to see what was sent last.\n",
        "### Event `started`\n",
    ] {
        assert!(page.contains(told), "{told}\n{page}");
    }
    Ok(())
}

#[test]
fn words_that_are_not_a_command_get_the_commands_and_a_code_of_their_own() -> Result {
    let home = Home::new()?;
    for words in ["", "hunter2", "status hunter2"] {
        let End { code, out, err } = end(&mut types(&home, words))?;
        assert_eq!((code, out.as_str()), (2, ""), "{words}");
        assert!(err.contains("\n  enable ") && !err.contains("hunter2"), "{err}");
    }
    let help = printed(&mut types(&home, "--help"))?;
    assert_eq!(help.lines().count(), 6, "{help}");
    Ok(())
}

#[test]
fn a_yes_that_something_else_denies_is_stored_and_the_user_is_told_what_denies() -> Result {
    for (variable, value, option, why) in [
        ("ACME_TELEMETRY", "0", "", "ACME_TELEMETRY says no"),
        ("DO_NOT_TRACK", "1", "", "DO_NOT_TRACK is set"),
        ("UNRELATED", "1", "--configured=false", "the configuration says no"),
    ] {
        let home = Home::new()?;
        let told = printed(types(&home, &format!("{option} enable")).env(variable, value))?;
        assert_eq!(told, format!("The yes is stored, but telemetry of acme is still off: {why}.\n"));
        assert_eq!(home.stored().as_deref(), Some("enabled\n"));
        let status = printed(types(&home, &format!("{option} status")).env(variable, value))?;
        assert!(status.starts_with(&format!("Telemetry of acme is off: {why}.\nThe choice is stored in")), "{status}");
        assert!(status.contains("\n  the user's stored choice  says yes\n"), "{status}");
    }
    Ok(())
}

#[test]
fn a_choice_that_cannot_be_read_is_told_and_not_replaced_by_a_yes() -> Result {
    let home = Home::with_choice("")?;
    // Root cannot read it either.
    fs::remove_file(home.choice())?;
    symlink("nowhere", home.choice())?;
    let status = printed(&mut types(&home, "status"))?;
    let file = home.choice().display().to_string();
    assert!(status.contains(&format!("\nThe file {file} cannot be read, or its content is not a choice.")), "{status}");
    let End { code, out, err } = end(&mut types(&home, "enable"))?;
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.starts_with("error: the stored choice cannot be read"), "{err}");
    Ok(())
}

#[test]
fn a_corrupt_choice_is_told_and_can_be_replaced() -> Result {
    let home = Home::with_choice("perhaps\n")?;
    let status = printed(&mut types(&home, "status"))?;
    assert!(status.starts_with("Telemetry of acme is off: the user's stored choice is corrupt"), "{status}");
    assert_eq!(printed(&mut types(&home, "enable"))?, ENABLED);
    assert_eq!(home.stored().as_deref(), Some("enabled\n"));
    Ok(())
}

#[test]
fn a_client_that_is_disabled_still_lets_the_user_choose() -> Result {
    let home = Home::new()?;
    let status = printed(&mut types(&home, "--disabled status"))?;
    assert_eq!(status, "Telemetry is always off in this program.\n");
    assert_eq!(printed(&mut types(&home, "--disabled disable"))?, DISABLED);
    assert_eq!(home.stored().as_deref(), Some("disabled\n"));
    Ok(())
}

#[test]
fn without_a_home_the_user_is_told_to_use_the_variable() -> Result {
    let home = Home::new()?;
    let End { code, err, .. } = end(types(&home, "enable").env_remove("HOME"))?;
    assert_eq!(code, 1);
    let why = "HOME is not set; set it, or set ACME_TELEMETRY to 0, or to 1 unless a no is stored";
    assert_eq!(err, format!("error: the choice could not be stored: {why}\n"));
    Ok(())
}

/// Only root can give its home to another user.
#[test]
fn root_in_the_home_of_another_user_is_told_that_nothing_is_stored() -> Result {
    let home = Home::new()?;
    if chown(home.path(), Some(1_000), Some(1_000)).is_err() {
        crate::home::not_shown("this user cannot give a home away");
        return Ok(());
    }
    let status = printed(&mut types(&home, "status"))?;
    assert!(status.contains("\nA choice cannot be stored: this home belongs to another user"), "{status}");
    assert!(status.contains("\nTo switch it on, set ACME_TELEMETRY=1.\n"), "{status}");
    for words in ["enable", "disable"] {
        let End { code, out, err } = end(&mut types(&home, words))?;
        assert_eq!((code, out.as_str()), (1, ""));
        assert!(err.starts_with("error: the choice could not be stored: this home belongs to another user"), "{err}");
    }
    assert_eq!(fs::read_dir(home.path())?.count(), 0);
    Ok(())
}

#[test]
fn a_reader_that_ends_early_is_not_an_error() -> Result {
    let (home, server) = (Home::with_yes()?, Server::accepting()?);
    printed(&mut types(&home, &format!("--endpoint={} publish", server.url())))?;
    for words in ["status", "status --json", "preview", "last", "page", "help", "enable", "disable"] {
        let (reader, writer) = std::io::pipe()?;
        drop(reader);
        let output = types(&home, words).stdout(writer).output()?;
        let err = String::from_utf8(output.stderr)?;
        assert_eq!(output.status.code(), Some(0), "{words}: {err}");
        let is_remark = err.starts_with("This is the body") || err.starts_with("Sent ");
        assert!(err.is_empty() || (is_remark && err.lines().count() == 1), "{words}: {err}");
    }
    assert_eq!(home.stored().as_deref(), Some("disabled\n"), "what was typed was done");
    Ok(())
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_cannot_be_written_is_an_error() -> Result {
    let full = fs::OpenOptions::new().write(true).open("/dev/full")?;
    let output = types(&Home::new()?, "page").stdout(full).output()?;
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stderr, b"error: the output could not be written (no storage space)\n");
    Ok(())
}
