//! `schemas difference`.

use std::io::Write;
use std::path::{Path, PathBuf};

use telemetry::export::{self, released};

use super::schemas::{SchemasError, read_all};

/// Says what a release can send that an earlier one cannot, and the other way round.
pub(super) fn difference(
    directory: &Path,
    event: &str,
    old: Option<&str>,
    new: Option<&str>,
    out: &mut impl Write,
) -> Result<(), SchemasError> {
    let all = read_all(directory)?;
    let releases = releases_of(event, &all);
    if releases.is_empty() {
        return Err(SchemasError::NoEvent { directory: directory.to_owned(), event: event.to_owned() });
    }
    let of_version = |version: &str| {
        let found: Vec<Placed<'_>> =
            releases.iter().filter(|placed| placed.release.version == version).copied().collect();
        if found.is_empty() { Err(no_version(event, version, &releases)) } else { Ok(found) }
    };
    let newer = new.map_or_else(|| Ok(releases.last().copied().into_iter().collect()), of_version)?;
    let older = old.map(of_version).transpose()?;
    for newer in newer {
        let older = match &older {
            Some(older) => older.iter().min_by_key(|older| older.path != newer.path).copied().unwrap_or(newer),
            None => newer.before(&releases),
        };
        let (from, to) = (older.text(&releases), newer.text(&releases));
        let difference = export::difference(&older.release.schema, &newer.release.schema);
        if difference.is_empty() {
            writeln!(out, "{from} and {to} can send the same.")?;
        } else {
            writeln!(out, "From {from} to {to}:\n{difference}")?;
        }
    }
    Ok(())
}

/// A release, and the file that it is in.
#[derive(Clone, Copy)]
struct Placed<'h> {
    path: &'h Path,
    release: &'h released::Release,
}

impl Placed<'_> {
    /// The one before it in its file; itself if it is the first.
    fn before(self, releases: &[Self]) -> Self {
        let own = releases.iter().filter(|other| other.path == self.path);
        own.take_while(|other| other.release.hash != self.release.hash).last().copied().unwrap_or(self)
    }

    /// Its version, with the file if another one is called so, too.
    fn text(self, releases: &[Self]) -> String {
        let version = &self.release.version;
        let is_alone = releases.iter().filter(|other| other.release.version == *version).count() == 1;
        if is_alone { version.clone() } else { format!("{version} ({})", self.path.display()) }
    }
}

/// The releases of an event in all of its files, the oldest first.
fn releases_of<'h>(event: &str, all: &'h [(PathBuf, released::History)]) -> Vec<Placed<'h>> {
    let of_event = all.iter().filter(|(_, history)| history.event() == event);
    let placed =
        of_event.flat_map(|(path, history)| history.releases().iter().map(move |release| Placed { path, release }));
    let mut releases: Vec<Placed<'_>> = placed.collect();
    releases.sort_by(|one, other| one.release.date.cmp(&other.release.date));
    releases
}

fn no_version(event: &str, version: &str, releases: &[Placed<'_>]) -> SchemasError {
    let mut known: Vec<String> = Vec::new();
    for Placed { release, .. } in releases {
        if !known.contains(&release.version) {
            known.push(release.version.clone());
        }
    }
    SchemasError::NoVersion { event: event.to_owned(), version: version.to_owned(), releases: known }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::schemas::tests::{QUICKSTART, printed, release};
    use super::*;

    #[test]
    fn releases_are_compared() {
        let of = |event, old, new| printed(|out| difference(Path::new(QUICKSTART), event, old, new, out));
        assert_eq!(of("init", None, None), Ok("0.1.0 and 0.1.0 can send the same.\n".to_owned()));
        assert!(of("init", Some("9"), None).unwrap_err().contains("no release 9; it has 0.1.0"));
        assert!(of("start", None, None).unwrap_err().contains("no file in"));
    }

    #[test]
    fn releases_of_all_files_of_an_event_are_compared() {
        let place = tempfile::tempdir().unwrap();
        let own = place.path();
        release(&own.join("one/run.json"), "a", 1);
        // Another application, with a later release beside the first one.
        let other = release(&own.join("other/run.json"), "b", 2);
        let text = fs::read_to_string(&other).unwrap().replace("\"1.0.0\"", "\"1.5.0\"");
        fs::write(&other, text).unwrap();
        let of = |old, new| printed(|out| difference(own, "run", old, new, out));
        let between = of(Some("1.0.0"), Some("2.0.0")).unwrap();
        assert!(between.starts_with("From 1.0.0 to 2.0.0:\n") && between.contains("b2"), "{between}");
        assert!(of(None, None).unwrap().starts_with("From 1.5.0 to 2.0.0:\n"));
        assert!(of(Some("9"), None).unwrap_err().ends_with("has no release 9; it has 1.0.0, 1.5.0, 2.0.0"));
    }

    #[test]
    fn a_release_is_compared_with_one_of_its_own_file() {
        let place = tempfile::tempdir().unwrap();
        let own = place.path();
        let files = ["one", "other"].map(|name| own.join(name).join("run.json"));
        release(&files[0], "a", 2);
        release(&files[1], "b", 2);
        let of = |old, new| printed(|out| difference(own, "run", old, new, out)).unwrap();
        let [one, other] = files.map(|file| {
            let file = file.display();
            format!("From 1.0.0 ({file}) to 2.0.0 ({file}):\n")
        });
        let newest = of(None, None);
        assert!(newest.starts_with(&other) && newest.contains("b2") && !newest.contains("a1"), "{newest}");
        assert_eq!(of(Some("1.0.0"), None), newest);
        for between in [of(Some("1.0.0"), Some("2.0.0")), of(None, Some("2.0.0"))] {
            assert!(between.starts_with(&one) && between.ends_with(&newest), "{between}");
            assert!(between.contains("a2") && !between.contains("a1") && !between.contains("b1"), "{between}");
        }
        let unknown = printed(|out| difference(own, "run", Some("9"), None, out)).unwrap_err();
        assert!(unknown.ends_with("has no release 9; it has 1.0.0, 2.0.0"), "{unknown}");
    }
}
