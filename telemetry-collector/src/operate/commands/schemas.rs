//! `schemas list` and `add`.

use std::cmp::Reverse;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use telemetry::export::released;

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
        "{}: it lacks release {version} of `{event}`, which {} has, so that events of that release could not be checked \
         any more; add a file that has all releases, or, if another application sends this event as well, copy its file \
         into a directory of its own in that of the schemas",
        path.display(), known.display()
    )]
    Lacks {
        /// The file.
        path: PathBuf,
        /// The file that has the release.
        known: PathBuf,
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
    /// The name that the file of an event would get is that of a file of another event.
    #[error("{} holds the schemas of `{other}`, and `{event}` would get this name; rename that file first", place.display())]
    Taken {
        /// The file.
        place: PathBuf,
        /// The event that it is of.
        other: String,
        /// The event without a file.
        event: String,
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
    /// The file that has the release already, and the version and the date in it.
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

/// A file of the directory, or one that is about to be copied into it.
struct Earlier {
    /// The file to read: until it is copied, the one that was given.
    path: PathBuf,
    /// The file in the directory.
    place: PathBuf,
    history: released::History,
}

impl Earlier {
    /// The releases that another file of the event lacks.
    fn lacking(&self, new: &released::History) -> impl Iterator<Item = &released::Release> {
        self.history.releases().iter().filter(|release| new.release(&release.hash).is_none())
    }

    /// The releases of which another file of the event tells another version or date, with what it tells.
    fn edited<'r>(
        &'r self,
        new: &'r released::History,
    ) -> impl Iterator<Item = (&'r released::Release, &'r released::Release)> {
        let both = self.history.releases().iter().filter_map(|known| Some((known, new.release(&known.hash)?)));
        both.filter(|(known, new)| (&known.version, &known.date) != (&new.version, &new.date))
    }

    /// Whether a file can take the place of this one.
    fn check(&self, path: &Path, new: &released::History) -> Result<(), SchemasError> {
        let (path, event) = (path.to_owned(), new.event().to_owned());
        if let Some(lacking) = self.lacking(new).next() {
            let (known, version) = (self.path.clone(), lacking.version.clone());
            return Err(SchemasError::Lacks { path, known, event, version });
        }
        if let Some((known, new)) = self.edited(new).next() {
            let told = |release: &released::Release| format!("{} of {}", release.version, release.date);
            let (hash, place) = (known.hash.clone(), self.path.clone());
            let edit = Box::new(Edit { event, hash, new: told(new), place, known: told(known) });
            return Err(SchemasError::Edited { path, edit });
        }
        Ok(())
    }
}

/// Which file a new one replaces. Each application may have one of the event: it is the one that the new file is a later version of, or else is
/// most like.
fn replaced(earlier: &[Earlier], new: &released::History) -> Option<usize> {
    let of_event = earlier.iter().enumerate().filter(|(_, earlier)| earlier.history.event() == new.event());
    let nearest = of_event.min_by_key(|(_, earlier)| {
        let differences = earlier.lacking(new).count() + earlier.edited(new).count();
        (differences, Reverse(earlier.history.releases().len()))
    });
    nearest.map(|(at, _)| at)
}

/// The file of an event that has none yet.
fn free(directory: &Path, event: &str, earlier: &[Earlier]) -> Result<PathBuf, SchemasError> {
    let place = directory.join(format!("{event}.json"));
    match earlier.iter().find(|earlier| earlier.place == place) {
        Some(other) => {
            Err(SchemasError::Taken { place, other: other.history.event().to_owned(), event: event.to_owned() })
        }
        None => Ok(place),
    }
}

/// Copies files into the directory. None is copied if one cannot be used.
pub(super) fn add(
    directory: &Path,
    files: impl Iterator<Item = PathBuf>,
    out: &mut impl Write,
) -> Result<(), SchemasError> {
    let known = if directory.exists() { read_all(directory)? } else { Vec::new() };
    let known = known.into_iter().map(|(path, history)| Earlier { place: path.clone(), path, history });
    let mut earlier: Vec<Earlier> = known.collect();
    let mut all = Vec::new();
    for path in files {
        let (text, new) = read(&path)?;
        let old = replaced(&earlier, &new).map(|at| earlier.remove(at));
        old.as_ref().map_or(Ok(()), |old| old.check(&path, &new))?;
        let before = old.as_ref().map_or(0, |old| old.history.releases().len());
        let said = added_text(&new, new.releases().len().saturating_sub(before));
        let place = match old {
            Some(old) => old.place,
            None => free(directory, new.event(), &earlier)?,
        };
        all.push((place.clone(), text, said));
        earlier.push(Earlier { path, place, history: new });
    }
    fs::create_dir_all(directory).map_err(|error| SchemasError::File { path: directory.to_owned(), error })?;
    for (place, text, said) in all {
        replace(&place, &text).map_err(|error| SchemasError::File { path: place, error })?;
        writeln!(out, "{said}")?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<(String, released::History), SchemasError> {
    let text = fs::read_to_string(path).map_err(|error| SchemasError::File { path: path.to_owned(), error })?;
    let history = released::read(&text).map_err(|error| SchemasError::Invalid { path: path.to_owned(), error })?;
    Ok((text, history))
}

/// The files of the directory, and of the directories of applications in it.
pub(super) fn read_all(directory: &Path) -> Result<Vec<(PathBuf, released::History)>, SchemasError> {
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
pub(super) mod tests {
    use super::*;

    pub(in super::super) const QUICKSTART: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../telemetry/schemas");

    pub(in super::super) fn printed(
        run: impl FnOnce(&mut Vec<u8>) -> Result<(), SchemasError>,
    ) -> Result<String, String> {
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
    fn a_file_of_another_event_under_the_name_is_not_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let place = directory.path().join("init.json");
        fs::copy(Path::new(QUICKSTART).join("cli_migrate.json"), &place).unwrap();
        let file = [Path::new(QUICKSTART).join("init.json")].into_iter();
        let message = printed(|out| add(directory.path(), file, out)).unwrap_err();
        assert!(
            message.ends_with(
                "holds the schemas of `cli_migrate`, and `init` would get this name; rename that file first"
            ),
            "{message}"
        );
        assert!(fs::read_to_string(place).unwrap().contains("cli_migrate"));
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

    /// Writes the file of an application whose releases of `run` have one flag more each.
    pub(in super::super) fn release(path: &Path, application: &str, releases: usize) -> PathBuf {
        let line = |at: usize, since: &str| format!(r#"{{"path":"{application}{at}","is":"flag","bits":1{since}}}"#);
        let schema = |lines: &[String]| format!(r#"[{{"path":"","is":"group"}},{},{{"end":""}}]"#, lines.join(","));
        let (mut lines, mut since, mut told) = (Vec::new(), Vec::new(), Vec::new());
        for at in 1..=releases {
            lines.push(line(at, ""));
            since.push(line(at, &if at > 1 { format!(r#","since":"{at}.0.0""#) } else { String::new() }));
            let released = telemetry::schema::Released::from_json(&schema(&lines)).unwrap();
            let (bits, hash) = (released.bits(), released.hash());
            told.push(format!(r#"{{"version":"{at}.0.0","date":"2026-11-2{at}","bits":{bits},"hash":"{hash}"}}"#));
        }
        let (told, schema) = (told.join(","), schema(&since));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!(r#"{{"format":1,"event":"run","releases":[{told}],"schema":{schema}}}"#)).unwrap();
        path.to_owned()
    }

    #[test]
    fn of_two_files_of_one_event_none_displaces_the_releases_of_the_other() {
        let place = tempfile::tempdir().unwrap();
        let own = place.path().join("schemas");
        let file = |name: &str, application, releases| release(&place.path().join(name), application, releases);
        let (one, other) = (file("one/run.json", "a", 1), file("other/run.json", "b", 1));
        let later = file("later/run.json", "a", 2);
        for (first, second, lacked) in [(&one, &other, "1.0.0"), (&other, &one, "1.0.0"), (&later, &one, "2.0.0")] {
            let message = printed(|out| add(&own, [first, second].into_iter().cloned(), out)).unwrap_err();
            let told = format!("lacks release {lacked} of `run`, which {} has", first.display());
            assert!(message.starts_with(&format!("{}: ", second.display())), "{message}");
            assert!(message.contains(&told) && message.contains("a directory of its own"), "{message}");
            assert!(!own.exists(), "nothing is copied");
        }
        let said = "run: 1 release, 1 new\nrun: 2 releases, 1 new\n";
        assert_eq!(printed(|out| add(&own, [one, later.clone()].into_iter(), out)), Ok(said.to_owned()));
        assert_eq!(fs::read(own.join("run.json")).unwrap(), fs::read(later).unwrap());
    }

    #[test]
    fn a_file_replaces_that_of_its_own_application() {
        let place = tempfile::tempdir().unwrap();
        let own = place.path().join("schemas");
        let known = ["one", "other"].map(|name| own.join(name).join("run.json"));
        release(&known[0], "a", 1);
        release(&known[1], "b", 1);
        let file = |name: &str, application, releases| release(&place.path().join(name), application, releases);
        let (a2, b2, b3, c1) = (file("a2", "a", 2), file("b2", "b", 2), file("b3", "b", 3), file("c1", "c", 1));
        let adds = |files: &[&PathBuf]| printed(|out| add(&own, files.iter().copied().cloned(), out));
        let are = |files: [&PathBuf; 2]| {
            assert_eq!(known.each_ref().map(|path| fs::read(path).unwrap()), files.map(|path| fs::read(path).unwrap()))
        };
        let before = file("a1", "a", 1);
        assert_eq!(adds(&[&b2]), Ok("run: 2 releases, 1 new\n".to_owned()));
        are([&before, &b2]);
        assert!(adds(&[&b3, &c1]).unwrap_err().contains("lacks release 1.0.0 of `run`"));
        are([&before, &b2]);
        assert_eq!(adds(&[&b3, &a2]), Ok("run: 3 releases, 1 new\nrun: 2 releases, 1 new\n".to_owned()));
        are([&a2, &b3]);
        assert_eq!(fs::read_dir(&own).unwrap().count(), 2, "no file of the event is beside the directories");
        // Both applications released the same, on different days.
        for (path, releases) in [(&known[1], 1), (&b2, 2)] {
            release(path, "a", releases);
            fs::write(path, fs::read_to_string(path).unwrap().replace("2026-11-21", "2026-10-21")).unwrap();
        }
        release(&known[0], "a", 1);
        assert_eq!(adds(&[&b2]), Ok("run: 2 releases, 1 new\n".to_owned()));
        are([&before, &b2]);
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
}
