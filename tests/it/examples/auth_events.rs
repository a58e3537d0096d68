use std::io::Write as _;
use std::process::{Output, Stdio};

use serde_json::Value;

use crate::home::{Home, Result};

fn run(input: &str) -> Result<Output> {
    let home = Home::new()?;
    let mut command = home.command(super::build("auth_events")?, "");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    child.stdin.take().ok_or("no standard input")?.write_all(input.as_bytes())?;
    Ok(child.wait_with_output()?)
}

/// Options that say yes, a track that prints, and these events.
fn publishing(events: &str) -> String {
    let context = r#"{"customTrack":{"$track":"record"}}"#;
    format!(r#"{{"options":{{"telemetry":{{"enabled":true}}}},"context":{context},"publish":[{events}]}}"#)
}

#[test]
fn each_event_is_a_line_and_others_are_refused() -> Result {
    let events = [
        r#"{"type":"cli_migrate","payload":{"outcome":"unsupported_adapter","adapter":"prisma","config":{"$configOf":{"context":{"database":"mysql"}}}}}"#,
        r#"{"type":"hunter2","payload":{}}"#,
        r#"{"type":"cli_generate","payload":{"outcome":"hunter2","config":{"$configOf":{"context":null}}}}"#,
        r#"{"type":"cli_generate","payload":{"outcome":"generated","config":{"database":"hunter2"}}}"#,
        r#""hunter2""#,
        r#"{"type":"ping","payload":[7]}"#,
        r#"["ping",{"a":7}]"#,
        r#"{"type":"ping","payload":{"a":7}}"#,
    ];
    let output = run(&publishing(&events.join(",")))?;
    assert_eq!(output.status.code(), Some(1));
    let printed = String::from_utf8(output.stdout)?;
    let events = printed.lines().map(serde_json::from_str).collect::<serde_json::Result<Vec<Value>>>()?;
    let types: Vec<_> = events.iter().map(|event| event["type"].as_str().unwrap_or_default()).collect();
    assert_eq!(types, ["init", "cli_migrate", "ping"]);
    assert!(
        printed.contains(r#"{"outcome":"unsupported_adapter","adapter":"prisma","config":{"database":"mysql","emailV"#)
    );
    let told = String::from_utf8(output.stderr)?;
    let places: Vec<_> = told.lines().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(places, ["publish[1]", "publish[2]", "publish[3]", "publish[4]", "publish[5]", "publish[6]"], "{told}");
    assert!(!told.contains("hunter2") && !printed.contains("hunter2"), "{told}{printed}");
    Ok(())
}

#[test]
fn a_mistake_is_reported_without_its_value() -> Result {
    let options = publishing("").replace(r#""enabled":true"#, r#""enabled":"hunter2""#);
    let context = publishing("").replace("record", "hunter2");
    for (input, message) in [
        (options.as_str(), "options.telemetry.enabled: "),
        (&context, "context.customTrack.$track: "),
        ("hunter2", "this is not an object with options, context, publish and then: line 1, column 1"),
        (r#"{"options":{}"#, "line 1, column 13"),
        (r#"[{}, null, [], []]"#, "this is not an object with options"),
        (r#"{"options":{},"then":[[{}, null, [], []]]}"#, "this is not an object with options"),
        (r#"{"context":"hunter2"}"#, "this is not an object with options"),
    ] {
        let output = run(input)?;
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{input}");
        let told = String::from_utf8(output.stderr)?;
        assert!(told.contains(message) && !told.contains("hunter2"), "{input}: {told}");
    }
    Ok(())
}
