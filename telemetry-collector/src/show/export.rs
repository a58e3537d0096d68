//! Writes pages and numbers as files to publish.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::html::Place;
use super::{STYLE, event, overview};
use crate::ask::Published;
use crate::ask::report::EventReport;

/// The least number of installations that published numbers show.
pub const LEAST_PUBLISHED: u64 = 20;

/// The file that says that a directory was written here: it lists the files.
const MARKER: &str = ".telemetry-collector";

/// The directory in it that has the files of the events.
const EVENTS: &str = "events";

/// Why the files were not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The directory holds files of somebody else.
    #[error("{} holds files that `export` did not write; name an empty directory, or one that does not exist", .0.display())]
    Foreign(PathBuf),
    /// The numbers were counted with too small a limit, or tell how often a counted event happened.
    #[error("the numbers show fewer than {LEAST_PUBLISHED} installations, or how often a counted event happened")]
    TooExact,
    /// A report cannot be written as JSON.
    #[error("a report cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// A file cannot be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// Writes the pages and the JSON of all events into a directory, and returns how many files it holds.
///
/// Each file is replaced as a whole, the first page last. Files of an earlier export that are not needed any more are deleted.
///
/// # Errors
///
/// If the numbers show fewer than [`LEAST_PUBLISHED`] installations or how often a counted event happened, the directory holds other files, or a file cannot be written.
pub fn export(directory: &Path, published: &Published) -> Result<usize, ExportError> {
    let Published { overview, events } = published;
    let is_too_exact = |event: &EventReport| event.least < LEAST_PUBLISHED || event.sums.is_some();
    if overview.least < LEAST_PUBLISHED || events.iter().any(is_too_exact) {
        return Err(ExportError::TooExact);
    }
    let files = files(published)?;
    let before = begin(directory)?;
    let names: BTreeSet<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    // From now on, what is written here is known to be written here.
    mark(directory, names.iter().copied().chain(before.iter().map(String::as_str)))?;
    let inner = directory.join(EVENTS);
    fs::create_dir_all(&inner).map_err(|error| ExportError::File { path: inner, error })?;
    for (name, content) in &files {
        replace(&directory.join(name), content)?;
    }
    for name in before.iter().filter(|name| !names.contains(name.as_str())) {
        let path = directory.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(ExportError::File { path, error }),
            _ => {}
        }
    }
    mark(directory, names.iter().copied())?;
    Ok(files.len())
}

/// The files, those first that others link to.
fn files(Published { overview: all, events }: &Published) -> Result<Vec<(String, String)>, ExportError> {
    let mut files = vec![("page.css".to_owned(), STYLE.to_owned())];
    for report in events {
        files.push((format!("events/{}.json", report.event), json(report)?));
        files.push((format!("events/{}.html", report.event), event::event(Place::EVENT.published(), report, None)));
    }
    files.push(("overview.json".to_owned(), json(all)?));
    files.push(("index.html".to_owned(), overview::overview(Place::ROOT.published(), all)));
    Ok(files)
}

fn json(report: &impl Serialize) -> Result<String, ExportError> {
    Ok(serde_json::to_string_pretty(report)? + "\n")
}

/// Makes the directory if it is missing, and returns the files of an earlier export.
fn begin(directory: &Path) -> Result<Vec<String>, ExportError> {
    let failed = |error| ExportError::File { path: directory.to_owned(), error };
    fs::create_dir_all(directory.join("")).map_err(failed)?;
    match fs::read_to_string(directory.join(MARKER)) {
        Ok(text) => Ok(text.lines().filter(|name| is_ours(name)).map(str::to_owned).collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if is_new(directory).map_err(failed)? {
                Ok(Vec::new())
            } else {
                Err(ExportError::Foreign(directory.to_owned()))
            }
        }
        Err(error) => Err(failed(error)),
    }
}

/// Whether a directory without a marker holds nothing but what an export leaves that was ended before it had written one.
fn is_new(directory: &Path) -> io::Result<bool> {
    let (marker, inner) = (beside(&directory.join(MARKER)), directory.join(EVENTS));
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        // Earlier versions made the directory of the events first. A link is of somebody else.
        let is_left = path == marker && kind.is_file()
            || path == inner && kind.is_dir() && fs::read_dir(&inner)?.next().is_none();
        if !is_left {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether an export writes files with such a name. A marker that was changed cannot lead to other files.
fn is_ours(name: &str) -> bool {
    let event = |extension| {
        let event = name.strip_prefix("events/").and_then(|rest| rest.strip_suffix(extension));
        event.is_some_and(telemetry_spec::name::is_name)
    };
    matches!(name, "page.css" | "overview.json" | "index.html") || event(".json") || event(".html")
}

fn mark<'a>(directory: &Path, names: impl Iterator<Item = &'a str>) -> Result<(), ExportError> {
    let lines: BTreeSet<&str> = names.collect();
    let text: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
    replace(&directory.join(MARKER), &text)
}

/// The file that is written before it takes the place of another.
fn beside(path: &Path) -> PathBuf {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    PathBuf::from(beside)
}

/// Replaces a file as a whole.
fn replace(path: &Path, content: &str) -> Result<(), ExportError> {
    let beside = beside(path);
    let write = || {
        let mut file = fs::File::create(&beside)?;
        file.write_all(content.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    write().map_err(|error| ExportError::File { path: path.to_owned(), error })
}
