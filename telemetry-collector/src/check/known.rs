//! The schemas of a directory.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use telemetry::export::released::{History, HistoryError, read};
use thiserror::Error;

use super::{KnownSchema, MOST_COLUMNS};
use crate::arrival::SchemaHash;

/// The longest file that is read, in bytes. The core reads no longer one.
const LONGEST_FILE: u64 = 4 << 20;

/// Every schema that was released, as far as it is known. It does not change: when the directory does, it is read again.
///
/// The directory holds files of `telemetry::testing::assert_schemas`, one for each event, and directories with such files, one for each
/// application. Other files and deeper directories are not read, nor those whose names begin with a dot.
///
/// An event belongs to its name: events of two applications with the same name are the same event, as if one application had released
/// all of its schemas. To keep them apart, give the events different names, or each application its own collector. If a schema is in
/// several files, the release with the earliest date counts, and among those of one date that of the first path. Different events that send the
/// same have the same hash, so a schema is found by event and hash.
#[derive(Debug, Default)]
pub struct Known {
    events: BTreeMap<String, Vec<Arc<KnownSchema>>>,
    by_hash: HashMap<SchemaHash, Vec<Arc<KnownSchema>>>,
}

/// Why a directory of released schemas cannot be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KnownError {
    /// A file or a directory cannot be read.
    #[error("{}: cannot be read: {error}", path.display())]
    Unreadable {
        /// The file or the directory.
        path: PathBuf,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// A file is not one of released schemas.
    #[error("{}: {error}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        error: HistoryError,
    },
    /// A schema in a file is not that of an event, whose payload is always an object.
    #[error("{}: the schema of version {version} is not an object; restore the file from version control", path.display())]
    NotAnEvent {
        /// The file.
        path: PathBuf,
        /// The version of the release.
        version: String,
    },
    /// The schemas of an event have more columns together than a table can have.
    #[error(
        "the schemas of {event} have {columns} columns together, and a table at most {MOST_COLUMNS}: split the event, or send some of its values as a list"
    )]
    TooWide {
        /// The event.
        event: String,
        /// How many columns its table would have.
        columns: usize,
    },
}

impl Known {
    /// Reads a directory.
    ///
    /// # Errors
    ///
    /// If the directory or one of its files cannot be read, or one of them is not what `assert_schemas` writes. The error names the file.
    pub fn read(directory: &Path) -> Result<Self, KnownError> {
        let mut known = Self::default();
        for path in schema_files(directory).map_err(|(path, error)| KnownError::Unreadable { path, error })? {
            let text = text(&path).map_err(|error| KnownError::Unreadable { path: path.clone(), error })?;
            let history = read(&text).map_err(|error| KnownError::Invalid { path: path.clone(), error })?;
            known.add(&history, &path)?;
        }
        for schemas in known.events.values_mut() {
            schemas.sort_by(|one, other| one.date().cmp(other.date()));
        }
        known.check_widths()?;
        for schema in known.events.values().flatten() {
            known.by_hash.entry(schema.hash()).or_default().push(Arc::clone(schema));
        }
        Ok(known)
    }

    /// The schema of an event with this hash.
    #[must_use]
    pub fn get(&self, event: &str, hash: &SchemaHash) -> Option<Arc<KnownSchema>> {
        self.by_hash.get(hash)?.iter().find(|schema| schema.event() == event).cloned()
    }

    /// All events in alphabetical order, with their schemas, oldest first.
    pub fn events(&self) -> impl Iterator<Item = (&str, &[Arc<KnownSchema>])> {
        self.events.iter().map(|(event, schemas)| (event.as_str(), schemas.as_slice()))
    }

    /// Columns that two schemas share are one.
    fn check_widths(&self) -> Result<(), KnownError> {
        for (event, schemas) in &self.events {
            let columns = schemas.iter().flat_map(|schema| schema.columns());
            let columns = columns.map(|column| (&column.path, column.kind)).collect::<HashSet<_>>().len();
            if columns > MOST_COLUMNS {
                return Err(KnownError::TooWide { event: event.clone(), columns });
            }
        }
        Ok(())
    }

    fn add(&mut self, history: &History, path: &Path) -> Result<(), KnownError> {
        let schemas = self.events.entry(history.event().to_owned()).or_default();
        for release in history.releases() {
            let schema = KnownSchema::new(history.event(), &release.version, &release.date, release.schema.clone());
            if !schema.is_object() {
                return Err(KnownError::NotAnEvent { path: path.to_owned(), version: release.version.clone() });
            }
            match schemas.iter_mut().find(|known| known.hash() == schema.hash()) {
                Some(known) if schema.date() < known.date() => *known = Arc::new(schema),
                Some(_) => {}
                None => schemas.push(Arc::new(schema)),
            }
        }
        Ok(())
    }
}

/// The files of a directory and of the directories in it, in the order of their paths, unless one of the directories cannot be read.
pub(crate) fn schema_files(directory: &Path) -> Result<Vec<PathBuf>, (PathBuf, io::Error)> {
    let entries = |directory: &Path| entries(directory).map_err(|error| (directory.to_owned(), error));
    let mut files = Vec::new();
    for path in entries(directory)? {
        if path.is_dir() {
            files.extend(entries(&path)?.into_iter().filter(|path| is_schema(path)));
        } else if is_schema(&path) {
            files.push(path);
        }
    }
    Ok(files)
}

/// What is in a directory and not hidden, in the order of the paths.
pub(crate) fn entries(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        // Editors and archives leave files beside those that they are about.
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}

fn is_schema(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "json") && path.is_file()
}

/// The text of a file. Of one that is too long, enough is read to be refused for its length.
fn text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(LONGEST_FILE + 1).read_to_string(&mut text)?;
    Ok(text)
}
