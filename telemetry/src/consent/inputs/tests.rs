//! The stored choice on a disk. What comes from the environment is tested in child processes, see tests/it.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use proptest::prelude::*;

use super::*;

#[test]
fn a_choice_is_read_as_it_was_stored() -> io::Result<()> {
    let home = tempfile::tempdir()?;
    let place = Place::at(home.path());
    assert_eq!(place.read(), Stored::Absent);
    place.write(true)?;
    assert_eq!(place.read(), Stored::Enabled);
    place.write(false)?;
    assert_eq!(place.read(), Stored::Disabled);
    Ok(())
}

#[test]
fn reading_makes_nothing() -> io::Result<()> {
    let home = tempfile::tempdir()?;
    let place = Place::at(home.path());
    assert_eq!((place.read(), place.unanswered()?), (Stored::Absent, 0));
    assert_eq!(fs::read_dir(home.path())?.count(), 0);
    Ok(())
}

#[test]
fn a_choice_ends_the_count_of_unanswered_questions() -> io::Result<()> {
    let home = tempfile::tempdir()?;
    let place = Place::at(home.path());
    place.count_asking()?;
    place.count_asking()?;
    assert_eq!((place.unanswered()?, place.read()), (2, Stored::Absent));
    place.write(false)?;
    assert_eq!(place.unanswered()?, 0);
    Ok(())
}

#[test]
fn a_reader_sees_the_old_choice_or_the_new_one() -> io::Result<()> {
    let home = tempfile::tempdir()?;
    let place = Place::at(home.path());
    place.write(true)?;
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                assert!(matches!(place.read(), Stored::Enabled | Stored::Disabled));
            }
        });
        let written = (0..200).try_for_each(|round| place.write(round % 2 == 0));
        done.store(true, Ordering::Relaxed);
        assert!(reader.join().is_ok());
        written
    })
}

#[test]
fn where_no_file_can_be_there_is_no_choice() -> io::Result<()> {
    let home = tempfile::tempdir()?;
    fs::write(home.path().join("acme"), b"a file, not a directory")?;
    let place = Place::at(home.path());
    assert_eq!(place.read(), Stored::Absent);
    assert!(place.write(true).is_err());
    assert!(place.count_asking().is_err());
    Ok(())
}

#[test]
fn what_cannot_be_read_is_a_denial() -> io::Result<()> {
    let home = tempfile::tempdir()?;
    let place = Place::at(home.path());
    fs::create_dir_all(place.file())?;
    assert_eq!(place.read(), Stored::Unreadable);
    assert!(place.write(true).is_err());
    Ok(())
}

#[cfg(unix)]
#[test]
fn neither_a_loop_nor_a_pipe_nor_a_device_enables_or_holds_up() -> io::Result<()> {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    use std::os::unix::fs::symlink;

    let home = tempfile::tempdir()?;
    let place = Place::at(home.path());
    fs::create_dir_all(home.path().join("acme"))?;
    symlink(place.file(), place.file())?;
    assert_eq!(place.read(), Stored::Unreadable);
    for device in ["/dev/zero", "/dev/null"] {
        fs::remove_file(place.file())?;
        symlink(device, place.file())?;
        assert_eq!(place.read(), Stored::Corrupt, "{device}");
    }
    fs::remove_file(place.file())?;
    if cfg!(target_os = "linux") {
        mknodat(CWD, place.file(), FileType::Fifo, Mode::RUSR, 0)?;
        assert!(matches!(place.read(), Stored::Corrupt | Stored::Unreadable));
    }
    Ok(())
}

#[test]
fn a_name_that_cannot_be_used_has_no_place() {
    for name in ["", "..", "../acme", "a/b"] {
        assert!(Place::find(name, true).is_none(), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    /// Through the file and the whole decision: arbitrary bytes never panic, and never enable.
    #[test]
    fn arbitrary_bytes_in_the_file_deny(
        bytes in prop_oneof![any::<Vec<u8>>(), "(en|dis)abled[ \r\n\0a-z]{0,3}".prop_map(String::into_bytes)],
        configured: Option<bool>,
    ) {
        prop_assume!(bytes != b"enabled\n" && bytes != b"disabled\n");
        let home = tempfile::tempdir()?;
        let place = Place::at(home.path());
        private_file::replace(&place.file(), &bytes)?;
        prop_assert_eq!(place.read(), Stored::Corrupt);
        let inputs = Inputs { stored: place.read(), configured, ..Inputs::default() };
        prop_assert!(!decide(&inputs).enabled);
    }
}
