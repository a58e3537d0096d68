//! Locks the schemas of an application's events, release by release.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::SystemTime;

use crate::consent::Scope;
use crate::export::difference;
use crate::export::released::{self, History, Release};
use crate::schema::Released;

/// What a test knows beside the events.
pub(super) struct Run {
    /// The version of the package under test.
    pub(super) version: String,
    /// Today, as `YYYY-MM-DD` in UTC.
    pub(super) date: String,
    pub(super) is_update: bool,
}

/// Checks the files of these events, or writes them. The error says for each file what is wrong with it.
pub(super) fn check(scope: &Scope, directory: &Path, run: &Run) -> Result<(), String> {
    let wrong: Vec<String> = scope
        .events()
        .iter()
        .filter_map(|event| {
            let path = directory.join(format!("{}.json", event.name));
            let of_file = |problem: String| format!("{}: {problem}", path.display());
            check_event(event.name, &Released::of(event.schema()), &path, run).err().map(of_file)
        })
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n\n")) }
}

fn check_event(name: &str, current: &Released, path: &Path, run: &Run) -> Result<(), String> {
    let (text, known) = match fs::read_to_string(path) {
        Ok(text) => {
            let text = text.replace("\r\n", "\n");
            let known = released::read(&text).map_err(|error| error.to_string())?;
            (text, known)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => (String::new(), History::new(name)),
        Err(error) => return Err(format!("cannot read the file: {error}")),
    };
    if known.event() != name {
        return Err(format!("the file is that of another event; restore the file of `{name}` from version control"));
    }
    let is_new = known.release(&current.hash()).is_none();
    let newest = known.newest().cloned();
    let mut history = known;
    if is_new {
        history = history.before(&run.version);
        if history.releases().iter().any(|release| release.version == run.version) {
            return Err(format!(
                "version {} has another schema, and newer ones follow it; raise the version in Cargo.toml",
                run.version
            ));
        }
        check_breaks(&history, current)?;
        history.add(&run.version, &run.date, current.clone());
    }
    let expected = history.to_text(current);
    if expected == text {
        return Ok(());
    }
    if run.is_update {
        return write(path, &expected);
    }
    Err(if is_new { missing(name, newest.as_ref(), current, run) } else { stale(&text, &expected) })
}

/// Fails if a name of a schema that was released stands for something else now.
fn check_breaks(history: &History, current: &Released) -> Result<(), String> {
    for release in history.releases() {
        let difference = difference(&release.schema, current);
        if difference.breaks() {
            return Err(format!(
                "a name stands for something else than in version {}. Whoever has events of both versions would mistake one for \
                 the other: give the field or the event a new name.\n{difference}",
                release.version
            ));
        }
    }
    Ok(())
}

fn missing(name: &str, newest: Option<&Release>, current: &Released, run: &Run) -> String {
    let advice = "to add it, run the test with TELEMETRY_UPDATE=1 and review the change";
    let Some(newest) = newest else { return format!("no schema of `{name}` is there; {advice}") };
    let version = &newest.version;
    let replaces = if *version == run.version {
        format!(
            ". It replaces the schema of version {version}, since that is still the version of the package: if {version} is \
             released, raise the version in Cargo.toml first"
        )
    } else {
        String::new()
    };
    format!(
        "the schema of `{name}` is not there. Since version {version}:\n{}\n{advice}{replaces}",
        difference(&newest.schema, current)
    )
}

fn stale(found: &str, expected: &str) -> String {
    let difference = super::difference(found, expected).unwrap_or_default();
    format!(
        "the file is not as it is written: {difference}\nto renew it, run the test with TELEMETRY_UPDATE=1 and review the change"
    )
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let made = path.parent().map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| fs::write(path, text)).map_err(|error| format!("cannot write the file: {error}"))
}

/// The day of a time, as `YYYY-MM-DD` in UTC.
pub(super) fn day(time: SystemTime) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    // `Sun, 06 Nov 1994 08:49:37 GMT`, see RFC 9110, section 5.6.7.
    let date = httpdate::fmt_http_date(time);
    let mut words = date.split(' ').skip(1);
    let day = words.next().unwrap_or_default();
    let month = words.next().and_then(|month| MONTHS.iter().position(|name| *name == month)).unwrap_or_default() + 1;
    let year = words.next().unwrap_or_default();
    format!("{year}-{month:02}-{day}")
}

#[cfg(test)]
mod tests;
