//! Whatever is sent, nothing of it comes back, is logged or is counted by name, and others are served.

use proptest::prelude::*;

use super::events::{line, started};
use super::fixture::Running;
use super::http::{Client, ask, batch, get, post, single, single_with};
use super::program::Place;

/// A text that is nowhere else.
const CANARY: &str = "cAnArY7f3e";

#[test]
fn nothing_of_a_request_is_in_answers_logs_or_metrics() {
    let place = Place::new();
    let served = place.serve(&["--log-level", "debug"]);
    let event = started(1);
    let with = |name: &str| single_with(&event, &[(name, CANARY)], event.body());
    let in_body = |from: &str, to: &str| single_with(&event, &[], &event.body().replace(from, to));
    let mut requests = vec![
        format!("GET /{CANARY}?{CANARY}={CANARY} HTTP/1.1\r\nhost: {CANARY}\r\n\r\n").into_bytes(),
        format!("POST /v1/events?{CANARY} HTTP/1.1\r\nhost: {CANARY}\r\ncontent-length: 0\r\n\r\n").into_bytes(),
        format!("{CANARY} /v1/events HTTP/1.1\r\nhost: x\r\n\r\n").into_bytes(),
        format!("{CANARY}\r\n\r\n").into_bytes(),
        format!("GET / HTTP/1.1\r\nhost: x\r\n{CANARY}\r\n\r\n").into_bytes(),
        get("/metrics", &[("host", CANARY)]),
        get("/metrics", &[("authorization", CANARY)]),
        get("/healthz", &[(CANARY, CANARY)]),
        in_body("true", &format!("\"{CANARY}\"")),
        in_body("by_hand", CANARY),
        in_body("started", CANARY),
        in_body("{\"by_hand\":true}", &format!("{{\"by_hand\":true,\"{CANARY}\":\"{CANARY}\"}}")),
        in_body("payload", CANARY),
        post(&[("content-type", "application/json")], CANARY),
        batch(CANARY),
        batch(line(&event).replace("started", CANARY)),
        batch(line(&event).replace("by_hand", CANARY)),
    ];
    let headers = [
        "content-type",
        "idempotency-key",
        "telemetry-schema",
        "telemetry-age",
        "telemetry-id",
        "user-agent",
        "forwarded",
        "cookie",
    ];
    requests.extend(headers.map(with));
    for request in &requests {
        let mut client = Client::new(served.address);
        client.send(request).unwrap();
        let reply = client.reply().unwrap();
        let shown = format!("{}{}", reply.head, reply.body);
        assert!(!shown.contains(CANARY), "{}\n{shown}", String::from_utf8_lossy(request));
    }
    assert_eq!(ask(served.address, &single(&started(2))).status, 200);
    let metrics = ask(served.address, &get("/metrics", &[])).body;
    assert!(metrics.contains("fate=\"stored\"") && !metrics.contains(CANARY), "{metrics}");
    served.signal("TERM");
    let (_, log) = served.end();
    assert!(log.contains("answered") && !log.contains(CANARY) && !log.contains("started"), "{log}");
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    let valid = line(&started(1)).into_bytes();
    let single = started(1).body().as_bytes().to_vec();
    let changed = (prop_oneof![Just(valid), Just(single)], any::<prop::sample::Index>(), any::<u8>(), 0..4_u8);
    let changed = changed.prop_map(|(mut bytes, at, byte, what)| {
        let at = at.index(bytes.len());
        match what {
            0 => bytes[at] = byte,
            1 => bytes.insert(at, byte),
            2 => drop(bytes.remove(at)),
            _ => bytes.truncate(at),
        }
        bytes
    });
    prop_oneof![3 => changed, 1 => prop::collection::vec(any::<u8>(), 0..200)]
}

#[test]
fn any_body_has_an_answer() {
    let running = Running::with(|settings| settings.limits.burst = 1_000_000);
    let address = running.address;
    let config = ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(body in body(), is_batch in any::<bool>())| {
        let lines = body.strip_suffix(b"\n").unwrap_or(&body).split(|byte| *byte == b'\n').count();
        let request = if is_batch {
            batch(&body)
        } else {
            post(&[("content-type", "application/json"), ("telemetry-schema", started(1).schema())], &body)
        };
        let reply = ask(address, &request);
        if is_batch {
            prop_assert_eq!(reply.status, 200);
            let fates = reply.body.matches('"').count() / 2 - 1;
            prop_assert_eq!(fates, if body.is_empty() || body == b"\n" { 0 } else { lines });
        } else {
            prop_assert!(matches!(reply.status, 200 | 202 | 400 | 422), "{:?}", reply);
        }
    });
    assert!(!running.served.is_finished());
}

#[test]
fn any_bytes_are_survived() {
    let running = Running::with(|settings| settings.limits.burst = 1_000_000);
    let address = running.address;
    let config = ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() };
    let valid = single(&started(1));
    proptest!(config, |(at in any::<prop::sample::Index>(), noise in prop::collection::vec(any::<u8>(), 1..40))| {
        let mut bytes = valid.clone();
        let at = at.index(bytes.len());
        bytes.splice(at..(at + noise.len()).min(valid.len()), noise);
        // The server may answer early and close.
        let mut client = Client::new(address);
        let _ = client.send(&bytes);
    });
    assert_eq!(ask(address, &get("/healthz", &[])).status, 200);
}
