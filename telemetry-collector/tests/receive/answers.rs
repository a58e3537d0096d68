//! Each status, and what was kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use telemetry_collector::check::Known;
use telemetry_collector::receive::Clock;
use telemetry_collector::store::Unavailable;

use super::events::{ANONYMOUS_ID, line, started, started_later, write_schemas};
use super::fixture::{Running, TODAY};
use super::http::{Client, Reply, ask, batch, get, post, single, single_with};

fn said(reply: &Reply) -> (u16, &str) {
    (reply.status, &reply.body)
}

const STORED: (u16, &str) = (200, r#"{"fates":["stored"]}"#);
const REJECTED: (u16, &str) = (422, r#"{"fates":["rejected"]}"#);
const MALFORMED: (u16, &str) = (400, r#"{"fates":["rejected"]}"#);

#[test]
fn an_event_is_stored_once() {
    let running = Running::new();
    let mut client = Client::new(running.address);
    assert_eq!(said(&client.ask(&single(&started(1))).unwrap()), STORED);
    assert_eq!(said(&client.ask(&single(&started(1))).unwrap()), (200, r#"{"fates":["duplicate"]}"#));
    let aged = started(2).aged(3);
    assert_eq!(said(&client.ask(&single_with(&aged, &[("telemetry-id", "ephemeral")], aged.body())).unwrap()), STORED);
    assert_eq!(
        running.store.kept(),
        [format!("started 0.1.0 {TODAY} false [Flag(true)]"), format!("started 0.1.0 {} true [Flag(true)]", TODAY - 3)]
    );
}

#[test]
fn an_event_of_an_unknown_schema_waits_for_it() {
    let running = Running::new();
    let reply = ask(running.address, &single(&started_later(1)));
    assert_eq!(said(&reply), (202, r#"{"fates":["quarantined"]}"#));
    assert_eq!(running.store.kept(), [format!(r#"unknown started {TODAY} {{"by_hand":false,"wait":7}}"#)]);

    write_schemas(running.schemas.path(), true);
    running.receiver.know(Arc::new(Known::read(running.schemas.path()).unwrap()));
    assert_eq!(said(&ask(running.address, &single(&started_later(2)))), STORED);
}

#[test]
fn an_event_that_does_not_fit_is_rejected() {
    let running = Running::new();
    let event = started(1);
    for (body, said_in_table) in [
        (event.body().replace("true", "1"), "by_hand: cannot be a number"),
        (event.body().replace("by_hand", "by_hands"), "a member that the schema does not have"),
        (event.body().replace("\"started\"", "\"stopped\""), ""),
    ] {
        let reply = ask(running.address, &single_with(&event, &[], &body));
        if said_in_table.is_empty() {
            // The hash is that of another event, so that this one is not known.
            assert_eq!(reply.status, 202, "{body}");
        } else {
            assert_eq!(said(&reply), REJECTED, "{body}");
            let kept = running.store.kept();
            assert!(kept.last().unwrap().contains(said_in_table), "{kept:?}");
        }
    }
}

#[test]
fn what_is_not_an_event_is_malformed() {
    let running = Running::new();
    let event = started(1);
    for body in ["", "{", "[]", "{}", "null", "\u{0}", "{\"type\":\"started\"}", " {}", "{\"payload\":{}}"] {
        assert_eq!(said(&ask(running.address, &single_with(&event, &[], body))), MALFORMED, "{body}");
    }
    let broken = event.body().replace("true", "tru");
    assert_eq!(said(&ask(running.address, &single_with(&event, &[], &broken))), MALFORMED);
    for (name, value) in
        [("idempotency-key", "1"), ("telemetry-schema", "5c"), ("telemetry-age", "8"), ("telemetry-id", "lasting")]
    {
        let request = single_with(&event, &[(name, value)], event.body());
        assert_eq!(said(&ask(running.address, &request)), MALFORMED, "{name}: {value}");
    }
    assert!(running.store.kept().iter().all(|line| line.starts_with("reject ")));
    assert_eq!(running.store.kept().len(), 14);
}

#[test]
fn other_clients_may_leave_out_all_headers_except_the_schema() {
    let running = Running::new();
    let event = started(1);
    let without = |name| single_with(&event, &[(name, "")], event.body());
    for _ in 0..2 {
        assert_eq!(said(&ask(running.address, &without("idempotency-key"))), STORED);
    }
    assert_eq!(said(&ask(running.address, &without("telemetry-age"))), STORED);
    assert_eq!(said(&ask(running.address, &without("telemetry-schema"))), REJECTED);
    assert_eq!(running.store.kept().len(), 4);
}

#[test]
fn each_line_of_a_batch_has_its_fate() {
    let running = Running::new();
    let lines = [
        line(&started(1)),
        line(&started(2)).replace("true", "2"),
        line(&started(1)),
        "nonsense".to_owned(),
        line(&started_later(3)),
        String::new(),
        line(&started(4).aged(7)),
        "x".repeat(80_000),
    ];
    let reply = ask(running.address, &batch(lines.join("\n") + "\n"));
    let fates =
        r#"{"fates":["stored","rejected","duplicate","rejected","quarantined","rejected","stored","rejected"]}"#;
    assert_eq!(said(&reply), (200, fates));
    assert_eq!(running.store.kept().len(), 7);
    let without_end = ask(running.address, &batch(line(&started(5))));
    assert_eq!(said(&without_end), STORED);
    assert_eq!(said(&ask(running.address, &batch(""))), (200, r#"{"fates":[]}"#));
}

#[test]
fn the_headers_of_a_batch_hold_for_all_lines() {
    let running = Running::new();
    let with = |id| post(&[("content-type", "application/x-ndjson"), ("telemetry-id", id)], line(&started(1)));
    assert_eq!(said(&ask(running.address, &with("lasting"))), (200, MALFORMED.1));
    assert_eq!(said(&ask(running.address, &with("ephemeral"))), STORED);
    assert_eq!(running.store.kept()[1], format!("started 0.1.0 {TODAY} true [Flag(true)]"));
}

#[test]
fn a_batch_has_at_most_a_hundred_lines() {
    let running = Running::new();
    let lines = |count| (0..count).map(|number| line(&started(number))).collect::<Vec<_>>().join("\n");
    assert_eq!(ask(running.address, &batch(lines(100))).body.matches("stored").count(), 100);
    assert_eq!(ask(running.address, &batch(lines(101))).status, 413);
    assert_eq!(running.store.kept().len(), 100);
}

#[test]
fn a_deletion_is_passed_on() {
    let running = Running::new();
    let body = format!(r#"{{"type":"deletion","anonymousId":"{ANONYMOUS_ID}"}}"#);
    let reply = ask(running.address, &single_with(&started(9), &[], &body));
    assert_eq!(said(&reply), (200, r#"{"fates":["deleted"]}"#));
    assert_eq!(running.store.kept(), ["deletion"]);
}

#[test]
fn what_cannot_be_stored_now_is_sent_again_later() {
    let running = Running::new();
    running.store.fails(Some(Unavailable::Full));
    for request in [single(&started(1)), batch(line(&started(1))), single_with(&started(1), &[], "nonsense")] {
        let reply = ask(running.address, &request);
        assert_eq!((reply.status, reply.header("retry-after")), (503, Some("10")), "{reply:?}");
    }
    let health = ask(running.address, &get("/healthz", &[]));
    assert_eq!(said(&health), (503, "events cannot be stored\n"));
    running.store.fails(None);
    assert_eq!(said(&ask(running.address, &single(&started(1)))), STORED);
    assert_eq!(said(&ask(running.address, &get("/healthz", &[]))), (200, "ok\n"));

    running.store.refuses();
    let reply = ask(running.address, &single(&started(2)));
    assert_eq!((reply.status, reply.header("retry-after")), (503, Some("10")), "{reply:?}");
    let reply = ask(running.address, &batch(line(&started(2))));
    assert_eq!(said(&reply), (200, r#"{"fates":["retry"]}"#));
}

#[test]
fn what_is_not_for_the_collector_is_not_taken() {
    let running = Running::new();
    let event = started(1);
    let body = event.body();
    for (status, request) in [
        (415, post(&[], body)),
        (415, post(&[("content-type", "text/plain")], body)),
        (415, post(&[("content-type", "application/json"), ("content-encoding", "gzip")], body)),
        (405, get("/v1/events", &[])),
        (404, get("/", &[])),
        (404, get("/v1/events/", &[])),
        (400, b"nonsense\r\n\r\n".to_vec()),
        (431, post(&[("x", &"x".repeat(20_000))], body)),
    ] {
        assert_eq!(
            ask(running.address, &request).status,
            status,
            "{}",
            String::from_utf8_lossy(&request[..40.min(request.len())])
        );
    }
    let request = single_with(&event, &[("content-type", "Application/JSON; charset=utf-8")], body);
    assert_eq!(said(&ask(running.address, &request)), STORED);
}

#[test]
fn a_clock_that_jumps_moves_only_the_day() {
    let days = Arc::new(AtomicU64::new(TODAY));
    let now = Arc::clone(&days);
    let clock =
        Clock::new(move || SystemTime::UNIX_EPOCH + Duration::from_secs(now.load(Ordering::SeqCst) * 24 * 60 * 60));
    let running = Running::at(|_| {}, clock);
    for (number, day) in [(1, TODAY), (2, TODAY + 9_000), (3, TODAY - 9_000)] {
        days.store(day, Ordering::SeqCst);
        assert_eq!(said(&ask(running.address, &single(&started(number)))), STORED);
        assert!(running.store.kept().last().unwrap().contains(&format!(" {day} ")));
    }
}

#[test]
fn a_request_names_one_host() {
    let running = Running::new();
    for path in ["/metrics", "/healthz", "/", "/v1/events"] {
        for head in ["host: localhost\r\nhost: localhost\r\n", "host: localhost\r\nHost: evil.example\r\n", ""] {
            let request = format!("GET {path} HTTP/1.1\r\n{head}\r\n");
            assert_eq!(ask(running.address, request.as_bytes()).status, 400, "{request}");
        }
    }
    let event = started(1);
    assert_eq!(ask(running.address, &single_with(&event, &[("host", "localhost")], event.body())).status, 400);
    assert!(running.store.kept().is_empty());
    assert_eq!(ask(running.address, b"GET /healthz HTTP/1.0\r\n\r\n").status, 200);
    for host in ["127.0.0.1", "[::1]", "127.0.0.1:8787"] {
        let request = format!("GET /metrics HTTP/1.1\r\nhost: {host}\r\n\r\n");
        assert_eq!(ask(running.address, request.as_bytes()).status, 200, "{host}");
    }
    assert_eq!(ask(running.address, b"GET /metrics HTTP/1.1\r\nhost: localhost:x\r\n\r\n").status, 403);
}

#[test]
fn an_address_that_a_person_opens_says_what_it_is_for() {
    let running = Running::new();
    let post =
        |path: &str| format!("POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n").into_bytes();
    let nothing =
        "There is nothing at this address. Programs send their events to /v1/events; their numbers are at /.\n";
    for (request, status, allow, text) in [
        (get("/v1/events", &[]), 405, Some("POST"), "Programs send their events here, with POST.\n"),
        (get("/v1/event", &[]), 404, None, nothing),
        (get("/api/v1/hunter2", &[]), 404, None, nothing),
        (post("/metrics"), 405, Some("GET,HEAD"), "This address can only be read, with GET.\n"),
    ] {
        let reply = ask(running.address, &request);
        assert_eq!((reply.status, reply.header("allow"), reply.body.as_str()), (status, allow, text));
        assert_eq!(reply.header("content-type"), Some("text/plain; charset=utf-8"));
    }
}

#[test]
fn the_metrics_need_the_token() {
    let secret = "0123456789abcdef";
    let open = Running::new();
    ask(open.address, &single(&started(1)));
    let reply = ask(open.address, &get("/metrics", &[]));
    assert!(reply.body.contains(r#"events_total{event="started",fate="stored"} 1"#), "{}", reply.body);
    assert_eq!(ask(open.address, &get("/metrics", &[("x-forwarded-for", "127.0.0.1")])).status, 403);

    let guarded = Running::with(|settings| {
        settings.token = Some(telemetry_collector::operate::Token::new(secret).unwrap());
    });
    let reply = ask(guarded.address, &get("/metrics", &[]));
    assert_eq!((reply.status, reply.header("www-authenticate").is_some()), (401, true));
    // What a client mistypes needs no token either.
    let mistyped = ask(guarded.address, &get("/v1/event", &[]));
    assert_eq!((mistyped.status, mistyped.header("www-authenticate")), (404, None));
    assert_eq!(ask(guarded.address, &get("/live", &[])).status, 401);
    let bearer = format!("Bearer {secret}");
    assert_eq!(ask(guarded.address, &get("/metrics", &[("authorization", &bearer)])).status, 200);
    assert_eq!(ask(guarded.address, &get("/metrics", &[("authorization", "Bearer x")])).status, 401);
    assert_eq!(ask(guarded.address, &single(&started(1))).status, 200, "events are taken from everybody");
}
