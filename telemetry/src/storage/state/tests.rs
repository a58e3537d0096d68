use std::io::Read as _;

use super::*;
use crate::storage::read_at_most;

fn state() -> (tempfile::TempDir, StateDirectory) {
    let home = tempfile::tempdir().unwrap();
    let state = StateDirectory::at(home.path().join("acme/telemetry"));
    (home, state)
}

#[test]
fn erasing_takes_what_is_ours_and_nothing_else() {
    let (_home, state) = state();
    state.erase().unwrap();
    state.salt().unwrap();
    for name in ["spool-1.ndjson", "sent.ndjson", "sent-before.ndjson", "upload.lock", "theirs"] {
        drop(state.create(name).unwrap());
    }
    state.erase().unwrap();
    assert_eq!(state.names(""), ["theirs"]);
    remove(&state.path("theirs")).unwrap();
    state.salt().unwrap();
    state.erase().unwrap();
    assert!(!state.is_there());
}

#[test]
fn a_file_that_appears_while_the_directory_cannot_be_deleted_is_deleted_too() {
    let (_home, state) = state();
    state.make().unwrap();
    drop(state.create("theirs").unwrap());
    let mut rounds = 0;
    let late = || {
        rounds += 1;
        if rounds == 2 {
            drop(state.create("spool-late.ndjson").unwrap());
        }
    };
    state.erase_with(|| true, late).unwrap();
    assert_eq!(state.names(""), ["theirs"]);
    assert!(rounds > 2, "{rounds}");
}

#[test]
fn files_that_come_again_and_again_are_reported() {
    let (_home, state) = state();
    state.make().unwrap();
    drop(state.create("theirs").unwrap());
    let error = state.erase_with(|| true, || drop(state.create("spool-again.ndjson").unwrap())).unwrap_err();
    assert_eq!(error.path, state.path("spool-again.ndjson"));
}

#[test]
fn a_reset_takes_the_salt_and_what_depends_on_it() {
    let (_home, state) = state();
    state.reset().unwrap();
    let before = state.salt().unwrap().key("test", &[]);
    for name in ["spool-1.ndjson", "sent.ndjson", "upload.lock"] {
        drop(state.create(name).unwrap());
    }
    state.reset().unwrap();
    assert_eq!(state.names(""), ["sent.ndjson", "upload.lock"]);
    assert_ne!(state.salt().unwrap().key("test", &[]), before);
}

#[cfg(unix)]
#[test]
fn what_others_may_have_put_there_is_not_used() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let (home, state) = state();
    state.make().unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&state.location.path), 0o700);

    let target = home.path().join("target");
    fs::write(&target, "untouched").unwrap();
    symlink(&target, state.path("spool-1.ndjson")).unwrap();
    assert!(state.open("spool-1.ndjson").is_err());
    assert!(state.open_or_create("spool-1.ndjson").is_err());
    assert!(state.create("spool-1.ndjson").is_err());
    assert_eq!(fs::read_to_string(&target).unwrap(), "untouched");

    let file = state.create("sent.ndjson").unwrap();
    assert_eq!(mode(&state.path("sent.ndjson")), 0o600);
    file.set_permissions(fs::Permissions::from_mode(0o622)).unwrap();
    assert!(state.open("sent.ndjson").is_err());

    fs::set_permissions(&state.location.path, fs::Permissions::from_mode(0o777)).unwrap();
    assert!(!state.is_there());
    assert!(state.make().is_err());

    let linked = StateDirectory::at(home.path().join("linked"));
    symlink(home.path().join("acme"), &linked.location.path).unwrap();
    assert!(!linked.is_there() && linked.make().is_err());
}

#[test]
fn reading_is_bounded() {
    let (_home, state) = state();
    state.make().unwrap();
    fs::write(state.path("sent.ndjson"), [7; 100]).unwrap();
    let mut file = state.open("sent.ndjson").unwrap();
    assert_eq!(read_at_most(&file, 60).unwrap().len(), 60);
    let mut rest = Vec::new();
    file.read_to_end(&mut rest).unwrap();
    assert_eq!(rest.len(), 40);
}

/// A program that was about to delete what was kept before a no finds that a yes has followed, and a program has published.
#[cfg(unix)]
#[test]
fn what_follows_a_yes_is_not_deleted_after_an_earlier_no() {
    use std::sync::atomic::{AtomicBool, Ordering};

    let (_home, state) = state();
    state.make().unwrap();
    let (is_no, has_looked) = (AtomicBool::new(true), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let turn = state.take_turn().unwrap();
        let erasing = scope.spawn(|| {
            state.erase_while(|| {
                has_looked.store(true, Ordering::SeqCst);
                is_no.load(Ordering::SeqCst)
            })
        });
        // Nothing tells that a thread waits for its turn.
        std::thread::sleep(Duration::from_millis(20));
        drop(state.create(paths::SALT).unwrap());
        is_no.store(false, Ordering::SeqCst);
        assert!(!has_looked.load(Ordering::SeqCst), "it looks at the choice before its turn");
        drop(turn);
        erasing.join().unwrap().unwrap();
    });
    assert_eq!(state.names(""), [paths::SALT]);
}

/// The salt is the first file after a yes.
#[cfg(unix)]
#[test]
fn a_salt_is_made_in_a_turn() {
    let (_home, state) = state();
    state.make().unwrap();
    std::thread::scope(|scope| {
        let turn = state.take_turn().unwrap();
        let made = scope.spawn(|| state.salt().map(drop));
        std::thread::sleep(Duration::from_millis(20));
        assert_eq!(state.names(""), [""; 0]);
        drop(turn);
        made.join().unwrap().unwrap();
    });
    assert_eq!(state.names(""), [paths::SALT]);
}
