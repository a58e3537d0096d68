use std::path::Path;

use serde_json::Value;

use crate::documents::{block, read};
use crate::home::{Home, Result};

const ACME: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/config/acme.toml");

struct Run {
    success: bool,
    stdout: String,
    stderr: String,
}

fn run(variables: &[(&str, &str)], file: Option<&Path>) -> Result<Run> {
    let home = Home::new()?;
    let mut command = home.command(super::build("quickstart")?, "");
    command.envs(variables.iter().copied()).args(file);
    let output = command.output()?;
    Ok(Run {
        success: output.status.success(),
        stdout: String::from_utf8(output.stdout)?,
        stderr: String::from_utf8(output.stderr)?,
    })
}

/// Every text in the file, keys of the providers included.
fn texts(value: &toml::Value) -> Vec<String> {
    match value {
        toml::Value::String(text) => vec![text.clone()],
        toml::Value::Array(items) => items.iter().flat_map(texts).collect(),
        toml::Value::Table(table) => table.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn the_collector_receives_the_settings_and_no_text_of_them() -> Result {
    let run = run(&[], None)?;
    assert!(run.success, "{}", run.stderr);
    let (head, body) = run.stdout.rsplit_once("\n\n").ok_or("no body")?;
    assert!(head.contains("POST /v1/events HTTP/1.1\ncontent-type: application/json\n"), "{head}");
    let event: Value = serde_json::from_str(body)?;
    assert_eq!(event["type"], "init");
    assert_eq!(event["payload"]["database"]["url"], true);
    assert_eq!(event["payload"]["trustedOrigins"], 3);
    assert_eq!(event["payload"]["socialProviders"][0]["id"], "custom");
    assert_eq!(event["payload"]["socialProviders"][1]["id"], "github");

    // These are words of the tables; `email` is the beginning of a key.
    let words = ["warn", "postgres", "lax", "two-factor", "organization", "email"];
    let texts = texts(&std::fs::read_to_string(ACME)?.parse::<toml::Table>()?.into());
    assert!(texts.len() > 30, "{}", texts.len());
    for text in texts.iter().filter(|text| !words.contains(&text.as_str())) {
        assert!(!body.contains(text.as_str()), "{text}");
        assert!(text.len() < 12 || !run.stdout.contains(text.as_str()), "{text}");
    }
    assert!(!body.contains("acme"), "{body}");
    Ok(())
}

#[test]
fn the_readme_shows_parts_of_the_file_and_of_the_output() -> Result {
    let readme = read("README.md");
    let acme = std::fs::read_to_string(ACME)?;
    assert!(acme.contains(block(&readme, "toml")), "the file has no such part");
    let run = run(&[], None)?;
    assert!(run.stdout.contains(block(&readme, "json")), "{}", run.stdout);
    Ok(())
}

#[test]
fn a_denial_wins_over_the_file() -> Result {
    let run = run(&[("DO_NOT_TRACK", "1")], None)?;
    assert!(run.success);
    assert!(run.stdout.contains("# Nothing was sent"), "{}", run.stdout);
    assert!(!run.stdout.contains("POST /"));
    Ok(())
}

#[test]
fn a_mistake_in_the_file_is_reported_without_its_values() -> Result {
    let home = Home::new()?;
    let acme = std::fs::read_to_string(ACME)?;
    let cases = [
        ("secret = \"Zk3v", "secret = Zk3v", ":6:10: this is not TOML"),
        ("pool_size = 24", "pool_size = \"hunter2\"", ":19:13: the value of `database.pool_size` is not one"),
        ("secret = \"Zk3v", "# \"Zk3v", ": `secret` is missing here"),
        ("engine = \"postgres\"", "", ": `database.engine` is missing here"),
    ];
    for (text, other, message) in cases {
        assert!(acme.contains(text), "{text}");
        let path = home.path().join("other.toml");
        std::fs::write(&path, acme.replace(text, other))?;
        let run = run(&[], Some(&path))?;
        assert!(!run.success);
        assert_eq!(run.stdout, "");
        assert!(run.stderr.contains(message), "{message}: {}", run.stderr);
        assert!(!run.stderr.contains("Zk3v") && !run.stderr.contains("hunter2"), "{}", run.stderr);
    }
    let run = run(&[], Some(&home.path().join("missing.toml")))?;
    assert!(!run.success);
    assert!(run.stderr.contains("cannot read") && run.stderr.contains("missing.toml"), "{}", run.stderr);
    Ok(())
}

#[test]
fn another_file_of_the_same_shape_is_accepted() -> Result {
    let home = Home::new()?;
    let path = home.path().join("other.toml");
    let other = std::fs::read_to_string(ACME)?.replace("engine = \"postgres\"", "engine = \"oracle at acme\"");
    std::fs::write(&path, other)?;
    let run = run(&[], Some(&path))?;
    assert!(run.success, "{}", run.stderr);
    assert!(run.stdout.contains(r#""engine":"other""#), "{}", run.stdout);
    Ok(())
}
