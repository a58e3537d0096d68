//! `schemas list`, `add` and `difference`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use telemetry::export::{self, released};

use crate::check::{KnownError, schema_files};

/// Why the schemas cannot be listed, added or compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SchemasError {
    /// A file or the directory cannot be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The directory does not exist.
    #[error("{}", no_directory(.0))]
    NoDirectory(PathBuf),
    /// A file is not one of released schemas.
    #[error("{}: {error}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// Why.
        error: released::HistoryError,
    },
    /// A file has not all the releases that are known.
    #[error(
        "{}: it lacks release {version} of `{event}`, which is known, so that events of that release could not be \
         checked any more; add a file that has all releases",
        path.display()
    )]
    Lacks {
        /// The file.
        path: PathBuf,
        /// The event.
        event: String,
        /// The release.
        version: String,
    },
    /// A file tells another version or date of a release that is known.
    #[error("{}: {edit}", path.display())]
    Edited {
        /// The file.
        path: PathBuf,
        /// What it tells.
        edit: Box<Edit>,
    },
    /// The directory has no file for the event.
    #[error("no file in {} is of the event `{event}`; `telemetry-collector schemas list` names those that are", directory.display())]
    NoEvent {
        /// The directory.
        directory: PathBuf,
        /// The name that was given.
        event: String,
    },
    /// The event has no release with this version.
    #[error("`{event}` has no release {version}; it has {}", releases.join(", "))]
    NoVersion {
        /// The event.
        event: String,
        /// The version that was given.
        version: String,
        /// Those that there are.
        releases: Vec<String>,
    },
    /// The output cannot be written.
    #[error(transparent)]
    Output(#[from] io::Error),
}

/// What two files tell of one release.
#[derive(Debug)]
pub struct Edit {
    event: String,
    hash: String,
    /// The version and the date in the file that was given.
    new: String,
    /// The file that is there, and the version and the date in it.
    place: PathBuf,
    known: String,
}

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { event, hash, new, place, known } = self;
        let place = place.display();
        write!(
            f,
            "it says that the release of `{event}` with the hash {hash} is {new}, and {place} says that it is {known}; a release never changes: \
             restore the file from version control, or, if {place} is wrong, remove that one first"
        )
    }
}

/// Why the schemas of a directory cannot be used.
pub(super) fn unusable(directory: &Path, reason: &KnownError) -> String {
    match reason {
        KnownError::Unreadable { path, error } if path == directory => match error.kind() {
            io::ErrorKind::NotFound => no_directory(directory),
            _ => reason.to_string(),
        },
        _ => format!("cannot use the schemas in {}: {reason}", directory.display()),
    }
}

fn no_directory(directory: &Path) -> String {
    format!(
        "there is no directory {}: name the one with the released schemas with --schemas; `assert_schemas` writes them, and \
         `telemetry-collector schemas add FILE` copies one into it",
        directory.display()
    )
}

/// Lists the events and their releases, oldest first.
pub(super) fn list(directory: &Path, out: &mut impl Write) -> Result<(), SchemasError> {
    let all = read_all(directory)?;
    if all.is_empty() {
        writeln!(out, "{} has no schemas yet. `telemetry-collector schemas add FILE` adds them.", directory.display())?;
    }
    for (_, history) in all {
        writeln!(out, "{}", history.event())?;
        for release in history.releases() {
            let bits = release.schema.bits();
            writeln!(out, "  {:<12} {}  {bits:>5} bits  {}", release.version, release.date, release.hash)?;
        }
    }
    Ok(())
}

fn added_text(history: &released::History, added: usize) -> String {
    let count = history.releases().len();
    format!("{}: {count} release{}, {added} new", history.event(), if count == 1 { "" } else { "s" })
}

/// Copies files into the directory. None is copied if one cannot be used.
pub(super) fn add(
    directory: &Path,
    files: impl Iterator<Item = PathBuf>,
    out: &mut impl Write,
) -> Result<(), SchemasError> {
    fs::create_dir_all(directory).map_err(|error| SchemasError::File { path: directory.to_owned(), error })?;
    let known = read_all(directory)?;
    let mut all = Vec::new();
    for path in files {
        let (text, new) = read(&path)?;
        let (place, earlier) = match known.iter().find(|(_, history)| history.event() == new.event()) {
            Some((place, earlier)) => (place.clone(), earlier.releases()),
            None => (directory.join(format!("{}.json", new.event())), [].as_slice()),
        };
        if let Some(lacking) = earlier.iter().find(|release| new.release(&release.hash).is_none()) {
            let (event, version) = (new.event().to_owned(), lacking.version.clone());
            return Err(SchemasError::Lacks { path, event, version });
        }
        let same = earlier.iter().filter_map(|release| Some((release, new.release(&release.hash)?)));
        let told = |release: &released::Release| format!("{} of {}", release.version, release.date);
        let mut edited = same.map(|(known, new)| (&known.hash, told(known), told(new)));
        if let Some((hash, known, told)) = edited.find(|(_, known, told)| known != told) {
            let (event, hash) = (new.event().to_owned(), hash.clone());
            let edit = Box::new(Edit { event, hash, new: told, place, known });
            return Err(SchemasError::Edited { path, edit });
        }
        let added = new.releases().len().saturating_sub(earlier.len());
        all.push((place, text, added_text(&new, added)));
    }
    for (place, text, said) in all {
        replace(&place, &text).map_err(|error| SchemasError::File { path: place, error })?;
        writeln!(out, "{said}")?;
    }
    Ok(())
}

/// Says what a release can send that an earlier one cannot, and the other way round.
pub(super) fn difference(
    directory: &Path,
    event: &str,
    old: Option<&str>,
    new: Option<&str>,
    out: &mut impl Write,
) -> Result<(), SchemasError> {
    let mut all = read_all(directory)?.into_iter().map(|(_, history)| history);
    let Some(history) = all.find(|history| history.event() == event) else {
        return Err(SchemasError::NoEvent { directory: directory.to_owned(), event: event.to_owned() });
    };
    let releases = history.releases();
    let at = |version: &str| {
        releases.iter().position(|release| release.version == version).ok_or_else(|| SchemasError::NoVersion {
            event: event.to_owned(),
            version: version.to_owned(),
            releases: releases.iter().map(|release| release.version.clone()).collect(),
        })
    };
    let newer = new.map_or(Ok(releases.len().saturating_sub(1)), at)?;
    let older = old.map_or(Ok(newer.saturating_sub(1)), at)?;
    let (Some(older), Some(newer)) = (releases.get(older), releases.get(newer)) else { return Ok(()) };
    let difference = export::difference(&older.schema, &newer.schema);
    if difference.is_empty() {
        writeln!(out, "{} and {} can send the same.", older.version, newer.version)?;
    } else {
        writeln!(out, "From {} to {}:\n{difference}", older.version, newer.version)?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<(String, released::History), SchemasError> {
    let text = fs::read_to_string(path).map_err(|error| SchemasError::File { path: path.to_owned(), error })?;
    let history = released::read(&text).map_err(|error| SchemasError::Invalid { path: path.to_owned(), error })?;
    Ok((text, history))
}

/// The files of the directory, and of the directories of applications in it.
fn read_all(directory: &Path) -> Result<Vec<(PathBuf, released::History)>, SchemasError> {
    let failed = |(path, error): (PathBuf, io::Error)| match error.kind() {
        io::ErrorKind::NotFound if path == directory => SchemasError::NoDirectory(path),
        _ => SchemasError::File { path, error },
    };
    schema_files(directory).map_err(failed)?.into_iter().map(|path| Ok((path.clone(), read(&path)?.1))).collect()
}

/// Replaces the file at once: a running collector never reads half of it.
fn replace(place: &Path, text: &str) -> io::Result<()> {
    let new = place.with_extension("new");
    let mut file = fs::File::create(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, place)
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICKSTART: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../telemetry/schemas");

    fn printed(run: impl FnOnce(&mut Vec<u8>) -> Result<(), SchemasError>) -> Result<String, String> {
        let mut out = Vec::new();
        run(&mut out).map_err(|error| error.to_string())?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn files_are_added_and_listed() {
        let directory = tempfile::tempdir().unwrap();
        let own = directory.path().join("schemas");
        let file = || [Path::new(QUICKSTART).join("init.json")].into_iter();
        assert_eq!(printed(|out| add(&own, file(), out)), Ok("init: 1 release, 1 new\n".to_owned()));
        assert_eq!(printed(|out| add(&own, file(), out)), Ok("init: 1 release, 0 new\n".to_owned()));
        let listed = printed(|out| list(&own, out)).unwrap();
        assert!(listed.starts_with("init\n  0.1.0 ") && listed.lines().count() == 2, "{listed}");
        assert_eq!(fs::read_dir(&own).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_file_that_forgets_a_release_or_is_none_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let (init, other) = (directory.path().join("init.json"), Path::new(QUICKSTART).join("cli_migrate.json"));
        let text = fs::read_to_string(Path::new(QUICKSTART).join("init.json")).unwrap();
        fs::write(&init, &text).unwrap();
        // The releases of another event, under this name.
        let forged = directory.path().join("forged");
        fs::write(&forged, fs::read_to_string(other).unwrap().replace("\"cli_migrate\"", "\"init\"")).unwrap();
        let message = printed(|out| add(directory.path(), [forged.clone()].into_iter(), out)).unwrap_err();
        assert!(message.contains("lacks release 0.1.0 of `init`"), "{message}");
        fs::write(&forged, "{}").unwrap();
        assert!(printed(|out| add(directory.path(), [forged].into_iter(), out)).is_err());
        assert_eq!(fs::read_to_string(&init).unwrap(), text);
    }

    #[test]
    fn a_release_whose_version_or_date_was_edited_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let (init, edited) = (directory.path().join("init.json"), directory.path().join("edited"));
        let text = fs::read_to_string(Path::new(QUICKSTART).join("init.json")).unwrap();
        fs::write(&init, &text).unwrap();
        let history = released::read(&text).unwrap();
        let released::Release { version, date, hash, .. } = &history.releases()[0];
        let of = |key: &str, value: &str| (format!("\"{key}\":\"{value}\""), format!("\"{key}\": \"{value}\""));
        for (key, value, other) in [("version", version.as_str(), "9.9.9"), ("date", date.as_str(), "2026-12-31")] {
            let (tight, loose) = of(key, value);
            let (new_tight, new_loose) = of(key, other);
            let changed = text.replacen(&tight, &new_tight, 1).replacen(&loose, &new_loose, 1);
            assert_ne!(changed, text);
            fs::write(&edited, changed).unwrap();
            let message = printed(|out| add(directory.path(), [edited.clone()].into_iter(), out)).unwrap_err();
            let known = format!("{} says that it is {version} of {date}", init.display());
            assert!(message.contains(hash) && message.contains(other) && message.contains(&known), "{message}");
            assert_eq!(fs::read_to_string(&init).unwrap(), text);
        }
    }

    #[test]
    fn hidden_files_are_passed_over() {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join(".git")).unwrap();
        for hidden in [".#init.json", "._init.json", ".git/init.json"] {
            fs::write(directory.path().join(hidden), "{").unwrap();
        }
        assert!(printed(|out| list(directory.path(), out)).unwrap().contains("has no schemas yet"));
    }

    #[test]
    fn a_directory_that_is_missing_or_empty_is_told() {
        let place = tempfile::tempdir().unwrap();
        let empty = printed(|out| list(place.path(), out)).unwrap();
        assert!(empty.contains("has no schemas yet"), "{empty}");
        let missing = place.path().join("schemas");
        let message = printed(|out| list(&missing, out)).unwrap_err();
        assert!(message.contains("there is no directory") && message.contains("--schemas"), "{message}");
        let reason = crate::check::Known::read(&missing).unwrap_err();
        assert_eq!(unusable(&missing, &reason), message);
    }

    #[test]
    fn releases_are_compared() {
        let of = |event, old, new| printed(|out| difference(Path::new(QUICKSTART), event, old, new, out));
        assert_eq!(of("init", None, None), Ok("0.1.0 and 0.1.0 can send the same.\n".to_owned()));
        assert!(of("init", Some("9"), None).unwrap_err().contains("no release 9; it has 0.1.0"));
        assert!(of("start", None, None).unwrap_err().contains("no file in"));
    }
}
