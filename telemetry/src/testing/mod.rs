//! Assertions for the tests of authors.
//!
//! These functions panic when an assertion does not hold, since that is how a test fails. Nothing else in this crate panics.

mod schemas;

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use crate::consent::Scope;
use crate::context::RecordedContext;
use crate::event::{Draft, TelemetryEvent};
use crate::identity::anonymous_id::PLACEHOLDER;
use crate::page::Disclosure;
use crate::sink::Outgoing;
use crate::snapshot::{Snapshot, TelemetrySnapshot};

/// Takes a snapshot of `value`, for a test that compares it with a reviewed one.
///
/// ```
/// use telemetry::TelemetrySnapshot;
///
/// #[derive(TelemetrySnapshot)]
/// struct Session {
///     secure: bool,
///     #[telemetry(presence)]
///     secret: String,
/// }
///
/// let session = Session { secure: true, secret: "hunter2".into() };
/// assert_eq!(telemetry::testing::snapshot(&session).as_json(), r#"{"secure":true,"secret":true}"#);
/// ```
///
/// # Panics
///
/// If the snapshot is invalid, see [`Snapshot::of`].
#[must_use]
#[track_caller]
#[expect(clippy::panic, reason = "that is how a test fails")]
pub fn snapshot<T: TelemetrySnapshot + ?Sized>(value: &T) -> Snapshot {
    Snapshot::of(value).unwrap_or_else(|error| panic!("the snapshot is invalid: {error}"))
}

/// The event as a client would pass it to a [`Sink`](crate::Sink), for tests of a sink.
///
/// The anonymous id is that of previews. The event's id consists of zeros and the number 1, the age is zero days, and the context,
/// if the event carries it, is empty. [`Outgoing::with_number`], [`Outgoing::with_age_days`] and
/// [`Outgoing::with_ephemeral_id`] change them.
///
/// # Panics
///
/// If the snapshot is invalid, see [`Snapshot::of`]; and if the event can reveal more than its budget, so that no client would send it.
#[must_use]
#[track_caller]
#[expect(clippy::panic, reason = "that is how a test fails")]
pub fn outgoing<E: TelemetryEvent + ?Sized>(event: &E) -> Outgoing {
    let draft = Draft::of(event).unwrap_or_else(|error| panic!("the snapshot is invalid: {error}"));
    assert!(
        draft.schema().is_within_budget(),
        "the event can reveal {} bits, more than its budget of {}",
        (draft.schema().of)().bits(),
        draft.schema().budget
    );
    let body = draft.finish(PLACEHOLDER, &RecordedContext::default());
    crate::sink::example((draft.schema().of)().hash(), body)
}

/// Asserts that the file at `path` is the page that describes what `T` sends, so that what is collected can only change in a
/// reviewed diff.
///
/// With the variable `TELEMETRY_UPDATE=1` it writes the file instead. A relative path starts at the working directory of the
/// test, which cargo sets to the directory of the package. The page states neither receiver nor endpoint; pass one that does
/// to [`assert_page`].
///
/// ```no_run
/// # use telemetry::TelemetrySnapshot;
/// # #[derive(TelemetrySnapshot)]
/// # #[telemetry(event = "init")]
/// # struct Init { by_hand: bool }
/// telemetry::testing::assert_disclosure::<Init>("TELEMETRY.md");
/// ```
///
/// # Panics
///
/// If the file differs, or cannot be read or written.
#[track_caller]
pub fn assert_disclosure<T: TelemetrySnapshot>(path: impl AsRef<Path>) {
    assert_page(&Disclosure::of::<T>(), path);
}

/// Asserts that the file at `path` is this page, like [`assert_disclosure`].
///
/// # Panics
///
/// If the file differs, or cannot be read or written.
#[track_caller]
#[expect(clippy::panic, reason = "that is how a test fails")]
pub fn assert_page(page: &Disclosure, path: impl AsRef<Path>) {
    let path = path.as_ref();
    let expected = page.to_markdown();
    if is_update() {
        if let Err(error) = fs::write(path, expected) {
            panic!("cannot write {}: {error}", path.display());
        }
        return;
    }
    let found = match fs::read_to_string(path) {
        Ok(found) => found.replace("\r\n", "\n"),
        Err(error) => {
            panic!("cannot read {}: {error}\nto write it, run the test with TELEMETRY_UPDATE=1", path.display())
        }
    };
    if let Some(difference) = difference(&found, &expected) {
        panic!(
            "{} does not describe what is sent: {difference}\nto renew it, run the test with TELEMETRY_UPDATE=1 and review the change",
            path.display()
        );
    }
}

/// Asserts that the schema of each of these events is in its file in `directory`, so that what was ever collected is on record, and a
/// change of it can only happen in a reviewed diff.
///
/// The file `<event>.json` holds every schema that was released under the event's name, in [this format](crate::export::released).
/// The test fails when the current schema is not in it, when a schema that was released was edited, and when a name stands for
/// something else than before, such as a number in another unit: then the field or the event needs a new name. It says in words what
/// changed.
///
/// With the variable `TELEMETRY_UPDATE=1` it writes the files instead. A new schema is added with today's date and the version of the
/// package. While that version is not released, the schema can change again, so a new schema takes the place of one that has the same
/// version. **Raise the version in `Cargo.toml` before the first change after a release**: then what was released stays. A file is never
/// deleted: events of older versions still arrive.
///
/// A relative path starts at the working directory of the test, which cargo sets to the directory of the package.
///
/// ```no_run
/// # use telemetry::page::Disclosure;
/// # fn disclosure() -> Disclosure { unimplemented!() }
/// telemetry::testing::assert_schemas(disclosure().scope(), "telemetry/schemas");
/// ```
///
/// # Panics
///
/// If a file differs, or cannot be read or written, or if the test is not run by cargo, which sets the version of the package in the
/// variable `CARGO_PKG_VERSION`.
#[track_caller]
#[expect(clippy::panic, reason = "that is how a test fails")]
pub fn assert_schemas(scope: &Scope, directory: impl AsRef<Path>) {
    let Ok(version) = std::env::var("CARGO_PKG_VERSION") else {
        panic!("CARGO_PKG_VERSION is not set: run the test with cargo, or set it to the version of the package");
    };
    let run = schemas::Run { version, date: schemas::day(SystemTime::now()), is_update: is_update() };
    if let Err(problem) = schemas::check(scope, directory.as_ref(), &run) {
        panic!("{problem}");
    }
}

fn is_update() -> bool {
    std::env::var_os("TELEMETRY_UPDATE").is_some_and(|value| value == "1")
}

/// The first line in which two pages differ.
fn difference(found: &str, expected: &str) -> Option<String> {
    if found == expected {
        return None;
    }
    let (mut old, mut new) = (found.lines(), expected.lines());
    let mut number = 0_usize;
    loop {
        number += 1;
        match (old.next(), new.next()) {
            (None, None) => return Some("they differ in how a line ends".to_owned()),
            (old, new) if old == new => {}
            (old, new) => {
                let shown = |line: Option<&str>| line.unwrap_or("(the end)").to_owned();
                return Some(format!("line {number}\n  file: {}\n  code: {}", shown(old), shown(new)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_differs_is_reported() {
        assert_eq!(difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(difference("a\nb\n", "a\nc\n").as_deref(), Some("line 2\n  file: b\n  code: c"));
        assert_eq!(difference("a\n", "a\nc\n").as_deref(), Some("line 2\n  file: (the end)\n  code: c"));
        assert!(difference("a\n", "a").is_some());
    }
}
