//! What has just arrived, for authors who test their application.

use serde_json::{Value, json};

use super::events::{started, started_later};
use super::fixture::Running;
use super::http::{ask, get, single, single_with};

fn live(running: &Running) -> Vec<Value> {
    let reply = ask(running.address, &get("/api/v1/live", &[]));
    assert_eq!(reply.status, 200, "{reply:?}");
    let mut arrived: Vec<Value> = serde_json::from_str(&reply.body).unwrap();
    for one in &mut arrived {
        one.as_object_mut().unwrap().remove("seconds_ago");
    }
    arrived
}

#[test]
fn an_author_sees_what_became_of_each_event_and_its_values() {
    let running = Running::new();
    let event = started(1);
    for request in [
        single(&event),
        single(&event),
        single(&started_later(2).aged(3)),
        single_with(&started(3), &[("telemetry-id", "ephemeral")], started(3).body()),
        single_with(&started(4), &[], &started(4).body().replace("true", r#""hunter2""#)),
        single_with(&started(5), &[], "hunter2"),
    ] {
        ask(running.address, &request);
    }
    let none = json!({"event": null, "version": null, "unknown_schema": null, "day": null, "is_ephemeral": false, "fault": null, "path": null, "values": null});
    let with = |members: Value| {
        let mut all = none.clone();
        all.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        all
    };
    let known = json!({"event": "started", "version": "0.1.0", "day": "2024-10-04", "values": [{"path": "by_hand", "value": "true"}]});
    let stored = |fate: &str| {
        let mut all = with(known.clone());
        all["fate"] = fate.into();
        all
    };
    let mut ephemeral = stored("stored");
    ephemeral["is_ephemeral"] = true.into();
    let arrived = live(&running);
    let unknown = arrived[3]["unknown_schema"].as_str().unwrap();
    assert!(unknown.len() == 64 && unknown.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!(
        arrived,
        [
            with(
                json!({"fate": "rejected", "fault": "the object around the payload is not that of an event", "path": ""})
            ),
            with(
                json!({"fate": "rejected", "event": "started", "version": "0.1.0", "fault": "cannot be a text of 7 bytes", "path": "by_hand"})
            ),
            ephemeral,
            with(json!({"fate": "quarantined", "event": "started", "unknown_schema": unknown, "day": "2024-10-01"})),
            stored("duplicate"),
            stored("stored"),
        ]
    );
}

#[test]
fn nothing_of_a_stranger_is_shown() {
    let running = Running::new();
    let body = started_later(1).body().replace("\"started\"", "\"hunter2\"");
    ask(running.address, &single_with(&started_later(1), &[], &body));
    let arrived = live(&running);
    assert_eq!((arrived.len(), &arrived[0]["event"], &arrived[0]["fate"]), (1, &Value::Null, &json!("quarantined")));
    assert!(!format!("{arrived:?}").contains("hunter2"));
}

#[test]
fn the_page_shows_the_same_and_loads_itself_again() {
    let running = Running::new();
    let page = |path: &str| ask(running.address, &get(path, &[]));
    assert!(page("/live").body.contains("Nothing has arrived."));
    ask(running.address, &single(&started(1)));
    let (moving, still) = (page("/live"), page("/live?still"));
    for reply in [&moving, &still] {
        assert_eq!(reply.status, 200);
        for text in ["started", "0.1.0", "stored", "by_", "<code>true</code>"] {
            assert!(reply.body.contains(text), "{text}: {}", reply.body);
        }
        assert!(!reply.body.contains("<script"), "{}", reply.body);
    }
    let refreshes = |reply: &super::http::Reply| reply.header("refresh").is_some();
    assert!(refreshes(&moving) && !refreshes(&still));
    assert_eq!(ask(running.address, &get("/live", &[("x-forwarded-for", "192.0.2.1")])).status, 403);
}

#[test]
fn where_small_counts_are_hidden_no_values_are_shown() {
    let running = Running::with(|settings| settings.least_installs = 2);
    ask(running.address, &single(&started(1)));
    ask(running.address, &single(&started(2)));
    let arrived = live(&running);
    assert_eq!(arrived.len(), 2);
    assert!(arrived.iter().all(|one| one["event"] == "started" && one["values"] == Value::Null), "{arrived:?}");
    let page = ask(running.address, &get("/live", &[])).body;
    assert!(!page.contains("<code>true</code>") && !page.contains("<table"), "{page}");
    assert_eq!(
        page.matches("Values are not shown, since counts of fewer than 2 installs are hidden.").count(),
        1,
        "{page}"
    );
    let all = Running::new();
    assert!(!ask(all.address, &get("/live", &[])).body.contains("Values are not shown"));
}
