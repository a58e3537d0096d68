//! Events that carry the context: when they are durable, and what they contain.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use telemetry::schema::Schema;
use telemetry::{Telemetry, TelemetryEvent, TelemetrySnapshot};

use super::{publish, report};
use crate::home::{CHILD, Home, Result, printed, wait_until};
use crate::server::{Request, Server, free_address, status, url};

#[derive(TelemetrySnapshot)]
#[telemetry(event = "init", context)]
struct Init {
    /// Whether a person started it.
    by_hand: Option<bool>,
}

#[derive(TelemetryEvent)]
#[telemetry(event = "init", context)]
struct Bare;

const CONTEXT: Schema = Bare::SCHEMA;

fn payload(body: &str) -> Result<Value> {
    let mut body: Value = serde_json::from_str(body)?;
    Ok(body["payload"].take())
}

#[test]
fn the_whole_event_is_valid_against_its_schema() -> Result {
    let schema = Init::SCHEMA.to_json_schema();
    let validator = jsonschema::validator_for(&schema)?;
    for by_hand in [Some(true), None] {
        let body = Telemetry::disabled().preview(&Init { by_hand })?;
        let payload = payload(&body)?;
        assert!(payload["runtime"]["name"].is_string() && payload["systemInfo"].is_object(), "{body}");
        let errors: Vec<String> = validator.iter_errors(&payload).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?} in {body}");
        assert_eq!(payload["by_hand"].as_bool(), by_hand);
        assert!(body.starts_with(match by_hand {
            Some(_) => r#"{"type":"init","payload":{"by_hand":true,"runtime":{"#,
            None => r#"{"type":"init","payload":{"runtime":{"#,
        }));
    }
    let mut payload = payload(&Telemetry::disabled().preview(&Bare)?)?;
    payload["hostname"] = "db1.acme.example".into();
    assert!(!validator.is_valid(&payload));
    Ok(())
}

#[test]
fn the_context_counts_and_stands_on_the_page() {
    eprintln!("the context can reveal {} bits", CONTEXT.bits());
    assert!(CONTEXT.bits() <= 400, "{}", CONTEXT.bits());
    assert_eq!(Init::SCHEMA.bits(), CONTEXT.bits() + 2);
    let page = telemetry::page::Disclosure::of::<Init>().to_markdown();
    for row in ["| `by_hand` |", "| `runtime.name` |", "| `systemInfo.cpuCount` |"] {
        assert!(page.contains(row), "{row} in {page}");
    }
    assert_eq!(Bare::BUDGET_BITS, 1_024);
}

#[test]
fn a_snapshot_has_no_context() -> Result {
    assert_eq!(telemetry::Snapshot::of(&Init { by_hand: Some(true) })?.as_json(), r#"{"by_hand":true}"#);
    assert_eq!(telemetry::Snapshot::of(&Bare)?.as_json(), "{}");
    Ok(())
}

/// Asserts that the events of earlier processes are delivered once the obstacle is gone, each with its data.
fn are_delivered_later(home: &Home, endpoint: &str, server: &Server, expected: &[(u64, bool)]) -> Result {
    report(&mut publish(home, endpoint, "--token=later --first=100 --wait=drain"))?;
    let mut found = Vec::new();
    for request in server.requests() {
        let payload = payload(&request.body)?;
        let turn = payload["turn"].as_u64().unwrap_or_default();
        if request.header("x-collector-token") == "later" && turn < 100 {
            found.push((turn, payload["runtime"].is_object()));
        }
    }
    found.sort_unstable();
    assert_eq!(found, expected);
    assert_eq!(home.spool(), [""; 0]);
    Ok(())
}

/// A receiver that answers only the later process.
fn hanging() -> Result<Server> {
    Ok(Server::start(|_, request: &Request, stream: &mut _| {
        while request.header("x-collector-token") != "later" {
            thread::park();
        }
        status(stream, "204 No Content")
    })?)
}

#[cfg(unix)]
#[test]
fn what_waits_for_the_context_is_durable_once_that_is_known() -> Result {
    let (home, server) = (Home::new()?, hanging()?);
    let endpoint = server.url();
    let mut command =
        publish(&home, &endpoint, "--durability=write-ahead --context=2 --events=3 --wait=stored --end=kill");
    let before = Instant::now();
    command.output()?;
    // The second event was published while the worker waited for its receiver. That wait takes ten seconds.
    assert!(before.elapsed() < Duration::from_secs(8), "{:?}", before.elapsed());
    are_delivered_later(&home, &endpoint, &server, &[(1, false), (2, true), (3, true)])
}

#[test]
fn a_client_that_ends_at_once_leaves_its_first_event_on_disk() -> Result {
    for durability in ["", "--durability=write-ahead"] {
        for first in [1, 2] {
            let (home, server) = (Home::new()?, hanging()?);
            let arguments =
                format!("--context={first} --events=2 --exit-wait=1000 --wait=no --end=return {durability}");
            publish(&home, &server.url(), &arguments).output()?;
            are_delivered_later(&home, &server.url(), &server, &[(1, first == 1), (2, true)])?;
        }
    }
    Ok(())
}

#[test]
fn a_preview_of_the_context_needs_no_consent_and_leaves_no_trace() -> Result {
    let home = Home::new()?;
    let text = printed(&mut home.child("publish --print=preview --context=1"))?;
    let preview = payload(text.lines().next().unwrap_or_default())?;
    assert!(preview["systemInfo"].is_object(), "{preview}");
    assert_eq!(std::fs::read_dir(home.path())?.count(), 0);

    let server = Server::accepting()?;
    let text = printed(&mut publish(&home, &server.url(), "--print=preview --context=1"))?;
    let body = &server.requests()[0].body;
    assert_eq!(text.lines().next(), Some(&**body), "it is what is sent, to the byte");

    // The program's own event has the same shape as this one, except for its one member.
    let mut body: Value = serde_json::from_str(body)?;
    body["payload"].as_object_mut().ok_or("no payload")?.remove("turn");
    let validator = jsonschema::validator_for(&telemetry::event::event_json_schema::<Bare>())?;
    assert!(validator.is_valid(&body), "{body}");
    for (name, value) in [("type", "other"), ("anonymousId", "jane@acme.example"), ("host", "db1.acme.example")] {
        let mut wrong = body.clone();
        wrong[name] = value.into();
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
    Ok(())
}

#[cfg(unix)]
#[test]
fn an_id_that_does_not_last_says_so() -> Result {
    for (home, expected) in [("", Value::Null), ("relative", Value::Bool(true))] {
        let (place, server) = (Home::new()?, Server::accepting()?);
        let mut command = publish(&place, &server.url(), "--context=1");
        if !home.is_empty() {
            command.env("HOME", home).env("XDG_STATE_HOME", home);
        }
        report(&mut command)?;
        assert_eq!(payload(&server.requests()[0].body)?["ephemeral"], expected);
    }
    let (home, address) = (Home::new()?, free_address()?);
    let report = report(&mut publish(&home, &url(address), "--context=1 --wait=attempt --durability=write-ahead"))?;
    assert_eq!(report["counts"]["spooled"], 1, "{report}");
    Ok(())
}

#[cfg(unix)]
#[test]
fn another_process_sends_the_context_of_a_short_one() -> Result {
    const LATENCY: Duration = Duration::from_secs(3);
    let home = Home::new()?;
    let server = Server::start(|_, _: &Request, stream: &mut _| {
        thread::sleep(LATENCY);
        status(stream, "204 No Content")
    })?;
    let arguments = "--upload=detached --context=1 --app --events=2 --exit-wait=10000 --wait=no --end=return";
    let before = Instant::now();
    publish(&home, &server.url(), arguments).output()?;
    assert!(before.elapsed() < LATENCY, "it waited for the receiver itself");
    wait_until(|| server.ids().len() == 2)?;
    for request in server.requests() {
        let payload = payload(&request.body)?;
        assert_eq!(payload["framework"], json!({ "name": "axum", "version": "0.8.4" }), "{payload}");
        assert_eq!(payload["database"], json!({ "name": "sqlx" }), "{payload}");
        assert!(payload["runtime"]["version"].is_string(), "{payload}");
    }
    Ok(())
}

/// Where the program runs takes time to find out. `strace` makes it longer.
#[cfg(target_os = "linux")]
#[test]
fn a_no_that_is_stored_while_the_context_is_detected_is_obeyed() -> Result {
    let (home, server) = (Home::with_yes()?, Server::accepting()?);
    let trace = home.path().join("trace");
    let mut command = home.command("strace", "-f -qq -e trace=uname -e inject=uname:delay_exit=400000 -o");
    command.arg(&trace).env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.args([CHILD, "publish", "--context=1", "--wait=5000", &format!("--endpoint={}", server.url())]);
    let mut child = command.spawn()?;
    wait_until(|| fs::read_to_string(&trace).is_ok_and(|calls| calls.contains("uname(")))?;
    assert!(home.consent("disable").status()?.success());
    child.wait()?;
    assert_eq!(server.requests().len(), 0);
    Ok(())
}
