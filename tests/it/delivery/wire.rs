//! Events over real HTTP, each from a separate process with its own environment.

use std::process::Command;

use serde_json::{Value, json};
use telemetry::Consent;
use telemetry::page::Disclosure;

use crate::home::{Home, Result, printed};
use crate::server::{Server, status};

fn publish(home: &Home, server: &Server, arguments: &str) -> Command {
    let endpoint = server.url();
    home.child(&format!("publish --endpoint={endpoint} {arguments}"))
}

fn outcome(command: &mut Command) -> Result<Value> {
    let text = printed(command)?;
    serde_json::from_str(&text).map_err(|_| text.into())
}

#[test]
fn an_event_is_one_post_of_type_payload_and_anonymous_id() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let outcome = outcome(&mut publish(&home, &server, "--configured=true --token=hunter2 --events=2"))?;
    assert_eq!((&outcome["enabled"], &outcome["error"]), (&json!(true), &json!(null)));
    let counts = json!({"published": 2, "delivered": 2, "spooled": 0, "counted": 0, "pending": 0, "dropped": {}});
    assert_eq!(outcome["counts"], counts);
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    for (request, turn) in requests.iter().zip(1..) {
        assert_eq!(request.line, "POST /v1/events HTTP/1.1");
        assert_eq!(request.header("content-type"), "application/json");
        assert_eq!(request.header("x-collector-token"), "hunter2");
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(request.header("user-agent"), format!("telemetry/{version}"));

        let schema = request.header("telemetry-schema");
        assert!(schema.len() == 64 && schema.bytes().all(|digit| digit.is_ascii_hexdigit()), "{schema}");

        let start = format!(r#"{{"type":"started","payload":{{"turn":{turn}}},"anonymousId":""#);
        let id = request.body.strip_prefix(&start).and_then(|rest| rest.strip_suffix(r#""}"#));
        assert_eq!(id.map(str::len), Some(44), "{}", request.body);
    }
    let mut names: Vec<&str> = requests[0].headers.iter().map(|(name, _)| &**name).collect();
    names.sort_unstable();
    let page = Disclosure::new(Consent::new("ACME", "acme")).to_markdown();
    let (_, table) = page.split_once("| header | what it says |\n|---|---|\n").ok_or("no table of headers")?;
    let told = table.lines().map_while(|row| Some(row.strip_prefix("| `")?.split_once('`')?.0));
    // It is sent only if the id does not last.
    let mut expected: Vec<&str> = told.filter(|name| *name != "telemetry-id").chain(["x-collector-token"]).collect();
    expected.sort_unstable();
    assert_eq!(names, expected);
    assert_eq!(expected.len(), 9);
    Ok(())
}

#[test]
fn an_anonymous_id_that_does_not_last_is_told_to_the_receiver() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let mut without_home = publish(&home, &server, "--configured=true");
    outcome(without_home.env("HOME", home.path().join("nowhere")))?;
    outcome(&mut publish(&home, &server, "--configured=true"))?;
    let told: Vec<String> = server.requests().iter().map(|request| request.header("telemetry-id").to_owned()).collect();
    assert_eq!(told, ["ephemeral", ""]);
    Ok(())
}

#[test]
fn each_event_has_an_id_of_its_own() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    for _ in 0..2 {
        outcome(&mut publish(&home, &server, "--configured=true --events=2"))?;
    }
    let requests = server.requests();
    let mut ids: Vec<&str> = requests.iter().map(|request| request.id()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 4);
    Ok(())
}

#[test]
fn without_consent_nothing_connects() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    for (arguments, variables) in [
        ("", &[][..]),
        ("--configured=false", &[]),
        ("--configured=true", &[("ACME_TELEMETRY", "0")]),
        ("--configured=true", &[("DO_NOT_TRACK", "1")]),
    ] {
        let outcome = outcome(publish(&home, &server, arguments).envs(variables.iter().copied()))?;
        assert_eq!(outcome["enabled"], false, "{arguments} {variables:?}");
        assert_eq!(outcome["counts"]["published"], 0);
    }
    assert!(server.requests().is_empty());
    Ok(())
}

#[test]
fn what_the_receiver_refuses_is_counted() -> Result {
    let home = Home::new()?;
    let refusing = Server::start(|_, _: &_, stream: &mut _| status(stream, "400 Bad Request"))?;
    let outcome = outcome(&mut publish(&home, &refusing, "--configured=true"))?;
    assert_eq!(outcome["counts"]["dropped"], json!({"refused": 1}));
    assert_eq!(refusing.requests().len(), 1);
    Ok(())
}

#[test]
fn a_redirect_is_not_followed() -> Result {
    let (home, elsewhere) = (Home::new()?, Server::accepting()?);
    let answer = format!("302 Found\r\nlocation: {}", elsewhere.url());
    let server = Server::start(move |_, _: &_, stream: &mut _| status(stream, &answer))?;
    let outcome = outcome(&mut publish(&home, &server, "--configured=true --wait=attempt"))?;
    assert_eq!(outcome["counts"]["spooled"], 1);
    assert_eq!((server.requests().len(), elsewhere.requests().len()), (1, 0));
    Ok(())
}

#[test]
fn what_goes_to_this_machine_takes_no_proxy() -> Result {
    let (home, server, proxy) = (Home::new()?, Server::accepting()?, Server::accepting()?);
    for variable in ["http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"] {
        let mut command = publish(&home, &server, "--configured=true");
        let outcome = outcome(command.env(variable, proxy.url()))?;
        assert_eq!(outcome["counts"]["delivered"], 1, "{variable}");
    }
    assert!(proxy.requests().is_empty());
    Ok(())
}

#[test]
fn everything_else_takes_the_proxy_of_the_environment() -> Result {
    let home = Home::new()?;
    for variable in ["https_proxy", "HTTPS_PROXY", "ALL_PROXY"] {
        home.ends_pauses()?;
        let proxy = Server::start(|_, _: &_, stream: &mut _| status(stream, "403 Forbidden"))?;
        let mut command =
            home.child("publish --configured=true --wait=attempt --endpoint=https://telemetry.invalid/v1?key=hunter2");
        let outcome = outcome(command.env(variable, proxy.url()))?;
        assert_eq!(outcome["counts"]["delivered"], 0, "{variable}");
        let requests = proxy.requests();
        assert_eq!(requests[0].line, "CONNECT telemetry.invalid:443 HTTP/1.1");
        assert!(!format!("{requests:?}").contains("hunter2"));
    }
    Ok(())
}

#[test]
fn whoever_needs_no_proxy_is_reached_without() -> Result {
    let (home, proxy) = (Home::new()?, Server::accepting()?);
    let mut command = home.child("publish --configured=true --wait=attempt --endpoint=https://telemetry.invalid/");
    let outcome = outcome(command.env("ALL_PROXY", proxy.url()).env("NO_PROXY", "other.invalid,telemetry.invalid"))?;
    assert_eq!(outcome["counts"]["spooled"], 1, "{outcome}");
    assert!(proxy.requests().is_empty());
    Ok(())
}

#[test]
fn a_mistake_in_the_endpoint_is_reported_and_breaks_nothing() -> Result {
    let home = Home::new()?;
    for (endpoint, part) in [
        ("--endpoint=nowhere?key=hunter2", "not an https address"),
        ("--endpoint=http://telemetry.invalid/hunter2", "not encrypted"),
        ("--endpoint=https://user:hunter2@telemetry.invalid/", "credentials"),
        ("--token=a\u{7f}hunter2", "not allowed in HTTP"),
        ("", "nowhere to send"),
    ] {
        let text = printed(&mut home.child(&format!("publish --configured=true {endpoint}")))?;
        assert!(text.contains(part) && !text.contains("hunter2"), "{text}");
        assert!(text.contains(r#""dropped":{"not_configured":1}"#), "{text}");
    }
    Ok(())
}
