//! Opening, refusing and copying files.

use std::fs;

use telemetry_collector::arrival::Fate;
use telemetry_collector::store::{BackupError, OpenError, Unavailable};

use super::*;

/// Whether only its owner may read and write it. Only Unix is asked: elsewhere, files have no modes.
fn is_private(path: &std::path::Path) -> bool {
    #[cfg(unix)]
    return std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).unwrap().permissions()) & 0o777 == 0o600;
    #[cfg(not(unix))]
    path.exists()
}

fn refusal(path: &std::path::Path) -> String {
    let before = fs::read(path).unwrap();
    let error = Store::open(path).map(drop).unwrap_err();
    assert_eq!(before, fs::read(path).unwrap(), "a file that is refused stays as it is");
    let name = format!("{error:?}");
    assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
    name.split(|mark: char| !mark.is_alphanumeric()).next().unwrap().to_owned()
}

#[test]
fn a_new_file_is_private_and_marked() {
    let mut kept = Kept::new();
    kept.write_one(event(&run(), 1, 1, FAST));
    for file in fs::read_dir(kept.directory.path()).unwrap() {
        let file = file.unwrap();
        assert!(is_private(&file.path()), "{}", file.path().display());
    }
    assert_eq!(kept.one::<String>("PRAGMA journal_mode"), "wal");
    kept.close();
    let head = fs::read(kept.path()).unwrap();
    assert_eq!((&head[60..64], &head[68..72]), (&[0, 0, 0, 2][..], &b"tlmc"[..]));
    assert_eq!(fs::read_dir(kept.directory.path()).unwrap().count(), 1, "nothing lies beside the file");
}

#[test]
fn an_empty_file_is_filled() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("events.db");
    fs::write(&path, "").unwrap();
    Store::open(&path).unwrap().close();
    assert!(fs::metadata(&path).unwrap().len() > 0);
}

#[test]
fn files_of_others_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let text = directory.path().join("notes.txt");
    fs::write(&text, "notes of a user that are longer than the head of a file of SQLite".repeat(9)).unwrap();
    let short = directory.path().join("short");
    fs::write(&short, "x").unwrap();
    let other = directory.path().join("other.db");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE mine (value)").unwrap();
    for path in [text, short, other] {
        assert_eq!(refusal(&path), "Foreign");
    }
    assert!(matches!(Store::open(directory.path()), Err(OpenError::Foreign(_))));
    assert!(matches!(Store::open(&directory.path().join("no/such/directory.db")), Err(OpenError::Io { .. })));
}

#[test]
fn a_file_of_a_newer_version_is_refused() {
    let mut kept = Kept::new();
    kept.close();
    Connection::open(kept.path()).unwrap().pragma_update(None, "user_version", 3).unwrap();
    assert_eq!(refusal(&kept.path()), "Newer");
}

#[test]
fn a_file_of_a_version_before_the_first_release_is_refused() {
    let mut kept = Kept::new();
    kept.close();
    Connection::open(kept.path()).unwrap().pragma_update(None, "user_version", 1).unwrap();
    assert_eq!(refusal(&kept.path()), "Older");
}

#[test]
fn a_file_of_a_newer_version_is_refused_while_its_mark_is_in_the_log() {
    let mut kept = Kept::new();
    kept.close();
    let newer = Connection::open(kept.path()).unwrap();
    newer.pragma_update(None, "user_version", 3).unwrap();
    assert_eq!(fs::read(kept.path()).unwrap()[63], 2);
    assert_eq!(refusal(&kept.path()), "Newer");
}

/// Root may write everything.
#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_written_is_refused() {
    let mut kept = Kept::new();
    kept.close();
    fs::set_permissions(kept.path(), std::os::unix::fs::PermissionsExt::from_mode(0o400)).unwrap();
    if fs::OpenOptions::new().append(true).open(kept.path()).is_ok() {
        println!("skipped: this user may write every file");
        return;
    }
    assert_eq!(refusal(&kept.path()), "ReadOnly");
}

/// Damage at any place is found when the file is opened, or when it is used, or does no harm. It never ends the program.
#[test]
fn a_damaged_file_is_an_error_and_never_a_panic() {
    let mut kept = Kept::new();
    let arrivals = (0..200).map(|number| event(&run(), number, 1, FAST)).collect();
    kept.write(arrivals);
    kept.close();
    let whole = fs::read(kept.path()).unwrap();
    let mut random = 1_u64;
    let mut next = || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(random >> 33).unwrap()
    };
    let (mut refused, mut failed) = (0, 0);
    for _ in 0..60 {
        let mut damaged = whole.clone();
        let at = next() % damaged.len();
        let length = 1 + next() % 64;
        damaged.iter_mut().skip(at).take(length).for_each(|byte| *byte ^= 0x5a);
        if next() % 8 == 0 {
            damaged.truncate(next() % whole.len());
        }
        fs::write(kept.path(), damaged).unwrap();
        let Ok(store) = Store::open(&kept.path()) else {
            refused += 1;
            continue;
        };
        match wait(store.writer().write(vec![event(&wider_run(), 1_000, 2, r#"{"by_hand":true,"wait":2,"flags":[]}"#)]))
        {
            Ok(_) | Err(Unavailable::Corrupt) => {}
            Err(_) => failed += 1,
        }
    }
    assert!(refused > 10, "{refused} refused, {failed} failed");
}

/// A request of no events asks whether events can be stored.
#[test]
fn a_file_that_is_removed_or_replaced_takes_no_events() {
    let kept = Kept::new();
    let asked = || wait(kept.store().writer().write(Vec::new()));
    let (log, aside) = (kept.directory.path().join("events.db-wal"), kept.directory.path().join("aside"));
    kept.write_one(event(&run(), 1, 1, FAST));
    assert_eq!(asked(), Ok(Vec::new()));
    for path in [kept.path(), log] {
        fs::rename(&path, &aside).unwrap();
        assert_eq!(asked(), Err(Unavailable::Replaced), "{path:?} was removed");
        let event = event(&run(), 2, 1, FAST);
        assert_eq!(wait(kept.store().writer().write(vec![event])), Err(Unavailable::Replaced));
        fs::copy(&aside, &path).unwrap();
        assert_eq!(asked(), Err(Unavailable::Replaced), "{path:?} was replaced");
        fs::rename(&aside, &path).unwrap();
        assert_eq!(asked(), Ok(Vec::new()), "{path:?} is there again");
    }
    assert_eq!(kept.write_one(event(&run(), 2, 1, FAST)), Fate::Stored);
}

/// SQLite removes the log when a file is closed, unless the file has moved.
#[test]
fn the_log_of_a_file_in_its_place_is_not_removed() {
    let mut kept = Kept::new();
    kept.write_one(event(&run(), 1, 1, FAST));
    fs::rename(kept.path(), kept.directory.path().join("aside")).unwrap();
    fs::remove_file(kept.directory.path().join("events.db-wal")).unwrap();
    fs::remove_file(kept.directory.path().join("events.db-shm")).unwrap();
    let other = Store::open(&kept.path()).unwrap();
    assert_eq!(wait(other.writer().write(vec![event(&run(), 2, 1, FAST)])), Ok(vec![Fate::Stored]));
    kept.close();
    assert!(kept.directory.path().join("events.db-wal").exists());
    assert_eq!(wait(other.writer().write(vec![event(&run(), 3, 1, FAST)])), Ok(vec![Fate::Stored]));
    other.close();
    kept.reopen(Limits::default());
    assert_eq!(kept.all::<i32>("SELECT count(*) FROM _rows_run"), [2]);
}

#[test]
fn what_is_in_a_log_that_was_removed_is_in_the_file_after_the_end() {
    let mut kept = Kept::new();
    kept.write_one(event(&run(), 1, 1, FAST));
    fs::remove_file(kept.directory.path().join("events.db-wal")).unwrap();
    kept.close();
    kept.reopen(Limits::default());
    assert_eq!(kept.all::<i32>("SELECT count(*) FROM _rows_run"), [1]);
}

#[test]
fn a_copy_is_made_while_the_store_is_written_and_can_be_opened() {
    let kept = Kept::new();
    let copy = kept.directory.path().join("copy.db");
    std::thread::scope(|scope| {
        let writing =
            scope.spawn(|| (0..300).map(|number| kept.write_one(event(&run(), number, 1, FAST))).collect::<Vec<_>>());
        kept.store().backup(&copy).unwrap();
        assert!(writing.join().unwrap().iter().all(|fate| *fate == Fate::Stored));
    });
    assert!(is_private(&copy));
    let copied = Store::open(&copy).unwrap();
    let again = wait(copied.writer().write(vec![event(&run(), 10_000, 1, FAST)])).unwrap();
    assert_eq!(again, [Fate::Stored]);
    assert!(matches!(kept.store().backup(&copy), Err(BackupError::Exists(_))));
}
