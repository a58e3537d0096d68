//! The files to publish.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use telemetry_collector::ask::report::{Count, EventReport};
use telemetry_collector::ask::{Filter, Published};
use telemetry_collector::show::{ExportError, export};

use super::fixture::{LEAST, empty, published, report};

/// All files below a directory, with their contents.
fn files(directory: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut directories = vec![directory.to_owned()];
    while let Some(next) = directories.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
            } else {
                let name = path.strip_prefix(directory).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read_to_string(path).unwrap());
            }
        }
    }
    found
}

#[test]
fn pages_and_numbers_are_written_with_the_week_that_they_are_of() {
    let place = tempfile::tempdir().unwrap();
    let site = place.path().join("site");
    let published = published(vec![report(&Filter::default()), empty("migrated")]);
    assert_eq!(export(&site, &published).unwrap(), 7);
    let found = files(&site);
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    let events = ["events/init.html", "events/init.json", "events/migrated.html", "events/migrated.json"];
    assert_eq!(names, [&[".telemetry-collector"], &events[..], &["index.html", "overview.json", "page.css"]].concat());

    let init: serde_json::Value = serde_json::from_str(&found["events/init.json"]).unwrap();
    assert_eq!(init, serde_json::to_value(&published.events[0]).unwrap());
    let overview: serde_json::Value = serde_json::from_str(&found["overview.json"]).unwrap();
    assert_eq!(overview, serde_json::to_value(&published.overview).unwrap());
    let (first, page) = (&found["index.html"], &found["events/init.html"]);
    assert!(
        first.contains(r#"href="events/init.html""#) && first.contains("From 4 Sep 2026 to 15 Nov 2026"),
        "{first}"
    );
    assert!(first.contains("From 9 Nov 2026 to 15 Nov 2026, the last complete week."), "{first}");
    assert!(page.contains("The latest event of each install in the week from 9 Nov 2026 to 15 Nov 2026."), "{page}");
    assert!(page.contains(r#"href="../page.css""#) && page.contains("events/init.json"), "{page}");
    assert!(!page.contains("<form") && !page.contains("where=") && !page.contains("not complete"), "{page}");
    // An event that did not come in the last week is not one that never came.
    assert!(found["events/migrated.html"].contains("No event has come yet"));
    let rare = EventReport { events: Count::Shown(0), ..published.events[0].clone() };
    export(&site, &Published { events: vec![rare], ..published }).unwrap();
    assert!(!files(&site)["events/init.html"].contains("No event has come yet"));
}

#[test]
fn only_a_directory_of_its_own_is_written_over() {
    let place = tempfile::tempdir().unwrap();
    let site = place.path().join("site");
    export(&site, &published(vec![report(&Filter::default()), empty("migrated")])).unwrap();
    // A file that came from elsewhere stays, one of an event that is gone does not.
    fs::write(site.join("CNAME"), "telemetry.example.com").unwrap();
    export(&site, &published(vec![report(&Filter::default())])).unwrap();
    let found = files(&site);
    assert!(found.contains_key("CNAME") && found.contains_key("events/init.html"));
    assert!(!found.contains_key("events/migrated.html") && !found.keys().any(|name| name.ends_with(".new")));

    // A marker that was changed leads to no other file.
    fs::write(place.path().join("precious"), "").unwrap();
    fs::write(site.join(".telemetry-collector"), "../precious\nCNAME\nevents/../../precious\n").unwrap();
    export(&site, &published(Vec::new())).unwrap();
    assert!(place.path().join("precious").exists() && site.join("CNAME").exists());

    let other = place.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("index.html"), "mine").unwrap();
    assert!(matches!(export(&other, &published(Vec::new())), Err(ExportError::Foreign(_))));
    assert_eq!(files(&other).len(), 1);
}

#[test]
fn small_counts_are_not_published() {
    let place = tempfile::tempdir().unwrap();
    let (mut event, mut overview) = (published(vec![report(&Filter::default())]), published(Vec::new()));
    event.events[0].least = LEAST - 1;
    overview.overview.least = LEAST - 1;
    for exact in [event, overview] {
        assert!(matches!(export(place.path(), &exact), Err(ExportError::TooExact)));
        assert!(files(place.path()).is_empty());
    }
}

#[test]
fn what_an_export_leaves_that_was_ended_before_its_marker_is_written_over() {
    let place = tempfile::tempdir().unwrap();
    let left = |name: &str, files: &[&str]| {
        let site = place.path().join(name);
        for file in files {
            let path = site.join(file);
            if file.ends_with('/') {
                fs::create_dir_all(path).unwrap();
            } else {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, "half").unwrap();
            }
        }
        site
    };
    for (name, files) in [
        ("marker", &[".telemetry-collector.new"][..]),
        ("events", &["events/"]),
        ("both", &["events/", ".telemetry-collector.new"]),
    ] {
        let site = left(name, files);
        assert_eq!(export(&site, &published(vec![report(&Filter::default())])).unwrap(), 5, "{name}");
        assert!(!files_end_with(&site, ".new"), "{name}");
    }
    for (name, files) in [
        ("inner", &["events/mine"][..]),
        ("beside", &[".telemetry-collector.new", "mine"]),
        ("file", &["events"]),
        ("directory", &[".telemetry-collector.new/"]),
    ] {
        let site = left(name, files);
        let exported = export(&site, &published(Vec::new()));
        assert!(matches!(exported, Err(ExportError::Foreign(_))), "{name}: {exported:?}");
    }
    #[cfg(unix)]
    {
        let (site, empty) = (place.path().join("link"), left("elsewhere", &["events/"]).join("events"));
        fs::create_dir(&site).unwrap();
        std::os::unix::fs::symlink(&empty, site.join("events")).unwrap();
        assert!(matches!(export(&site, &published(Vec::new())), Err(ExportError::Foreign(_))));
    }
}

fn files_end_with(site: &Path, end: &str) -> bool {
    files(site).keys().any(|name| name.ends_with(end))
}
