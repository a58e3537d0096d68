//! What the store has of events and releases that are not known any more.

use std::collections::BTreeMap;
use std::fmt;

use super::catalogue::all;
use super::{AskError, Source};
use crate::check::Known;

/// An event of which the store has releases that are not known.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Lacking {
    event: String,
    /// The versions, oldest first. Without any, no release of the event is known.
    releases: Vec<String>,
}

impl fmt::Display for Lacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { event, releases } = self;
        match releases.as_slice() {
            [] => write!(f, "no schema of `{event}`"),
            [release] => write!(f, "no schema of release {release} of `{event}`"),
            releases => write!(f, "no schema of the releases {} of `{event}`", releases.join(", ")),
        }
    }
}

/// Events in alphabetical order.
pub(crate) fn lacking(source: Source<'_>, known: &Known) -> Result<Vec<Lacking>, AskError> {
    let known: BTreeMap<_, _> = known.events().collect();
    let mut lacking = Vec::new();
    for event in all(source)? {
        let Some(schemas) = known.get(event.name.as_str()) else {
            lacking.push(Lacking { event: event.name, releases: Vec::new() });
            continue;
        };
        let is_known = |number: i64| schemas.iter().any(|schema| event.number_of(schema) == Some(number));
        let releases = event.schemas.iter().filter(|(number, _)| !is_known(*number));
        let releases: Vec<String> = releases.map(|(_, version)| version.clone()).collect();
        if !releases.is_empty() {
            lacking.push(Lacking { event: event.name, releases });
        }
    }
    Ok(lacking)
}
