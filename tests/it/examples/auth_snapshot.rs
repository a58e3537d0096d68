use std::io::Write as _;
use std::process::{Output, Stdio};

use serde_json::Value;

use crate::auth::{read, vector};
use crate::home::{Home, Result};

fn run(arguments: &str, input: &[u8]) -> Result<Output> {
    let mut command = Home::new()?.command(super::build("auth_snapshot")?, arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let mut stdin = child.stdin.take().ok_or("no standard input")?;
    let input = input.to_owned();
    // On another thread, since the program writes while it reads.
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output()?;
    writer.join().map_err(|_| "the writer panicked")??;
    Ok(output)
}

#[test]
fn each_recorded_configuration_gives_a_line_that_fits_the_schema() -> Result {
    let vectors = read(&vector("config.jsonl"));
    let output = run("", vectors.as_bytes())?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let schema = run("--schema", b"")?;
    assert!(schema.status.success());
    let validator = jsonschema::validator_for(&serde_json::from_slice(&schema.stdout)?)?;
    let lines = String::from_utf8(output.stdout)?;
    assert_eq!(lines.lines().count(), vectors.lines().count());
    for (line, vector) in lines.lines().zip(vectors.lines()) {
        let (sent, vector): (Value, Value) = (serde_json::from_str(line)?, serde_json::from_str(vector)?);
        assert_eq!(sent, vector["expected"], "{}", vector["name"]);
        assert!(validator.is_valid(&sent), "{}", vector["name"]);
    }
    Ok(())
}

#[test]
fn the_page_for_users_is_the_one_in_the_repository() -> Result {
    let output = run("--disclosure", b"")?;
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stdout)?, std::fs::read_to_string("../telemetry/TELEMETRY.md")?);
    Ok(())
}

/// Invalid lines and their error messages.
const WRONG: [(&str, &str); 30] = [
    ("", "column 1: this is not a JSON object"),
    ("hunter2", "column 1: this is not a JSON object"),
    (r#"{"options":{"secret":"hunter2}}"#, "column 31: this is not a JSON object"),
    (r#"{"options":{"secret":"hunter2\ud800"}}"#, "this is not a JSON object"),
    (r#"[{"options":{}}]"#, "this is not a JSON object"),
    (r#"[{},{}]"#, "column 1: this is not a JSON object"),
    (r#"{"context":{}}"#, "options: the value is not one that this option takes"),
    (r#"{"options":null}"#, "options: "),
    (r#"{"options":"hunter2"}"#, "options: "),
    (r#"{"options":["hunter2"]}"#, "options: "),
    (r#"{"options":{},"context":"hunter2"}"#, "context: "),
    (r#"{"options":{},"context":["hunter2"]}"#, "context: "),
    (r#"{"options":{},"context":{"customTrack":["record"]}}"#, "context.customTrack: "),
    (r#"{"options":{},"context":{"database":{"hunter2":1}}}"#, "context.database: "),
    (r#"{"options":{"secret":["hunter2"]}}"#, "options.secret: "),
    (r#"{"options":{"session":{"expiresIn":"hunter2"}}}"#, "options.session.expiresIn: "),
    (r#"{"options":{"session":{"expiresIn":-31337}}}"#, "options.session.expiresIn: "),
    (r#"{"options":{"session":{"expiresIn":31337.5}}}"#, "options.session.expiresIn: "),
    (r#"{"options":{"session":["hunter2"]}}"#, "options.session: "),
    (r#"{"options":{"emailAndPassword":{"enabled":"hunter2"}}}"#, "options.emailAndPassword.enabled: "),
    (r#"{"options":{"emailAndPassword":{"password":{"hash":"hunter2"}}}}"#, "options.emailAndPassword.password.hash: "),
    (r#"{"options":{"socialProviders":{"hunter2":"x"}}}"#, "options.socialProviders.*: "),
    (r#"{"options":{"socialProviders":{"hunter2":{"scope":["x",31337]}}}}"#, "options.socialProviders.*.scope[1]: "),
    (r#"{"options":{"socialProviders":{"hunter2":{"getUserInfo":31337}}}}"#, "options.socialProviders.*.getUserInfo: "),
    (r#"{"options":{"user":{"fields":{"hunter2":31337}}}}"#, "options.user.fields.*: "),
    (
        r#"{"options":{"user":{"additionalFields":{"hunter2":{"type":"hunter2"}}}}}"#,
        "options.user.additionalFields.*.type: ",
    ),
    (r#"{"options":{"rateLimit":{"customRules":{"/hunter2":[1,2]}}}}"#, "options.rateLimit.customRules.*: "),
    (r#"{"options":{"plugins":{"hunter2":{}}}}"#, "options.plugins: "),
    (r#"{"options":{"trustedOrigins":["hunter2",31337]}}"#, "options.trustedOrigins[1]: "),
    (
        r#"{"options":{"advanced":{"defaultCookieAttributes":{"expires":"hunter2"}}}}"#,
        "options.advanced.defaultCookieAttributes.expires: ",
    ),
];

#[test]
fn an_invalid_line_is_reported_by_number_and_path_and_the_others_are_printed() -> Result {
    let mut input = Vec::new();
    for (line, _) in WRONG {
        input.extend_from_slice(line.as_bytes());
        input.extend_from_slice(b"\n{\"options\":{}}\n");
    }
    input.extend_from_slice(b"{\"options\":{\"secret\":\"hunter2\xff\"}}");
    let output = run("", &input)?;
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stdout)?.lines().count(), WRONG.len());

    let errors = String::from_utf8(output.stderr)?;
    let mut told = errors.lines();
    for (index, (line, message)) in WRONG.into_iter().enumerate() {
        let error = told.next().unwrap_or_default();
        assert!(error.starts_with(&format!("line {}: ", 2 * index + 1)), "{line}: {error}");
        assert!(error.contains(message), "{line}: {error}");
    }
    assert_eq!(told.next(), Some(format!("line {}: this is not UTF-8", 2 * WRONG.len() + 1).as_str()));
    assert_eq!(told.next(), None);
    assert!(!errors.contains("hunter2") && !errors.contains("31337"), "{errors}");
    Ok(())
}

#[test]
fn an_unknown_argument_is_reported() -> Result {
    let output = run("--hunter2", b"")?;
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8(output.stderr)?, "usage: auth_snapshot [--schema | --disclosure]\n");
    Ok(())
}
