use serde_json::Value;

use super::{CONFIG, Person};
use crate::home::{Result, wait_until};
use crate::server::Server;

fn without_yes() -> String {
    CONFIG.replace("enabled = true", "")
}

fn reason(person: &Person) -> Result<Value> {
    let status: Value = serde_json::from_str(&person.runs("telemetry status --json")?.printed)?;
    let endpoint = status["endpoint"].as_str().ok_or("no endpoint")?;
    assert!(person.endpoint.starts_with(&format!("http://{endpoint}/")), "{endpoint}");
    Ok(status["consent"]["decision"]["reason"].clone())
}

#[test]
fn nothing_is_sent_without_a_yes() -> Result {
    let server = Server::accepting()?;
    let person = Person::new(&server)?;
    person.writes("auth.toml", &without_yes())?;
    assert_eq!(reason(&person)?, "nothing_said_yes");
    assert_eq!(person.runs("generate --yes")?.code, 0);
    assert!(!person.state().exists(), "nothing was written down");

    assert_eq!(person.runs("telemetry enable")?.code, 0);
    assert_eq!(reason(&person)?, "stored_on");
    assert_eq!(person.runs("migrate --yes")?.code, 0);
    wait_until(|| server.requests().len() == 1 && person.is_quiet())?;

    assert_eq!(person.runs("telemetry disable")?.code, 0);
    assert_eq!(reason(&person)?, "stored_off");
    assert_eq!(person.runs("migrate")?.code, 0);
    assert!(!person.state().exists());
    assert_eq!(server.requests().len(), 1);
    Ok(())
}

#[test]
fn a_no_of_the_environment_wins_over_the_configuration() -> Result {
    let server = Server::accepting()?;
    let person = Person::new(&server)?;
    for variable in ["BETTER_AUTH_TELEMETRY", "DO_NOT_TRACK"] {
        let value = if variable == "DO_NOT_TRACK" { "1" } else { "off" };
        assert!(person.types("generate --yes").env(variable, value).output()?.status.success());
        assert!(!person.state().exists());
    }
    assert!(server.requests().is_empty());
    Ok(())
}

#[test]
fn what_would_be_sent_and_what_was_sent_can_be_seen() -> Result {
    let server = Server::accepting()?;
    let person = Person::new(&server)?;
    let printed = person.runs("telemetry preview")?.printed;
    let preview: Value = serde_json::from_str(printed.lines().next().unwrap_or_default())?;
    assert_eq!(preview["payload"]["outcome"], "generated");
    assert_eq!(preview["payload"]["config"]["socialProviders"][0]["id"], "custom");
    assert!(server.requests().is_empty());

    person.runs("generate --yes")?;
    wait_until(|| server.requests().len() == 1 && person.is_quiet())?;
    // The same state directory again.
    let place = person.state();
    let mut last = person.types("telemetry last");
    let output = last.env("XDG_STATE_HOME", place.ancestors().nth(2).ok_or("no place")?).output()?;
    let last: Value = serde_json::from_slice(&output.stdout)?;
    assert!(last.to_string().contains("cli_generate"), "{last}");
    Ok(())
}

#[test]
fn a_closed_pipe_is_not_an_error() -> Result {
    let person = Person::new(&Server::accepting()?)?;
    for wish in ["status", "page"] {
        let (reader, writer) = std::io::pipe()?;
        drop(reader);
        let output = person.types(&format!("telemetry {wish}")).stdout(writer).output()?;
        assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

#[test]
fn saying_no_needs_no_configuration() -> Result {
    let server = Server::accepting()?;
    let person = Person::new(&server)?;
    std::fs::remove_file(person.file("auth.toml"))?;
    assert_eq!(person.runs("telemetry disable")?.code, 0);
    assert_eq!(reason(&person)?, "stored_off");
    Ok(())
}

#[test]
fn the_help_names_every_command() -> Result {
    let person = Person::new(&Server::accepting()?)?;
    let help = person.runs("--help")?;
    assert_eq!(help.code, 0);
    for word in ["generate", "migrate", "--append", "--yes", "status", "preview", "last", "page", "enable", "disable"] {
        assert!(help.printed.contains(word), "{word}");
    }
    Ok(())
}
