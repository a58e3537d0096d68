use std::io::Read as _;

use super::*;

fn state() -> (tempfile::TempDir, StateDirectory) {
    let home = tempfile::tempdir().unwrap();
    let state = StateDirectory::at(home.path().join("acme/telemetry"));
    (home, state)
}

#[test]
fn the_salt_is_made_once_and_is_the_same_for_all() {
    let (_home, state) = state();
    assert!(state.read_salt().is_err() && !state.is_there());
    let keys: Vec<[u8; 32]> = std::thread::scope(|scope| {
        let one = || scope.spawn(|| state.salt().unwrap().key("test", &[]));
        let threads: Vec<_> = (0..8).map(|_| one()).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(keys.iter().all(|key| *key == keys[0]));
    assert_eq!(state.names(""), ["salt"]);
    let (_other_home, other) = self::state();
    assert_ne!(other.salt().unwrap().key("test", &[]), keys[0]);
}

#[test]
fn a_salt_that_is_not_whole_is_made_anew() {
    let (_home, state) = state();
    state.make().unwrap();
    for bytes in [&b""[..], &[1; 31], &[1; 33], &[1; 100]] {
        fs::write(state.path("salt"), bytes).unwrap();
        state.salt().unwrap();
        assert_eq!(fs::read(state.path("salt")).unwrap().len(), 32);
    }
}

#[test]
fn keys_differ_by_purpose_and_by_what_they_are_bound_to() {
    let (_home, state) = state();
    let salt = state.salt().unwrap();
    let mut keys = vec![
        salt.key("spool", &["acme", "https://a"]),
        salt.key("spool", &["acme", "https://b"]),
        salt.key("spool", &["acm", "ehttps://a"]),
        salt.key("spool", &["acmehttps://a"]),
        salt.key("id", &["acme", "https://a"]),
    ];
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), 5);
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
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&state.directory), 0o700);

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

    fs::set_permissions(&state.directory, fs::Permissions::from_mode(0o777)).unwrap();
    assert!(!state.is_there());
    assert!(state.make().is_err());

    let linked = StateDirectory::at(home.path().join("linked"));
    symlink(home.path().join("acme"), &linked.directory).unwrap();
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
