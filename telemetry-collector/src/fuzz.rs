//! The targets of `tests/fuzz`: what this crate reads that others have written, and what must hold whatever the bytes are.
//!
//! They are compiled for fuzzing, and for the tests of this crate, which run them over the corpora that are committed.

use std::sync::{Arc, LazyLock};

use crate::ask::Filter;
use crate::check::{Known, KnownSchema};
use crate::demo;

/// A target: it panics if something does not hold.
type Target = fn(&[u8]);

/// The targets by the names of their corpora.
const TARGETS: [(&str, Target); 3] =
    [("request", crate::receive::fuzz), ("quarantine", crate::store::fuzz), ("query", query)];

/// Runs the target with this name.
pub fn run(target: &str, bytes: &[u8]) {
    let found = TARGETS.iter().find(|(name, _)| *name == target);
    assert!(found.is_some(), "there is no target {target}");
    found.into_iter().for_each(|(_, run)| run(bytes));
}

/// The schemas of the demonstration, read anew.
pub(crate) fn known() -> Known {
    let place = tempfile::tempdir().and_then(|place| demo::write_schemas(place.path()).map(|()| place));
    place.ok().and_then(|place| Known::read(place.path()).ok()).unwrap_or_default()
}

/// The schemas of the demonstration.
pub(crate) fn all() -> &'static [Arc<KnownSchema>] {
    static ALL: LazyLock<Vec<Arc<KnownSchema>>> = LazyLock::new(|| {
        let all: Vec<_> = known().events().flat_map(|(_, schemas)| schemas).cloned().collect();
        assert_eq!(all.len(), 6);
        all
    });
    &ALL
}

/// A filter that is read is read again from the address that it gives.
fn query(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    if let Ok(filter) = Filter::parse(text) {
        assert_eq!(Filter::parse(&filter.to_string()), Ok(filter));
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_targets_hold_over_their_corpora() {
        let mut failed = Vec::new();
        for (name, run) in TARGETS {
            let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fuzz/corpus").join(name);
            let files: Vec<_> = std::fs::read_dir(&corpus).unwrap().map(|file| file.unwrap().path()).collect();
            assert!(!files.is_empty(), "{name} has no corpus");
            for file in files {
                let bytes = std::fs::read(&file).unwrap();
                if std::panic::catch_unwind(|| run(&bytes)).is_err() {
                    failed.push(file);
                }
            }
        }
        assert!(failed.is_empty(), "{failed:?}");
    }
}
