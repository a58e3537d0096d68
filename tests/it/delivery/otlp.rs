//! Events as log records of OpenTelemetry.

use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::{publish, report};
#[cfg(unix)]
use crate::home::wait_until;
use crate::home::{Home, Result, printed};
use crate::server::{Request, Server, answer, free_address, url};

fn receiver_at(address: SocketAddr) -> Result<Server> {
    Ok(Server::start_at(address, |_, _: &Request, stream: &mut TcpStream| answer(stream, "200 OK", "{}"))?)
}

fn records(request: &Request) -> Vec<Value> {
    let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
    let records = &body["resourceLogs"][0]["scopeLogs"][0]["logRecords"];
    records.as_array().cloned().unwrap_or_default()
}

fn attribute<'a>(record: &'a Value, key: &str) -> &'a Value {
    let attributes = record["attributes"].as_array();
    let found = attributes.and_then(|all| all.iter().find(|one| one["key"] == key));
    found.map_or(&Value::Null, |one| &one["value"])
}

fn turns(requests: &[Request]) -> Vec<u64> {
    let turn = |record: &Value| attribute(record, "turn")["intValue"].as_str()?.parse().ok();
    let mut turns: Vec<u64> = requests.iter().flat_map(records).filter_map(|record| turn(&record)).collect();
    turns.sort_unstable();
    turns
}

#[test]
fn what_waits_for_the_receiver_comes_as_records_whose_events_are_those_that_the_user_can_read() -> Result {
    let (home, address) = (Home::new()?, free_address()?);
    report(&mut publish(&home, &url(address), "--otlp --events=30 --wait=attempt"))?;
    home.ends_pauses()?;
    let server = receiver_at(address)?;
    let report = report(&mut publish(&home, &server.url(), "--otlp --first=31 --wait=drain"))?;
    assert_eq!(report["status"]["spool"]["recovered"]["delivered"], 30, "{report}");
    let requests = server.requests();
    assert_eq!(turns(&requests), (1..=31).collect::<Vec<_>>());
    assert!(requests.len() < 31, "several are one request");

    let last = ["sent-before.ndjson", "sent.ndjson"].map(|name| std::fs::read_to_string(home.state().join(name)));
    let last = last.map(|text| text.unwrap_or_default()).concat();
    let last: Vec<Value> = last.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert!(last.len() >= 20, "{last:?}");
    let sent: Vec<Value> = requests.iter().flat_map(records).collect();
    for kept in &last {
        let record = sent.iter().find(|record| attribute(record, "_telemetry.id")["stringValue"] == kept["id"]);
        let record = record.ok_or("it was not sent")?;
        assert_eq!(record["eventName"], kept["body"]["type"]);
        assert_eq!(attribute(record, "_telemetry.anonymous_id")["stringValue"], kept["body"]["anonymousId"]);
        assert_eq!(attribute(record, "turn")["intValue"], kept["body"]["payload"]["turn"].to_string());
    }
    Ok(())
}

#[test]
fn the_variables_of_opentelemetry_neither_lead_elsewhere_nor_add_anything() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let elsewhere = Server::accepting()?;
    let bodies = |with_variables: bool| -> Result<Value> {
        let before = server.requests().len();
        let mut command = publish(&home, &server.url(), "--otlp");
        if with_variables {
            for (name, value) in [
                ("OTEL_EXPORTER_OTLP_ENDPOINT", elsewhere.url().as_str()),
                ("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", &elsewhere.url()),
                ("OTEL_EXPORTER_OTLP_HEADERS", "x-otel=hunter2"),
                ("OTEL_EXPORTER_OTLP_LOGS_HEADERS", "x-otel=hunter2"),
                ("OTEL_EXPORTER_OTLP_COMPRESSION", "none"),
                ("OTEL_SERVICE_NAME", "hunter2"),
                ("OTEL_RESOURCE_ATTRIBUTES", "host.name=hunter2"),
                ("OTEL_SDK_DISABLED", "true"),
            ] {
                command.env(name, value);
            }
        }
        report(&mut command)?;
        let requests = server.requests();
        let request = requests.get(before).ok_or("nothing was sent")?;
        assert!(!format!("{request:?}").contains("hunter2"), "{request:?}");
        assert!(request.header("x-otel").is_empty());
        let mut body: Value = serde_json::from_str(&request.body)?;
        assert_eq!(body["resourceLogs"][0]["resource"]["attributes"][0]["value"], json!({"stringValue": "acme"}));
        // What may differ between two starts: the id, and the day.
        let record = &mut body["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0];
        record["attributes"][2] = Value::Null;
        (record["timeUnixNano"], record["observedTimeUnixNano"]) = (Value::Null, Value::Null);
        Ok(body)
    };
    assert_eq!(bodies(false)?, bodies(true)?);
    assert!(elsewhere.requests().is_empty());
    Ok(())
}

#[test]
fn they_are_no_yes() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let endpoint = server.url();
    let mut command = home.child(&format!("publish --endpoint={endpoint} --otlp"));
    printed(command.env("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint).env("OTEL_LOGS_EXPORTER", "otlp"))?;
    assert!(server.requests().is_empty());
    Ok(())
}

#[test]
fn debug_prints_the_request_that_would_be_sent() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let mut command: Command = publish(&home, &server.url(), "--otlp --debug");
    let output = command.stderr(Stdio::piped()).stdout(Stdio::piped()).output()?;
    let printed = String::from_utf8(output.stderr)?;
    let json = printed.strip_prefix("telemetry would send:\n").ok_or_else(|| printed.clone())?;
    let request: Value = serde_json::from_str(json)?;
    let record = &request["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0];
    assert_eq!((&record["eventName"], attribute(record, "turn")), (&json!("started"), &json!({"intValue": "1"})));
    assert!(server.requests().is_empty());
    Ok(())
}

#[cfg(unix)]
#[test]
fn the_uploader_sends_records_too() -> Result {
    let (home, address) = (Home::new()?, free_address()?);
    let server = receiver_at(address)?;
    publish(&home, &server.url(), "--otlp --upload=detached --events=3 --wait=no --end=exit").status()?;
    wait_until(|| turns(&server.requests()) == [1, 2, 3])
}
