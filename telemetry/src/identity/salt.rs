use std::fs::{self, File, TryLockError};
use std::io;
use std::thread;
use std::time::Duration;

use crate::identity::hmac::derive;
use crate::storage::paths::{NEW_SALT, NOES_NOTED, SALT, SALT_BYTES, SALT_LENGTH as LENGTH};
use crate::storage::{No, StateDirectory, append, read_at_most, remove};

/// Number of attempts to lock a broken salt, and the pauses between them. Publishing waits for the lock, so the total is short.
const ATTEMPTS: u32 = 5;
const PAUSE: Duration = Duration::from_millis(1);

/// 32 random bytes that never leave the machine. Keys are derived from them, each for one purpose.
#[derive(Clone)]
pub(crate) struct Salt([u8; LENGTH]);

/// The content of the file: the salt, and the noes after which it was made.
///
/// A no deletes what is in the state directory that its process finds. Another one, such as that of a service, which only other variables
/// lead to, is told apart by them: what it holds was kept before the latest no unless that no is noted there.
struct Kept {
    salt: Salt,
    noted: Vec<No>,
}

impl Salt {
    /// Derives the key for a purpose, and for the values it is bound to.
    pub(crate) fn key(&self, purpose: &str, bound_to: &[&str]) -> [u8; 32] {
        derive(&self.0, purpose, bound_to)
    }

    /// A salt specific to this machine among the copies of its image, which have the same salt. Without distinguishing facts, it is
    /// unchanged.
    pub(super) fn of_machine(&self, facts: &[String]) -> Self {
        let facts: Vec<&str> = facts.iter().map(String::as_str).collect();
        if facts.is_empty() { self.clone() } else { Self(self.key("machine 1", &facts)) }
    }
}

impl Kept {
    fn read(bytes: &[u8]) -> io::Result<Self> {
        let (salt, noted) = bytes.split_first_chunk().ok_or(io::ErrorKind::InvalidData)?;
        let (noted, rest) = noted.as_chunks();
        if noted.len() > NOES_NOTED || !rest.is_empty() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(Self { salt: Salt(*salt), noted: noted.to_vec() })
    }

    fn is_from_before(&self, latest: Option<&No>) -> bool {
        latest.is_some_and(|latest| !self.noted.contains(latest))
    }
}

/// What is noted beside a new salt: the latest no, and what was noted beside the one that it replaces.
fn noted(mut earlier: Vec<No>, latest: Option<No>) -> Vec<No> {
    earlier.extend(latest);
    earlier.drain(..earlier.len().saturating_sub(NOES_NOTED));
    earlier
}

impl StateDirectory {
    /// Reads the salt, if it exists and was made after the user's latest no.
    pub(crate) fn read_salt(&self) -> io::Result<Salt> {
        let kept = self.read_kept()?;
        if kept.is_from_before(self.latest_no()?.as_ref()) {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(kept.salt)
    }

    fn read_kept(&self) -> io::Result<Kept> {
        Kept::read(&read_at_most(&self.open(SALT)?, SALT_BYTES as u64 + 1)?)
    }

    /// Reads the salt. Creates it if it is missing or has the wrong length. Concurrent processes get the same salt.
    ///
    /// If it is from before the user's latest no, everything in the directory is, and is deleted first.
    pub(crate) fn salt(&self) -> io::Result<Salt> {
        let latest = self.latest_no()?;
        let is_from_before = |kept: &Kept| kept.is_from_before(latest.as_ref());
        let earlier = match self.read_kept() {
            Ok(kept) if is_from_before(&kept) => {
                // A later no that this process has not read is heard by its permit.
                let is_due = || self.is_permitted() && self.read_kept().is_ok_and(|kept| is_from_before(&kept));
                self.erase_while(is_due).map_err(|left| left.kind)?;
                kept.noted
            }
            Ok(kept) => return Ok(kept.salt),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return self.mend_salt(&noted(Vec::new(), latest));
            }
            Err(error) => return Err(error),
        };
        self.make()?;
        self.make_salt(&noted(earlier, latest))
    }

    /// Whether [`salt`](Self::salt) could give it, as far as that can be seen without writing.
    pub(crate) fn examine_salt(&self) -> io::Result<()> {
        match self.read_kept() {
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidData) => {
                self.examine()
            }
            read => read.map(drop),
        }
    }

    /// Creates the salt under a temporary name, then gives it its final name in one atomic step, in which one process wins. This needs no
    /// lock, since not every file system supports locks.
    ///
    /// The turn is only for a process that deletes what was kept before a no: it must not take a salt that was made after a later yes.
    fn make_salt(&self, noted: &[No]) -> io::Result<Salt> {
        let _turn = self.take_turn_patiently();
        let new = NewSalt::write(self, noted)?;
        match fs::hard_link(self.path(&new.name), self.path(SALT)) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => self.write_salt(&new.bytes)?,
            _ => {}
        }
        drop(new);
        for abandoned in self.names(NEW_SALT) {
            let _ = remove(&self.path(&abandoned));
        }
        self.read_kept().map(|kept| kept.salt)
    }

    /// For file systems without hard links. A process that reads a partially written salt finds it locked.
    fn write_salt(&self, bytes: &[u8]) -> io::Result<()> {
        match self.create(SALT) {
            Ok(mut file) => {
                let _ = file.try_lock();
                append(&mut file, bytes)
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Replaces a salt of the wrong length. Processes take turns by locking the broken file.
    fn mend_salt(&self, noted: &[No]) -> io::Result<Salt> {
        let broken = self.open(SALT)?;
        lock(&broken)?;
        // The previous holder of the lock may have repaired the salt.
        if let Ok(kept) = self.read_kept() {
            return Ok(kept.salt);
        }
        let new = NewSalt::write(self, noted)?;
        fs::rename(self.path(&new.name), self.path(SALT))?;
        self.read_kept().map(|kept| kept.salt)
    }
}

/// A salt under a unique temporary name, which is removed at the end.
struct NewSalt<'a> {
    state: &'a StateDirectory,
    name: String,
    bytes: Vec<u8>,
}

impl<'a> NewSalt<'a> {
    fn write(state: &'a StateDirectory, noted: &[No]) -> io::Result<Self> {
        let (mut salt, mut random) = ([0; LENGTH], [0; 8]);
        getrandom::fill(&mut salt).and_then(|()| getrandom::fill(&mut random)).map_err(io::Error::other)?;
        let name = format!("{NEW_SALT}{}", base16ct::lower::encode_string(&random));
        let mut file = state.create(&name)?;
        let bytes = [&salt[..], noted.as_flattened()].concat();
        let new = Self { state, name, bytes };
        append(&mut file, &new.bytes)?;
        Ok(new)
    }
}

impl Drop for NewSalt<'_> {
    fn drop(&mut self) {
        let _ = remove(&self.state.path(&self.name));
    }
}

/// Locks a file that other processes of this crate hold only briefly.
fn lock(file: &File) -> io::Result<()> {
    for _ in 0..ATTEMPTS {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
            locked => return Ok(locked?),
        }
    }
    Err(io::ErrorKind::WouldBlock.into())
}

#[cfg(test)]
mod tests {

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
        let keys: Vec<[u8; 32]> = thread::scope(|scope| {
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
    fn a_salt_of_another_length_is_made_anew_and_once() {
        let (_home, state) = state();
        state.make().unwrap();
        for bytes in [&b""[..], &[1; 31], &[1; 33], &[1; 97], &[1; 112]] {
            fs::write(state.path(SALT), bytes).unwrap();
            let keys: Vec<[u8; 32]> = thread::scope(|scope| {
                let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| state.salt().map(|salt| salt.0))).collect();
                threads.into_iter().filter_map(|thread| thread.join().unwrap().ok()).collect()
            });
            assert!(keys.iter().all(|key| *key == keys[0]));
            assert_eq!(state.read_salt().unwrap().0, keys[0]);
            assert_eq!(state.names(""), ["salt"]);
        }
    }

    #[test]
    fn what_was_kept_before_the_latest_no_is_deleted_before_another_salt_is_made() {
        let (_home, state) = state();
        let before = state.salt().unwrap().0;
        drop(state.create("spool-0123.ndjson").unwrap());
        let after = state.clone().after(Some([7; 16]));
        assert_eq!(after.read_salt().err().map(|error| error.kind()), Some(io::ErrorKind::NotFound));
        after.examine_salt().unwrap();
        assert_eq!(state.names(""), ["salt", "spool-0123.ndjson"], "nothing was changed so far");
        let kept = after.salt().unwrap().0;
        assert_ne!(kept, before);
        assert_eq!(state.names(""), ["salt"]);
        assert_eq!((after.salt().unwrap().0, state.salt().unwrap().0), (kept, kept));
    }

    /// A shell and a service can have configuration directories of their own, and one state directory.
    #[test]
    fn whoever_has_said_no_in_another_place_has_the_same_salt() {
        let (_home, state) = state();
        let of = |no: u8| state.clone().after(Some([no; 16])).salt().unwrap().0;
        let (one, other) = (of(1), of(2));
        assert_ne!(one, other, "it was made before the second no");
        assert_eq!([of(1), of(2), state.salt().unwrap().0], [other; 3]);
        let (_, third, fourth) = (of(3), of(4), of(5));
        assert_ne!(third, fourth);
        assert_eq!([of(2), of(3), of(4), of(5)], [fourth; 4], "as many as are noted");
    }

    #[test]
    fn an_empty_salt_that_is_locked_holds_nothing_up() {
        let (_home, state) = state();
        state.make().unwrap();
        let held = state.create(SALT).unwrap();
        held.lock().unwrap();
        // The lock is never released, so this would not return if it waited for it.
        assert!(state.salt().is_err());
        drop(held);
        state.salt().unwrap();
    }

    #[test]
    fn what_a_killed_process_left_behind_goes_with_the_next_salt() {
        let (_home, state) = state();
        state.make().unwrap();
        drop(state.create("salt.0123456789abcdef").unwrap());
        state.salt().unwrap();
        assert_eq!(state.names(""), ["salt"]);
    }

    #[test]
    fn keys_differ_by_purpose_and_by_what_they_are_bound_to() {
        let (_home, state) = state();
        let salt = state.salt().unwrap();
        let keys = [
            salt.key("spool", &["acme", "https://a"]),
            salt.key("spool", &["acme", "https://b"]),
            salt.key("spool", &["acm", "ehttps://a"]),
            salt.key("id", &["acme", "https://a"]),
        ];
        for (at, one) in keys.iter().enumerate() {
            assert!(!keys[at + 1..].contains(one));
        }
    }
}
