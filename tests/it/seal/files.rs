//! The page names every file that a program creates, and its directory.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rexpect::session::spawn_command;
use telemetry::client::Durability;
use telemetry::consent::Scope;
use telemetry::page::Disclosure;
use telemetry::{Consent, Telemetry, TelemetryEvent};

use super::is_alone;
use crate::home::{Home, Result, printed, wait_until};
use crate::server::{Server, free_address, url};

#[derive(TelemetryEvent)]
#[telemetry(event = "started")]
struct Started {
    by_hand: bool,
}

/// Every file below a directory, as a relative path.
fn files(root: &Path) -> BTreeSet<PathBuf> {
    fn below(root: &Path, directory: &Path, found: &mut BTreeSet<PathBuf>) {
        for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                below(root, &path, found);
            } else {
                found.insert(path.strip_prefix(root).unwrap().to_owned());
            }
        }
    }
    let mut found = BTreeSet::new();
    below(root, root, &mut found);
    found
}

/// All code spans in the section about files.
fn code_on_the_page(consent: Consent) -> Vec<String> {
    let page = Disclosure::new(consent).event::<Started>().to_markdown();
    let section = page.split("\n## ").find(|section| section.starts_with("What is kept")).unwrap();
    section.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Whether a name on the page, in which `*` matches any text, matches the file.
fn names(pattern: &str, file: &str) -> bool {
    match pattern.split_once('*') {
        Some((start, end)) => file.starts_with(start) && file.ends_with(end) && file.len() >= start.len() + end.len(),
        None => pattern == file,
    }
}

/// Asserts that each file and its directory are named.
fn assert_named(files: &BTreeSet<PathBuf>, consent: Consent) {
    let code = code_on_the_page(consent);
    let (mut name_is_missing, mut directory_is_missing) = (Vec::new(), Vec::new());
    for file in files {
        let (directory, name) = (file.parent().unwrap().to_str().unwrap(), file.file_name().unwrap().to_str().unwrap());
        let directory = directory.replace(".config", "$XDG_CONFIG_HOME").replace(".local/state", "$XDG_STATE_HOME");
        let last = |pattern: &String| pattern.rsplit('/').next().unwrap_or_default().to_owned();
        if !code.iter().any(|pattern| names(&last(pattern), name)) {
            name_is_missing.push(file);
        }
        let is_directory = |pattern: &String| {
            let pattern = pattern.trim_end_matches('/');
            pattern == directory || pattern.strip_prefix(&*directory).is_some_and(|rest| names(&rest[1..], name))
        };
        if !code.iter().any(is_directory) {
            directory_is_missing.push(file);
        }
    }
    assert!(name_is_missing.is_empty(), "not on the page: {name_is_missing:?}, but {code:?}");
    assert!(
        directory_is_missing.is_empty(),
        "their directory is not on the page: {directory_is_missing:?}, but {code:?}"
    );
}

/// Runs a program until it has created every file that it can create.
fn all_files(home: &Home) -> Result<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    let mut keep = || found.extend(files(home.path()));

    // A question that stays unanswered.
    let mut session = spawn_command(home.consent("ask"), Some(60_000))?;
    session.exp_string("[y/N] ")?;
    session.send_control('d')?;
    session.exp_eof()?;
    keep();
    printed(&mut home.consent("enable"))?;
    keep();

    // Send enough events for more than one file of sent bodies; each file holds at most 40.
    let server = Server::accepting()?;
    let publish = |endpoint: &str, arguments: &str| {
        printed(&mut home.child(&format!("publish --configured=true --endpoint={endpoint} {arguments}")))
    };
    publish(&server.url(), "--events=111 --wait=60000")?;
    keep();

    // No receiver takes these events.
    publish(&url(free_address()?), "--durability=write-ahead --events=3 --wait=attempt")?;
    keep();

    // A separate process takes these events.
    publish(&server.url(), "--upload=detached --events=2 --end=return")?;
    let is_there = |name: &str| files(home.path()).iter().any(|file| file.ends_with(name));
    wait_until(|| is_there("upload.lock"))?;
    keep();
    Ok(found)
}

#[test]
fn every_file_is_on_the_page() -> Result {
    let home = Home::new()?;
    let made = all_files(&home)?;
    let names: BTreeSet<&str> = made.iter().map(|file| file.file_name().unwrap().to_str().unwrap()).collect();
    for expected in
        ["telemetry-consent", "telemetry-unanswered", "salt", "sent.ndjson", "sent-before.ndjson", "upload.lock"]
    {
        assert!(names.contains(expected), "{expected} was not made: {names:?}");
    }
    assert!(names.iter().any(|name| name.starts_with("spool-")), "{names:?}");
    assert_named(&made, Consent::new("ACME", "acme"));
    Ok(())
}

/// The platform's rules for directories change some names.
#[test]
fn the_directory_on_the_page_is_the_one_that_is_used() {
    if !is_alone("seal::files::the_directory_on_the_page_is_the_one_that_is_used") {
        return;
    }
    for application in ["acme", "AcmeCli", "Acme", "acme-cli", "acme_cli", "ACME"] {
        let home = PathBuf::from(std::env::var_os("HOME").unwrap());
        let before = files(&home);
        let consent = || Consent::new("ACME", application).skip_test_check();
        consent().enable(&Scope::new().event::<Started>()).unwrap();
        let telemetry = Telemetry::builder(consent())
            .configured(Some(true))
            .endpoint(&url(free_address().unwrap()))
            .durability(Durability::WriteAhead)
            .build();
        telemetry.publish(&Started { by_hand: true });
        drop(telemetry);
        let made: BTreeSet<PathBuf> = files(&home).difference(&before).cloned().collect();
        assert!(made.len() >= 3, "{application}: {made:?}");
        assert_named(&made, consent());
        fs::remove_dir_all(home.join(".config")).unwrap();
        fs::remove_dir_all(home.join(".local")).unwrap();
    }
}
