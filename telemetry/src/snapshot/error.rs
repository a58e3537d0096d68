//! The reason that a snapshot could not be taken: names and kinds, never values.

use crate::schema::Field;
use crate::schema::walk::{Part, Path};

/// A snapshot that did not fit its schema.
///
/// It holds the place in the schema, a description of the expected value and one of the
/// recorded value; all three are constants. Derived implementations return this error
/// only when the body is larger than 64 KiB or nested deeper than 16 groups.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the snapshot does not fit its schema at `{path}`: expected {expected}, got {actual}; the `record` function \
         must make one call for each field, in the order and of the kind that `SCHEMA` declares"
)]
#[non_exhaustive]
pub struct RecordError {
    /// Path of the field: names joined by dots, one with a dot in square brackets; `.` is the root.
    pub path: String,
    /// Describes what the schema expects there.
    pub expected: &'static str,
    /// Describes what was recorded.
    pub actual: &'static str,
}

/// A mismatch, with the fields around it, innermost first.
pub(super) struct Failure {
    path: Vec<&'static str>,
    expected: &'static str,
    actual: &'static str,
}

impl Failure {
    pub(super) fn new(field: Option<&'static Field>, actual: &'static str) -> Self {
        Self {
            path: field.map(|field| field.key.name()).into_iter().collect(),
            expected: field.map_or("nothing more", |field| field.kind.node.name()),
            actual,
        }
    }

    pub(super) fn too_large() -> Self {
        Self { path: Vec::new(), expected: "a body of at most 64 KiB", actual: "a larger one" }
    }

    pub(super) fn inside(&mut self, field: &'static Field) {
        // A type that stands for a single value is recorded as the field itself.
        let again = self.path.last().is_some_and(|inner| std::ptr::eq(*inner, field.key.name()));
        if !again && self.path.len() < 64 {
            self.path.push(field.key.name());
        }
    }

    pub(super) fn into_error(self) -> RecordError {
        let names = self.path.iter().rev().filter(|name| !name.is_empty());
        let names: Vec<Part<'_>> = names.map(|name| Part::Member(name)).collect();
        RecordError {
            path: if names.is_empty() { ".".into() } else { Path::of(&names).to_string() },
            expected: self.expected,
            actual: self.actual,
        }
    }
}
