//! Events in the form of PostHog's batches.

use std::net::TcpStream;

use serde_json::{Value, json};

use super::{publish, report};
use crate::home::{Home, Result};
use crate::server::{Request, Server, answer, free_address, url};

fn events(request: &Request) -> Vec<Value> {
    let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
    body["batch"].as_array().cloned().unwrap_or_default()
}

#[test]
fn what_waits_is_sent_in_batches_and_each_event_has_an_id_of_its_own() -> Result {
    let (home, address) = (Home::new()?, free_address()?);
    report(&mut publish(&home, &url(address), "--posthog --events=30 --wait=attempt"))?;
    home.ends_pauses()?;
    let server = Server::start_at(address, |_, _: &Request, stream: &mut TcpStream| {
        answer(stream, "200 OK", r#"{"status":"Ok"}"#)
    })?;
    let report = report(&mut publish(&home, &server.url(), "--posthog --first=31 --wait=drain"))?;
    assert_eq!(report["status"]["spool"]["recovered"]["delivered"], 30, "{report}");
    let requests = server.requests();
    let sent: Vec<Value> = requests.iter().flat_map(events).collect();
    let mut turns: Vec<u64> = sent.iter().filter_map(|event| event["properties"]["turn"].as_u64()).collect();
    turns.sort_unstable();
    assert_eq!(turns, (1..=31).collect::<Vec<_>>());
    assert!(
        requests.len() < 31 && requests.iter().all(|request| request.body.starts_with(r#"{"api_key":"phc_acme","#))
    );
    let mut ids: Vec<String> = sent.iter().map(|event| event["uuid"].to_string()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 31);
    for event in &sent {
        assert_eq!((&event["event"], &event["distinct_id"]), (&json!("started"), &sent[0]["distinct_id"]));
        assert_eq!(event["properties"]["$process_person_profile"], false);
        assert!(event["timestamp"].as_str().is_some_and(|time| time.ends_with("T00:00:00Z")), "{event}");
    }
    Ok(())
}

#[test]
fn what_exceeds_the_quota_is_counted_and_a_wrong_token_loses_nothing() -> Result {
    let limited = Server::start(|_, _: &Request, stream: &mut TcpStream| {
        answer(stream, "200 OK", r#"{"status":"Ok","quota_limited":["events"]}"#)
    })?;
    let told = report(&mut publish(&Home::new()?, &limited.url(), "--posthog"))?;
    assert_eq!(told["counts"]["dropped"], json!({"refused": 1}), "{told}");
    let wrong =
        Server::start(|_, _: &Request, stream: &mut TcpStream| answer(stream, "401 Unauthorized", "no such token"))?;
    let told = report(&mut publish(&Home::new()?, &wrong.url(), "--posthog --wait=attempt"))?;
    assert_eq!((&told["counts"]["spooled"], &told["counts"]["dropped"]), (&json!(1), &json!({})), "{told}");
    Ok(())
}
