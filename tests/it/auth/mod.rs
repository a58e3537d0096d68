//! The telemetry of Better Auth, compared with recordings of the original.

mod canary;
mod create;
mod disclosure;
// A database, which is a dependency of these tests on Unix only.
#[cfg(unix)]
mod events;
mod parity;
mod snapshots;
mod vocabulary;

use std::path::{Path, PathBuf};

/// A file in vectors/.
pub(crate) fn vector(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").join(name)
}

pub(crate) fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}
