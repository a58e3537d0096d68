//! The file of an event: every schema that was released under its name.
//!
//! [`testing::assert_schemas`](crate::testing::assert_schemas) writes such files and locks them. A receiver [reads](read) them to know what can come, and
//! reviewers see a change line by line.
//!
#![doc = include_str!("../../../docs/schemas.md")]

mod file;
mod weave;

use serde::{Deserialize, Serialize};
use telemetry_spec::{name, word};

use self::file::Head;
use self::weave::weave;
use crate::schema::released::{Line, Lines, parse, released};
use crate::schema::{ReadError, Released};

/// The number of the format that is written and read.
pub const FORMAT: u32 = 1;

/// The most releases of an event, and the most lines that their schemas have in total.
const MOST_RELEASES: usize = 1_000;
const MOST_LINES: usize = 500_000;

/// The schemas that were released for an event, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    event: String,
    releases: Vec<Release>,
}

/// A schema that was released.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Release {
    /// The version of the package that first had it.
    pub version: String,
    /// The day on which it was written, as `YYYY-MM-DD` in UTC.
    pub date: String,
    /// Its [hash](Released::hash), which events carry in the header `Telemetry-Schema`.
    pub hash: String,
    /// What it can send. Purposes are those of the newest release that has the same line.
    pub schema: Released,
}

/// Why a text is not the file of an event. It holds nothing of the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// A newer version of this crate wrote the file.
    #[error("the file has a format that this version of `telemetry` does not know: update `telemetry`")]
    Format,
    /// The lines are not those of a schema, or the text is not JSON of the format.
    #[error(transparent)]
    Schema(#[from] ReadError),
    /// The name of the event, a version, a date or the place of a line is not valid.
    #[error("{reason}; restore the file from version control")]
    Invalid {
        /// What is wrong.
        reason: &'static str,
    },
    /// The lines of a release give another hash than it has.
    #[error(
        "release {number} was edited: its lines do not have its hash; restore the file from version control, since a \
         schema that was released stays as it was"
    )]
    Edited {
        /// Which release, counted from 1, the oldest.
        number: usize,
    },
}

/// One release in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    version: String,
    date: String,
    bits: u64,
    hash: String,
}

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "format")]
    _format: u32,
    event: String,
    releases: Vec<Entry>,
    schema: Lines,
}

/// Reads the file of an event.
///
/// # Errors
///
/// If the text is not such a file, or if a release in it was edited.
pub fn read(text: &str) -> Result<History, HistoryError> {
    let Head { format } = parse(text)?;
    if format != FORMAT {
        return Err(HistoryError::Format);
    }
    let File { event, releases, schema: Lines(lines), .. } = parse(text)?;
    if !name::is_name(&event) {
        return Err(HistoryError::Invalid { reason: "the name of the event is not one" });
    }
    check_entries(&releases)?;
    let spans = lines.iter().map(|line| span(line, &releases)).collect::<Result<Vec<_>, _>>()?;
    let total: usize = spans.iter().map(|(since, until)| until - since).sum();
    if total > MOST_LINES {
        return Err(HistoryError::Invalid { reason: "the schemas have more than 500,000 lines in total" });
    }
    let read = |(number, entry): (usize, Entry)| {
        let own = || {
            spans.iter().zip(&lines).enumerate().filter(|(_, ((since, until), _))| (*since..*until).contains(&number))
        };
        let schema =
            released(own().map(|(_, (_, line))| line)).map_err(|error| in_file(error, own().map(|(at, _)| at)))?;
        let Entry { version, date, hash, .. } = entry;
        let is_same = schema.hash() == hash;
        is_same.then_some(Release { version, date, hash, schema }).ok_or(HistoryError::Edited { number: number + 1 })
    };
    let releases = releases.iter().cloned().enumerate().map(read).collect::<Result<_, _>>()?;
    Ok(History { event, releases })
}

/// The error with the number of the line in the file's list, of which these are the lines of one release.
fn in_file(error: ReadError, mut lines: impl Iterator<Item = usize>) -> ReadError {
    match error {
        ReadError::Invalid { line, reason } => {
            let line = lines.nth(line - 1).map_or(line, |at| at + 1);
            ReadError::Invalid { line, reason }
        }
        other => other,
    }
}

fn check_entries(entries: &[Entry]) -> Result<(), HistoryError> {
    let invalid = |reason| Err(HistoryError::Invalid { reason });
    if entries.is_empty() || entries.len() > MOST_RELEASES {
        return invalid("there are no releases, or more than 1,000");
    }
    for (at, entry) in entries.iter().enumerate() {
        if !word::is_word(&entry.version) || entries.iter().take(at).any(|other| other.version == entry.version) {
            return invalid("a release has no version, or that of another one");
        }
        let is_digit = |(at, byte): (usize, u8)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
        if entry.date.len() != "YYYY-MM-DD".len() || !entry.date.bytes().enumerate().all(is_digit) {
            return invalid("the date of a release is not YYYY-MM-DD");
        }
    }
    Ok(())
}

/// The releases that have a line: the index of the first, and that of the first without it.
fn span(line: &Line, entries: &[Entry]) -> Result<(usize, usize), HistoryError> {
    let at = |version: &String| entries.iter().position(|entry| entry.version == *version);
    let since = line.since.as_ref().map_or(Some(0), at);
    let until = line.until.as_ref().map_or(Some(entries.len()), at);
    let span = since.zip(until).filter(|(since, until)| since < until);
    span.ok_or(HistoryError::Invalid {
        reason: "a line begins or ends with a version that is not in order among the releases",
    })
}

impl History {
    /// An event of which nothing was released yet.
    pub(crate) fn new(event: &str) -> Self {
        Self { event: event.to_owned(), releases: Vec::new() }
    }

    /// The name of the event.
    #[must_use]
    pub fn event(&self) -> &str {
        &self.event
    }

    /// The releases, oldest first. Each has another hash and another version.
    #[must_use]
    pub fn releases(&self) -> &[Release] {
        &self.releases
    }

    /// The release with this hash.
    #[must_use]
    pub fn release(&self, hash: &str) -> Option<&Release> {
        self.releases.iter().find(|release| release.hash == hash)
    }

    /// The newest release.
    pub(crate) fn newest(&self) -> Option<&Release> {
        self.releases.last()
    }

    /// The same without the newest release, if it has this version.
    pub(crate) fn before(mut self, version: &str) -> Self {
        self.releases.pop_if(|release| release.version == version);
        self
    }

    /// Adds a release whose hash and version are new.
    pub(crate) fn add(&mut self, version: &str, date: &str, schema: Released) {
        let (version, date, hash) = (version.to_owned(), date.to_owned(), schema.hash());
        self.releases.push(Release { version, date, hash, schema });
    }

    /// The file: one line for each release, each value and each word.
    ///
    /// The lines of `current`, which is one of the releases, get its purposes.
    pub(crate) fn to_text(&self, current: &Released) -> String {
        let lines = weave(&self.releases, current);
        file::write(&self.event, &self.entries(), &lines)
    }

    fn entries(&self) -> Vec<Entry> {
        let entry = |release: &Release| Entry {
            version: release.version.clone(),
            date: release.date.clone(),
            bits: release.schema.bits(),
            hash: release.hash.clone(),
        };
        self.releases.iter().map(entry).collect()
    }
}

#[cfg(test)]
mod tests;
