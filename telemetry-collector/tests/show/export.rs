//! The files to publish.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use telemetry_collector::ask::Filter;
use telemetry_collector::show::{ExportError, export};

use super::fixture::{LEAST, empty, overview, report};

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
fn pages_and_numbers_are_written_without_what_is_not_complete() {
    let place = tempfile::tempdir().unwrap();
    let site = place.path().join("site");
    let crossed = Filter::parse("rows=os&columns=database.engine").unwrap();
    assert_eq!(export(&site, overview(), vec![report(&crossed), empty("migrated")]).unwrap(), 7);
    let found = files(&site);
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    let events = ["events/init.html", "events/init.json", "events/migrated.html", "events/migrated.json"];
    assert_eq!(names, [&[".telemetry-collector"], &events[..], &["index.html", "overview.json", "page.css"]].concat());

    let init: serde_json::Value = serde_json::from_str(&found["events/init.json"]).unwrap();
    let activity = &init["activity"];
    assert_eq!(activity["days"].as_array().unwrap().len(), 0);
    for unit in ["weeks", "months"] {
        let periods = activity[unit].as_array().unwrap();
        assert!(!periods.is_empty() && periods.iter().all(|period| period["is_complete"] == true), "{unit}");
    }
    assert!(init["cross"].is_null() && init["least"] == LEAST);
    assert!(found["index.html"].contains(r#"href="events/init.html""#));
    let page = &found["events/init.html"];
    assert!(
        page.contains(r#"href="../page.css""#) && page.contains(r#"href="init.json""#)
            || page.contains("events/init.json")
    );
    assert!(!page.contains("<form") && !page.contains("where=") && !page.contains("not complete"), "{page}");
}

#[test]
fn only_a_directory_of_its_own_is_written_over() {
    let place = tempfile::tempdir().unwrap();
    let site = place.path().join("site");
    export(&site, overview(), vec![report(&Filter::default()), empty("migrated")]).unwrap();
    // A file that came from elsewhere stays, one of an event that is gone does not.
    fs::write(site.join("CNAME"), "telemetry.example.com").unwrap();
    export(&site, overview(), vec![report(&Filter::default())]).unwrap();
    let found = files(&site);
    assert!(found.contains_key("CNAME") && found.contains_key("events/init.html"));
    assert!(!found.contains_key("events/migrated.html") && !found.keys().any(|name| name.ends_with(".new")));

    // A marker that was changed leads to no other file.
    fs::write(place.path().join("precious"), "").unwrap();
    fs::write(site.join(".telemetry-collector"), "../precious\nCNAME\nevents/../../precious\n").unwrap();
    export(&site, overview(), Vec::new()).unwrap();
    assert!(place.path().join("precious").exists() && site.join("CNAME").exists());

    let other = place.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("index.html"), "mine").unwrap();
    assert!(matches!(export(&other, overview(), Vec::new()), Err(ExportError::Foreign(_))));
    assert_eq!(files(&other).len(), 1);
}

#[test]
fn small_counts_are_not_published() {
    let place = tempfile::tempdir().unwrap();
    let mut exact = report(&Filter::default());
    exact.least = LEAST - 1;
    assert!(matches!(export(place.path(), overview(), vec![exact]), Err(ExportError::TooExact)));
    assert!(files(place.path()).is_empty());
}
