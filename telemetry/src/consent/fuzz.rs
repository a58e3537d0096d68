//! The stored choice, and the requests for deletion beside it.

use super::choice;
use super::covered::Covered;
use super::decide::StoredChoice;
use super::deletion::DeletionRequests;
use super::scope::Scope;
use telemetry_derive::TelemetryEvent;

#[derive(TelemetryEvent)]
#[telemetry(crate = crate, event = "build")]
struct Build {
    release: bool,
    #[telemetry(count(max = 9))]
    files: Vec<u8>,
}

#[derive(TelemetryEvent)]
#[telemetry(crate = crate, event = "check")]
struct Check {
    #[telemetry(one_of("quick", "whole"))]
    name: &'static str,
}

/// Only the first line is a yes, its first bytes decide, and what a yes covers comes back as it was written.
pub(crate) fn consent(bytes: &[u8]) {
    let stored = choice::parse(bytes);
    assert_eq!(stored == StoredChoice::Enabled, bytes.starts_with(b"enabled\n"));
    assert_eq!(stored == StoredChoice::Disabled, bytes == b"disabled\n");
    assert_eq!(choice::parse(bytes.get(..choice::DECISIVE).unwrap_or(bytes)), stored);

    let mut covered = choice::covered(bytes);
    if covered != Covered::default() {
        assert_eq!(choice::yes(&covered).as_bytes(), bytes);
    }
    let scope = Scope::new().event::<Build>().event::<Check>();
    for event in scope.events() {
        let has_hash = covered.entries().any(|entry| entry == (event.name, &event.schema().hash()));
        assert!(!has_hash || covered.covers(event));
        assert!(covered.knows(event) || !covered.covers(event), "an event that the yes does not name is not covered");
        let _ = covered.new_in(event);
    }
    covered.add(&scope);
    assert!(scope.events().iter().all(|event| covered.covers(event)), "a yes covers what it was said for");
    assert_eq!(choice::covered(choice::yes(&covered).as_bytes()), covered);

    let requests = DeletionRequests::parse(bytes);
    assert_eq!(DeletionRequests::parse(requests.text().as_bytes()), requests);
}
