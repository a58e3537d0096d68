use std::path::PathBuf;
use std::process::Command;

use rexpect::session::spawn_command;
use serde_json::Value;

use crate::home::{Home, Result, printed, wait_until};
use crate::server::Server;

struct Person {
    home: Home,
    server: Server,
    program: PathBuf,
}

impl Person {
    fn new() -> Result<Self> {
        Ok(Self { home: Home::new()?, server: Server::accepting()?, program: super::build("first_run")? })
    }

    fn types(&self, arguments: &str) -> Command {
        let mut command = self.home.command(&self.program, arguments);
        command.env("ACME_ENDPOINT", self.server.url());
        command
    }

    /// The last events, as the user sees them.
    fn last(&self) -> Result<Vec<String>> {
        let lines = printed(&mut self.types("telemetry last"))?;
        Ok(lines.lines().map(str::to_owned).collect())
    }

    fn status(&self) -> Result<Value> {
        Ok(serde_json::from_str(&printed(&mut self.types("telemetry status --json"))?)?)
    }
}

#[test]
fn the_first_run_asks_and_the_user_inspects_and_changes_the_choice() -> Result {
    let person = Person::new()?;
    assert_eq!(person.status()?["consent"]["decision"]["reason"], "nothing_said_yes");
    let preview = printed(&mut person.types("telemetry preview"))?;
    assert!(preview.contains(r#""payload":{"command":"check","arguments":2}"#), "{preview}");

    let mut session = spawn_command(person.types("build src/secret.rs"), Some(60_000))?;
    session.exp_string("to:        Acme Inc. (telemetry.acme.example)")?;
    session.exp_string("stop:      first_run telemetry disable")?;
    session.exp_string("[y/N] ")?;
    session.send_line("y")?;
    session.exp_string("Thank you. To switch it off, run `first_run telemetry disable`")?;
    session.exp_string("Done.")?;
    session.exp_eof()?;
    assert_eq!(person.status()?["consent"]["decision"]["reason"], "stored_on");
    assert_eq!(person.status()?["endpoint"], person.server.authority());

    // Another process sends the stored event, and then the user can see it.
    wait_until(|| !person.server.requests().is_empty() && person.last().is_ok_and(|sent| !sent.is_empty()))?;
    let body = person.server.requests()[0].body.clone();
    assert!(body.contains(r#""payload":{"command":"build","arguments":2}"#), "{body}");
    assert_eq!(person.last()?, [body]);

    assert_eq!(printed(&mut person.types("test a b"))?, "Done.", "it asks once");

    let off = printed(&mut person.types("telemetry disable"))?;
    assert!(off.starts_with("The no is stored."), "{off}");
    assert_eq!(person.status()?["consent"]["decision"]["reason"], "stored_off");
    assert_eq!(person.status()?["spool"]["events"], 0);
    assert_eq!(printed(&mut person.types("telemetry last"))?, "");
    Ok(())
}

#[test]
fn without_a_terminal_it_does_not_ask_and_nothing_is_sent() -> Result {
    let person = Person::new()?;
    assert_eq!(printed(&mut person.types("build src/secret.rs"))?, "Done.");
    assert!(person.server.requests().is_empty());
    assert_eq!(std::fs::read_dir(person.home.path())?.count(), 0);
    Ok(())
}
