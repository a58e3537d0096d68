//! The pages of the program, over its own database.

use serde_json::Value;

use super::http::{ask, get, single};
use crate::receive::{Place, started};

#[test]
fn what_was_sent_is_on_the_page_and_hidden_in_what_is_published() {
    let place = Place::new();
    let served = place.serve(&[]);
    let page = |path: &str| ask(served.address, &get(path, &[]));
    assert!(page("/").body.contains("No event has come yet"));
    assert_eq!(ask(served.address, &single(&started(1))).status, 200);

    let overview = page("/");
    assert_eq!(overview.status, 200);
    assert!(overview.body.contains(r#"<a href="events/started">started</a>"#), "{}", overview.body);
    let event = page("/events/started");
    assert!(event.status == 200 && event.body.contains("<strong>1</strong>"), "{}", event.body);
    let report: Value = serde_json::from_str(&page("/api/v1/events/started").body).unwrap();
    assert_eq!((&report["event"], &report["installs"], &report["least"]), (&"started".into(), &1.into(), &1.into()));
    for path in ["/events/other", "/api/v1/events/other"] {
        assert_eq!(page(path).status, 404);
    }
    assert_eq!(page("/events/started?where=no:1").status, 400);
    // What tells nobody of its numbers stays open, and what does not is for this machine.
    let from_elsewhere = ask(served.address, &get("/", &[("x-forwarded-for", "192.0.2.1")]));
    assert!(from_elsewhere.status == 403 && !from_elsewhere.body.contains("started"), "{}", from_elsewhere.body);

    let (code, said, error) = place.run(&["export", "--public", "site"]);
    let (before, after) =
        ("5 files are in site, with the weeks up to ", ". Counts of fewer than 20 installs are hidden.\n");
    assert!(code == 0 && said.starts_with(before) && said.ends_with(after), "{said} {error}");
    let published: Value =
        serde_json::from_str(&std::fs::read_to_string(place.path("site/events/started.json")).unwrap()).unwrap();
    // It was sent today, and this week is not complete.
    assert!(published["installs"] == 0 && published["least"] == 20, "{published}");
    std::fs::create_dir(place.path("other")).unwrap();
    std::fs::write(place.path("other/file"), "").unwrap();
    assert_eq!(place.run(&["export", "--public", "other"]).0, 1);

    served.signal("TERM");
    let (status, log) = served.end();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(!place.path("telemetry.sqlite-wal").exists(), "the readers were closed before the database");
}
