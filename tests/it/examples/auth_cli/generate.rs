use serde_json::{Value, json};

use super::{CONFIG, Person};
use crate::home::Result;
use crate::server::Server;

/// Checks the outcome of the event, and that its configuration is the right one.
fn assert_outcome(event: &Value, outcome: &str) {
    assert_eq!(event["type"], "cli_generate");
    assert_eq!(event["payload"]["outcome"], outcome);
    let config = &event["payload"]["config"];
    assert_eq!(config["user"]["modelName"], true);
    assert_eq!(config["socialProviders"][0]["id"], "custom");
    let connection = if outcome == "no_changes" { json!("kysely") } else { Value::Null };
    assert_eq!((&config["database"], &config["adapter"]), (&connection, &connection));
}

#[test]
fn a_new_file_is_generated_and_then_nothing_changes() -> Result {
    let server = Server::accepting()?;
    let person = Person::new(&server)?;
    let end = person.answers("generate --output db/schema.sql", "Write the schema to db/schema.sql?", "y\n")?;
    assert_eq!(end.code, 0, "{end:?}");
    let schema = person.reads("db/schema.sql")?;
    assert_eq!(schema.matches("create table").count(), 4);
    assert!(schema.starts_with("create table \"canary people\" (\n  \"id\" text not null primary key,\n"), "{schema}");
    assert_outcome(&person.event(&server)?, "generated");

    let end = person.runs("generate --output db/schema.sql")?;
    assert_eq!((end.code, end.printed.as_str()), (0, "db/schema.sql is up to date.\n"));
    assert_eq!(person.reads("db/schema.sql")?, schema);
    assert_outcome(&person.event(&server)?, "no_changes");
    Ok(())
}

#[test]
fn without_a_yes_no_file_is_written() -> Result {
    let server = Server::accepting()?;
    let person = Person::new(&server)?;
    for answer in ["n\n", "\n", "maybe\n", "\u{4}"] {
        let end = person.answers("generate", "Write the schema to schema.sql?", answer)?;
        assert_eq!(end.code, 1, "{answer:?}");
        assert!(end.printed.contains("Nothing was written."), "{end:?}");
        assert!(!person.file("schema.sql").exists());
        assert_outcome(&person.event(&server)?, "aborted");
    }
    assert_eq!(person.runs("generate")?.code, 1, "the end of the input is no yes");
    assert_outcome(&person.event(&server)?, "aborted");
    Ok(())
}

#[test]
fn a_file_that_differs_is_overwritten_after_a_yes() -> Result {
    let server = Server::accepting()?;
    let person = Person::new(&server)?;
    person.writes("schema.sql", "-- mine\n")?;
    let end = person.answers("generate", "Overwrite schema.sql?", "n\n")?;
    assert_eq!((end.code, person.reads("schema.sql")?.as_str()), (1, "-- mine\n"));
    assert_outcome(&person.event(&server)?, "aborted");

    let end = person.answers("generate", "Overwrite schema.sql?", "yes\n")?;
    assert_eq!(end.code, 0);
    assert!(person.reads("schema.sql")?.starts_with("create table"));
    assert_outcome(&person.event(&server)?, "overwritten");

    person.writes("auth.toml", &CONFIG.replace("canary people", "canary persons"))?;
    assert_eq!(person.runs("generate --yes")?.code, 0);
    assert!(person.reads("schema.sql")?.starts_with("create table \"canary persons\""));
    assert_outcome(&person.event(&server)?, "overwritten");
    Ok(())
}

#[test]
fn missing_tables_are_appended() -> Result {
    let server = Server::accepting()?;
    let person = Person::new(&server)?;
    person.writes("schema.sql", "create table mine (id integer);\n")?;
    let end = person.answers("generate --append", "Append the schema to schema.sql?", "y\n")?;
    assert_eq!(end.code, 0);
    let schema = person.reads("schema.sql")?;
    assert!(schema.starts_with("create table mine (id integer);\n\ncreate table \"canary people\" ("), "{schema}");
    assert_outcome(&person.event(&server)?, "appended");

    assert_eq!(person.runs("generate --append")?.code, 0);
    assert_eq!(person.reads("schema.sql")?, schema);
    assert_outcome(&person.event(&server)?, "no_changes");

    let index = schema.lines().last().ok_or("an empty file")?;
    person.writes("schema.sql", &schema.replace(index, ""))?;
    assert_eq!(person.runs("generate --append -y")?.code, 0);
    assert_eq!(person.reads("schema.sql")?.matches(index).count(), 1);
    assert_outcome(&person.event(&server)?, "appended");
    Ok(())
}

#[test]
fn a_failure_is_reported_and_is_not_an_outcome() -> Result {
    let server = Server::accepting()?;
    let person = Person::new(&server)?;
    let fails = |arguments: &str, code: i32, message: &str| -> Result {
        let end = person.runs(arguments)?;
        assert_eq!(end.code, code, "{end:?}");
        assert!(end.printed.contains(message), "{end:?}");
        Ok(())
    };
    person.writes("schema.sql", "create table \"canary people\" (id integer);\n")?;
    fails("generate --append --yes", 1, "creates `canary people` in another way; remove that, or generate without")?;
    person.writes("auth.toml", &CONFIG.replace("[user]", "[user]\nfields = { mail = \"x\" }"))?;
    fails("generate --yes", 1, "`user.fields` renames `mail`, which is not one of its fields")?;
    person.writes("auth.toml", "secret = \"hunter2\nx")?;
    fails("generate --yes", 1, "auth.toml:2:2: this is not TOML")?;
    person.writes("auth.json", r#"{"rateLimit": {"window": "hunter2"}}"#)?;
    fails("generate --config auth.json", 1, "auth.json:1:34: the value of `rateLimit.window` is not one")?;
    person.writes("auth.json", r#"{"secret": "hunter2"#)?;
    fails("generate --config auth.json", 1, "auth.json:1:19: this is not JSON")?;
    fails("generate --config none.toml", 1, "cannot read none.toml")?;
    fails("generate --output auth.toml/schema.sql -y --config none.toml", 1, "cannot read none.toml")?;
    for arguments in ["", "generates", "generate twice", "migrate --append", "telemetry", "telemetry on", "--unknown"] {
        fails(arguments, 2, "auth-cli: ")?;
    }
    assert!(server.requests().is_empty());
    Ok(())
}

#[test]
fn options_can_be_json() -> Result {
    let server = Server::accepting()?;
    let person = Person::new(&server)?;
    let options = json!({
        "user": { "modelName": "canary" },
        "socialProviders": { "canary": {} },
        "telemetry": { "enabled": true },
    });
    person.writes("auth.json", &options.to_string())?;
    assert_eq!(person.runs("--config auth.json generate --yes")?.code, 0);
    assert!(person.reads("schema.sql")?.starts_with("create table \"canary\""));
    assert_outcome(&person.event(&server)?, "generated");
    Ok(())
}
