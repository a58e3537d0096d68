//! The command line of clap as a person uses it: what it does, what it asks, and what arrives.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use rexpect::session::spawn_command;
use serde_json::{Value, json};

use super::build_package;
use crate::home::{Home, PATIENCE, Result, wait_until};
use crate::server::Server;
use crate::time::at;
use crate::workspace::root;

/// A text that no event may hold.
const CANARY: &str = "hunter2";

/// A user who has said yes.
struct Person {
    home: Home,
    server: Server,
    program: PathBuf,
}

impl Person {
    fn new() -> Result<Self> {
        Ok(Self { home: Home::new()?, server: Server::accepting()?, program: build_package("clap-cli")? })
    }

    /// The command line on the day before, if it can be shown another time.
    fn typed_yesterday(&self, arguments: &str) -> Option<Command> {
        let mut command = self.types(arguments);
        at(&mut command, "-25h", true)?;
        Some(command)
    }

    fn types(&self, arguments: &str) -> Command {
        let mut command = self.home.command(&self.program, arguments);
        command.current_dir(self.home.path()).env("ACME_ENDPOINT", self.server.url());
        command
    }

    /// The exit code of a command, and what it printed: the output, then the errors.
    fn runs(&self, arguments: &str) -> Result<(Option<i32>, String)> {
        let output = self.types(arguments).output()?;
        Ok((output.status.code(), String::from_utf8([output.stdout, output.stderr].concat())?))
    }

    /// Runs a command with consent, and returns the payload of its event.
    fn tells(&self, arguments: &str) -> Result<Value> {
        let already = self.server.requests().len();
        // Printed rather than sent: it is the same body, and no process needs to be awaited.
        let output = self.types(arguments).env("CLAP_CLI_TELEMETRY_DEBUG", "1").output()?;
        let errors = String::from_utf8(output.stderr)?;
        assert!(!errors.contains(CANARY), "{errors}");
        assert_eq!(self.server.requests().len(), already);
        let (_, event) = errors.split_once("telemetry would send:").ok_or("no event")?;
        let mut event: Value = serde_json::from_str(event)?;
        let took = event["payload"].as_object_mut().and_then(|payload| payload.remove("took"));
        assert!(took.is_some_and(|took| took.is_string()), "{event}");
        Ok(event["payload"].take())
    }
}

/// How many events a body stands for.
fn count(body: &str) -> Option<u64> {
    serde_json::from_str::<Value>(body).ok()?["payload"]["count"].as_u64()
}

#[test]
fn an_event_tells_the_command_its_flags_and_the_end_and_no_value() -> Result {
    let person = Person::new()?;
    for (arguments, command, file, quiet, outcome) in [
        (
            "remote add hunter2 https://hunter2.example --first",
            json!({ "name": "remote", "action": "add", "first": true }),
            false,
            false,
            "changed",
        ),
        (
            "remote --quiet add hunter2 ftp://hunter2.example",
            json!({ "name": "remote", "action": "add", "first": false }),
            false,
            true,
            "address_invalid",
        ),
        (
            "remote list --filter hunter3 --file hunter2.txt",
            json!({ "name": "remote", "action": "list", "filter": true }),
            true,
            false,
            "unchanged",
        ),
        (
            "--file hunter2.txt remote remove hunter2 --if-exists",
            json!({ "name": "remote", "action": "remove", "if-exists": true }),
            true,
            false,
            "unchanged",
        ),
        (
            "remote remove hunter3",
            json!({ "name": "remote", "action": "remove", "if-exists": false }),
            false,
            false,
            "not_found",
        ),
        ("check -q", json!({ "name": "check" }), false, true, "unchanged"),
        ("check --file .", json!({ "name": "check" }), true, false, "file_unusable"),
    ] {
        let exit = if ["changed", "unchanged"].contains(&outcome) { "success" } else { "failure" };
        let expected =
            json!({ "file": file, "quiet": quiet, "command": command, "outcome": outcome, "exit": exit, "count": 1 });
        assert_eq!(person.tells(arguments)?, expected, "{arguments}");
    }
    Ok(())
}

#[test]
fn the_commands_do_what_they_say() -> Result {
    let person = Person::new()?;
    let done = |printed: &str| (Some(0), printed.to_owned());
    assert_eq!(person.runs("remote add one https://one.example")?, done(""));
    assert_eq!(person.runs("remote add two https://two.example --first")?, done(""));
    assert_eq!(person.runs("remote list")?, done("two https://two.example\none https://one.example\n"));
    assert_eq!(person.runs("remote list --filter one.")?, done("one https://one.example\n"));
    assert_eq!(person.runs("remote remove two")?, done(""));
    assert_eq!(fs::read_to_string(person.home.path().join("remotes.txt"))?, "one https://one.example\n");
    let failed = (Some(1), "clap-cli: there is no such remote\n".to_owned());
    assert_eq!(person.runs("remote remove two")?, failed);
    assert_eq!(person.runs("remote remove two --quiet")?, (Some(1), String::new()));
    Ok(())
}

#[test]
fn the_first_run_asks_and_the_next_day_it_tells_how_often() -> Result {
    let person = Person::new()?;
    let Some(first) = person.typed_yesterday("remote list") else { return Ok(()) };
    let mut session = spawn_command(first, Some(PATIENCE.as_millis() as u64))?;
    session.exp_string("which flags were used, without their values")?;
    session.exp_string("[y/N] ")?;
    session.send_line("y")?;
    session.exp_string("To switch it off, run `clap-cli telemetry disable`")?;
    session.exp_eof()?;
    let Some(mut again) = person.typed_yesterday("remote list") else { return Ok(()) };
    assert!(again.status()?.success());
    let (_, status) = person.runs("telemetry status")?;
    assert!(status.contains("Counted and not sent yet: 2 events."), "{status}");
    assert!(person.server.requests().is_empty());
    person.runs("check")?;
    // Another process sends the events. The two can differ in how long they took.
    let told = || person.server.requests().iter().filter_map(|request| count(&request.body)).sum::<u64>();
    wait_until(|| told() == 2)?;
    let body = person.server.requests()[0].body.clone();
    assert!(body.contains(r#""command":{"name":"remote","action":"list","filter":false}"#), "{body}");
    wait_until(|| person.runs("telemetry last").is_ok_and(|(_, printed)| printed.contains(&body)))?;

    let (code, status) = person.runs("telemetry status")?;
    assert_eq!(code, Some(0));
    assert!(status.starts_with("Telemetry of clap-cli is on: the user's stored choice is yes.\n"), "{status}");
    let (_, status) = person.runs("telemetry status --json")?;
    assert_eq!(serde_json::from_str::<Value>(&status)?["consent"]["decision"]["reason"], "stored_on");

    let (code, printed) = person.runs("telemetry disable")?;
    assert_eq!((code, printed.starts_with("The no is stored.")), (Some(0), true), "{printed}");
    assert_eq!(person.runs("remote list")?, (Some(0), String::new()));
    assert_eq!(told(), 2, "commands for users are not told, and a no is a no");
    Ok(())
}

#[test]
fn clap_explains_the_commands_for_users() -> Result {
    let person = Person::new()?;
    let (code, help) = person.runs("telemetry --help")?;
    assert_eq!(code, Some(0));
    for command in ["status", "preview", "enable", "disable", "last", "page"] {
        assert!(help.contains(&format!("\n  {command} ")), "{help}");
    }
    assert_eq!(person.runs("telemetry pages")?.0, Some(2));
    let (_, page) = person.runs("telemetry page")?;
    for row in ["| `file` | whether it is set |", "| `command<remote><add>.first` |", "| `outcome` | one of `changed`,"]
    {
        assert!(page.contains(row), "{row}\n{page}");
    }
    Ok(())
}

#[test]
fn the_whole_example_is_short() -> Result {
    let files = fs::read_dir(root().join("examples/clap-cli/src"))?;
    let texts = files.map(|file| fs::read_to_string(file?.path())).collect::<std::io::Result<Vec<_>>>()?;
    let lines: usize = texts.iter().map(|text| text.lines().count()).sum();
    assert!(lines < 250, "{lines} lines");
    Ok(())
}
