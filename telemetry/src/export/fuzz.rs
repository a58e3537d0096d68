//! Files of released schemas.

use super::released::{History, read};
use super::{difference, rows};
use crate::schema::Released;

/// A file that is read can be written, and is then read as the same releases; so can each schema alone.
pub(crate) fn released(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    if let Ok(history) = read(text) {
        whole(&history);
    }
    if let Ok(schema) = Released::from_json(text) {
        alone(&schema);
    }
}

fn whole(history: &History) {
    for release in history.releases() {
        assert_eq!(release.schema.hash(), release.hash);
        alone(&release.schema);
    }
    let Some(newest) = history.newest() else { return };
    let written = history.to_text(&newest.schema);
    let again = read(&written);
    let hashes = |history: &History| {
        let hash = |release: &super::released::Release| (release.version.clone(), release.hash.clone());
        history.releases().iter().map(hash).collect::<Vec<_>>()
    };
    assert_eq!(again.as_ref().map(hashes).ok(), Some(hashes(history)));
    let newest = again.as_ref().ok().and_then(|again| Some((again, again.newest()?)));
    assert_eq!(newest.map(|(again, newest)| again.to_text(&newest.schema)), Some(written));
    for two in history.releases().windows(2) {
        let [one, other] = two else { continue };
        let (there, back) = (difference(&one.schema, &other.schema), difference(&other.schema, &one.schema));
        assert_eq!(there.changes().is_empty(), back.changes().is_empty());
    }
}

fn alone(schema: &Released) {
    let again = Released::from_json(&schema.to_json());
    assert_eq!(again.as_ref(), Ok(schema));
    assert_eq!(again.map(|again| again.hash()), Ok(schema.hash()));
    assert!(difference(schema, schema).changes().is_empty());
    let _ = (schema.bits(), schema.to_json_schema(), rows(schema).len());
}
