//! Tests the stored choice on disk. Inputs from the environment are tested in child processes, see tests/it.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use proptest::prelude::*;

use super::*;

#[test]
fn a_choice_is_read_as_it_was_stored() -> io::Result<()> {
    let home = tempfile::tempdir()?;
    let store = ChoiceStore::at(home.path());
    assert_eq!(store.read(), StoredChoice::Absent);
    store.write(true)?;
    assert_eq!(store.read(), StoredChoice::Enabled);
    store.write(false)?;
    assert_eq!(store.read(), StoredChoice::Disabled);
    Ok(())
}

#[test]
fn reading_makes_nothing() -> io::Result<()> {
    let home = tempfile::tempdir()?;
    let store = ChoiceStore::at(home.path());
    assert_eq!((store.read(), store.unanswered()?), (StoredChoice::Absent, 0));
    assert_eq!(fs::read_dir(home.path())?.count(), 0);
    Ok(())
}

#[test]
fn a_choice_ends_the_count_of_unanswered_questions() -> io::Result<()> {
    let home = tempfile::tempdir()?;
    let store = ChoiceStore::at(home.path());
    store.count_asking()?;
    store.count_asking()?;
    assert_eq!((store.unanswered()?, store.read()), (2, StoredChoice::Absent));
    store.write(false)?;
    assert_eq!(store.unanswered()?, 0);
    Ok(())
}

#[test]
fn a_reader_sees_the_old_choice_or_the_new_one() -> io::Result<()> {
    let home = tempfile::tempdir()?;
    let store = ChoiceStore::at(home.path());
    store.write(true)?;
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                assert!(matches!(store.read(), StoredChoice::Enabled | StoredChoice::Disabled));
            }
        });
        let written = (0..200).try_for_each(|round| store.write(round % 2 == 0));
        done.store(true, Ordering::Relaxed);
        assert!(reader.join().is_ok());
        written
    })
}

#[test]
fn where_no_file_can_be_there_is_no_choice() -> io::Result<()> {
    let home = tempfile::tempdir()?;
    fs::write(home.path().join("acme"), b"a file, not a directory")?;
    let store = ChoiceStore::at(home.path());
    assert_eq!(store.read(), StoredChoice::Absent);
    assert!(store.write(true).is_err());
    assert!(store.count_asking().is_err());
    Ok(())
}

#[test]
fn what_cannot_be_read_is_a_denial() -> io::Result<()> {
    let home = tempfile::tempdir()?;
    let store = ChoiceStore::at(home.path());
    fs::create_dir_all(store.file())?;
    assert_eq!(store.read(), StoredChoice::Unreadable);
    assert!(store.write(true).is_err());
    Ok(())
}

#[cfg(unix)]
#[test]
fn neither_a_loop_nor_a_pipe_nor_a_device_enables_or_holds_up() -> io::Result<()> {
    use std::os::unix::fs::symlink;

    let home = tempfile::tempdir()?;
    let store = ChoiceStore::at(home.path());
    fs::create_dir_all(home.path().join("acme"))?;
    symlink(store.file(), store.file())?;
    assert_eq!(store.read(), StoredChoice::Unreadable);
    for device in ["/dev/zero", "/dev/null"] {
        fs::remove_file(store.file())?;
        symlink(device, store.file())?;
        assert_eq!(store.read(), StoredChoice::Corrupt, "{device}");
    }
    fs::remove_file(store.file())?;
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, FileType, Mode, mknodat};
        mknodat(CWD, store.file(), FileType::Fifo, Mode::RUSR, 0)?;
        assert!(matches!(store.read(), StoredChoice::Corrupt | StoredChoice::Unreadable));
    }
    Ok(())
}

/// As on a file system that has no modes.
#[cfg(unix)]
#[test]
fn that_others_can_write_to_every_file_is_told_as_the_cause() -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;

    let home = tempfile::tempdir()?;
    let store = ChoiceStore::at(home.path());
    store.count_asking()?;
    let directory = home.path().join("acme");
    fs::set_permissions(directory.join(UNANSWERED), fs::Permissions::from_mode(0o666))?;
    let error = store.not_stored(&store.count_asking().unwrap_err());
    assert_eq!(error, NoPlace::OpenToOthers { path: directory.clone() }.into());
    let told = format!(
        "the choice could not be stored: others can write to every file in {}, so a yes in it does not count; move it to a file system \
         with permissions, or set <PREFIX>_TELEMETRY to 0, or to 1 unless a no is stored",
        directory.display()
    );
    assert_eq!(error.to_string(), told);
    Ok(())
}

#[test]
fn a_name_that_cannot_be_used_has_no_place() {
    for name in ["", "..", "../acme", "a/b"] {
        assert!(ChoiceStore::find(name).is_none(), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    /// Passes arbitrary bytes through the file and the whole decision: they never panic, and never enable telemetry.
    #[test]
    fn arbitrary_bytes_in_the_file_deny(
        bytes in prop_oneof![any::<Vec<u8>>(), "(en|dis)abled[ \r\n\0a-z]{0,3}".prop_map(String::into_bytes)],
        configured: Option<bool>,
    ) {
        prop_assume!(!bytes.starts_with(b"enabled\n") && bytes != b"disabled\n");
        let home = tempfile::tempdir()?;
        let store = ChoiceStore::at(home.path());
        std::fs::create_dir_all(home.path().join("acme"))?;
        std::fs::write(store.file(), &bytes)?;
        prop_assert_eq!(store.read(), StoredChoice::Corrupt);
        let inputs = Inputs { stored: store.read(), configured, ..Inputs::default() };
        prop_assert!(!decide(&inputs).enabled);
    }
}
