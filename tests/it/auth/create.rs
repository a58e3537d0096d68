//! `create_telemetry`: which options and variables decide where events go, and under which id.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::{Value, json};
use telemetry::client::ConfigError;

use crate::home::{Home, Result};
use crate::server::Server;

/// 32 random bytes, in base64 and in hexadecimal.
const KEY: &str = "kq3hTzBzG0uWZQ8r0vCw3m1mXyTq0bV5o5m3yQv3n1A=";
const OTHER_KEY: &str = "f13b0f8a6f3e4f1f9d0c5a7be2d4c6a8917263f5e4d3c2b1a0f9e8d7c6b5a493";

/// The output of a start: the events that `customTrack` received, and the status.
struct Started {
    events: Vec<Value>,
    status: Value,
}

fn start(home: &Home, variables: &[(&str, &str)], options: &Value, context: &Value) -> Result<Started> {
    let mut command = home.child("auth create");
    let mut child = command.envs(variables.iter().copied()).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let line = json!({"options": options, "context": context}).to_string();
    child.stdin.take().ok_or("no input")?.write_all(line.as_bytes())?;
    let output = String::from_utf8(child.wait_with_output()?.stdout)?;
    let (events, status) = output.rsplit_once("status: ").ok_or("no status")?;
    let events = events.lines().filter_map(|line| line.strip_prefix("event: "));
    Ok(Started {
        events: events.map(serde_json::from_str).collect::<serde_json::Result<_>>()?,
        status: serde_json::from_str(status)?,
    })
}

/// Options that say yes, and others.
fn options(telemetry: Value) -> Value {
    let mut options = json!({"telemetry": {"enabled": true}, "secret": "hunter2"});
    for (name, value) in telemetry.as_object().into_iter().flatten() {
        options["telemetry"][name] = value.clone();
    }
    options
}

fn context() -> Value {
    json!({"database": "sqlite", "adapter": "acme-adapter", "skipTestCheck": true})
}

fn recording() -> Value {
    json!({"customTrack": {"$track": "record"}, "skipTestCheck": true})
}

#[test]
fn creating_telemetry_sends_init_like_the_original() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    start(&home, &[], &options(json!({"endpoint": server.url()})), &context())?;
    let [request] = &server.requests()[..] else { return Err("one event is one request".into()) };
    assert_eq!(request.line, "POST /v1/events HTTP/1.1");
    assert_eq!(request.header("content-type"), "application/json");
    assert!(
        request
            .body
            .starts_with(r#"{"type":"init","payload":{"config":{"database":"sqlite","adapter":"other","emailVer"#)
    );
    let members =
        ["\"databaseHooks\":{", "\"runtime\":{", "\"environment\":\"", "\"systemInfo\":{", "\"anonymousId\":\""];
    let places: Vec<_> = members.iter().map(|member| request.body.find(member)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?} {}", request.body);
    Ok(())
}

#[test]
fn the_endpoint_of_the_options_wins_over_the_variable() -> Result {
    let (option, variable) = (Server::accepting()?, Server::accepting()?);
    let (option_url, variable_url) = (option.url(), variable.url());
    let variables = [("BETTER_AUTH_TELEMETRY_ENDPOINT", variable_url.as_str())];
    let given = options(json!({"endpoint": option_url}));
    start(&Home::new()?, &variables, &given, &context())?;
    assert_eq!((option.requests().len(), variable.requests().len()), (1, 0));
    start(&Home::new()?, &variables, &options(json!({})), &context())?;
    assert_eq!((option.requests().len(), variable.requests().len()), (1, 1));

    // `customTrack` wins over both.
    let started = start(&Home::new()?, &variables, &given, &recording())?;
    assert_eq!(started.events.len(), 1);
    assert_eq!((option.requests().len(), variable.requests().len()), (1, 1));
    Ok(())
}

#[test]
fn without_an_endpoint_nothing_is_sent_and_the_status_says_so() -> Result {
    for variables in [&[][..], &[("BETTER_AUTH_TELEMETRY_ENDPOINT", "")]] {
        let started = start(&Home::new()?, variables, &options(json!({})), &context())?;
        assert_eq!(started.status["error"], ConfigError::NoEndpoint.to_string(), "{}", started.status);
        assert_eq!(started.status["counts"]["dropped"], json!({"not_configured": 1}));
    }
    for (address, error) in [
        ("hunter2", ConfigError::EndpointInvalid),
        ("https://jane:hunter2@acme.example/", ConfigError::EndpointCredentials),
        ("http://acme.example/", ConfigError::EndpointNotSecure),
    ] {
        let variables = [("BETTER_AUTH_TELEMETRY_ENDPOINT", address)];
        let started = start(&Home::new()?, &variables, &options(json!({})), &context())?;
        assert_eq!(started.status["error"], error.to_string());
        assert!(!started.status.to_string().contains("hunter2"), "{}", started.status);
    }
    Ok(())
}

#[test]
fn any_no_wins() -> Result {
    for (variables, enabled) in [
        (&[("BETTER_AUTH_TELEMETRY", "0")][..], json!(true)),
        (&[("BETTER_AUTH_TELEMETRY", "1"), ("DO_NOT_TRACK", "1")], json!(true)),
        (&[("BETTER_AUTH_TELEMETRY", "1")], json!(false)),
        (&[], Value::Null),
    ] {
        let started = start(&Home::new()?, variables, &options(json!({"enabled": enabled})), &recording())?;
        assert_eq!(started.events.len(), 0, "{variables:?} {enabled}");
        assert_eq!(started.status["consent"]["decision"]["enabled"], false);
    }
    let variables = [("BETTER_AUTH_TELEMETRY", "1")];
    let started = start(&Home::new()?, &variables, &options(json!({"enabled": null})), &recording())?;
    assert_eq!(started.events.len(), 1);
    Ok(())
}

/// The anonymous id of a start in a new home.
fn id(variables: &[(&str, &str)], options: &Value) -> Result<String> {
    let started = start(&Home::new()?, variables, options, &recording())?;
    let id = started.events.first().and_then(|event| event["anonymousId"].as_str());
    Ok(id.ok_or_else(|| format!("no event: {}", started.status))?.to_owned())
}

#[test]
fn a_key_gives_one_id_on_all_machines_and_the_secret_has_no_effect() -> Result {
    let plain = options(json!({}));
    assert_ne!(id(&[], &plain)?, id(&[], &plain)?, "without a key each installation has its own");

    let variable = [("BETTER_AUTH_TELEMETRY_PROJECT_KEY", KEY)];
    let with_key = id(&variable, &plain)?;
    assert_eq!(id(&variable, &plain)?, with_key);
    assert_eq!(id(&[], &options(json!({"projectKey": KEY})))?, with_key);
    let other = id(&[], &options(json!({"projectKey": OTHER_KEY})))?;
    assert_ne!(other, with_key);
    assert_eq!(
        id(&variable, &options(json!({"projectKey": OTHER_KEY})))?,
        other,
        "the option comes before the variable"
    );

    let changed = |name: &str, value: Value| {
        let mut options = plain.clone();
        options[name] = value;
        id(&variable, &options)
    };
    assert_eq!(changed("secret", "another".into())?, with_key);
    assert_ne!(changed("baseURL", "https://acme.example".into())?, with_key);
    assert_eq!(changed("baseURL", "".into())?, with_key);
    assert_eq!(changed("baseURL", json!({"allowedHosts": ["acme.example"]}))?, with_key);
    Ok(())
}

#[test]
fn a_key_that_can_be_guessed_is_refused() -> Result {
    let variables = [("BETTER_AUTH_TELEMETRY_PROJECT_KEY", "hunter2")];
    let started = start(&Home::new()?, &variables, &options(json!({})), &recording())?;
    assert_eq!(started.events.len(), 0);
    assert_eq!(started.status["error"], ConfigError::ProjectKeyWeak.to_string());
    assert!(!started.status.to_string().contains("hunter2"));
    Ok(())
}

#[test]
fn custom_track_may_panic_or_fail() -> Result {
    for (track, dropped) in [("throw-sync", json!({"sink_panicked": 1})), ("throw-async", json!({"refused": 1}))] {
        let context = json!({"customTrack": {"$track": track}, "skipTestCheck": true});
        let started = start(&Home::new()?, &[], &options(json!({})), &context)?;
        assert_eq!(started.events.len(), 1, "{track}");
        assert_eq!(started.status["counts"]["dropped"], dropped, "{track}");
    }
    Ok(())
}
