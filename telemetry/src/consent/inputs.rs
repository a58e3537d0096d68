//! The only file in this module that accesses the environment and the disk.
//!
//! Reading is as cheap as possible. An unset variable costs nothing; a set one costs the one allocation in which `std` returns its value.
//! Variables cost no system call, and the stored choice costs one read-only open. The executable's path is looked up only if telemetry
//! would otherwise be on.

use std::env;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use super::choice;
use super::covered::Covered;
use super::decide::{Executable, Inputs, StoredChoice, Tests, decide};
use super::declined::Declined;
use super::deletion::DeletionRequests;
use super::error::ChoiceError;
use super::names;
use super::place::NoPlace;
use super::scope::{Scope, ScopedEvent};
use super::test_path;
use crate::ci;
use crate::storage::location::is_config_named;
use crate::storage::paths::{
    CHOICE, CHOICE_BYTES, DECLINED, DECLINED_BYTES, DELETION, DELETION_BYTES, NEW_CHOICE, UNANSWERED, WITHDRAWN,
    WITHDRAWN_BYTES,
};
use crate::storage::private_file::random_name;
use crate::storage::{Author, ConfigDirectory, Version};

struct Asked<'a> {
    prefix: &'a str,
    application: &'a str,
    configured: Option<bool>,
    skip_test_check: bool,
    /// The user is waiting for the result, so everything is read, even at the cost of system calls.
    thorough: bool,
}

/// The reading steps, in order. Only the signs of a test run that cost nothing are read before the configuration.
const STEPS: [fn(&mut Inputs, &Asked<'_>); 8] = [
    |inputs, asked| inputs.variable = prefixed(asked.prefix, "_TELEMETRY"),
    |inputs, _| inputs.do_not_track = env::var_os("DO_NOT_TRACK"),
    |inputs, _| named_signs_of_a_test(&mut inputs.tests),
    |inputs, asked| inputs.configured = asked.configured,
    |inputs, _| any_binary_under_test(&mut inputs.tests),
    |inputs, _| executable_started_as_a_test(&mut inputs.tests),
    |inputs, asked| inputs.stored = stored(asked, decide(inputs).enabled),
    executable_of_what_would_be_on,
];

impl Inputs {
    /// Reads the inputs in order until one denies.
    pub(crate) fn read(prefix: &str, application: &str, configured: Option<bool>, skip_test_check: bool) -> Self {
        Self::gather(&Asked { prefix, application, configured, skip_test_check, thorough: false })
    }

    /// Reads every input, to show them to the user.
    pub(crate) fn read_all(prefix: &str, application: &str, configured: Option<bool>, skip_test_check: bool) -> Self {
        Self::gather(&Asked { prefix, application, configured, skip_test_check, thorough: true })
    }

    fn gather(asked: &Asked<'_>) -> Self {
        let mut inputs = Self {
            compiled_out: cfg!(telemetry_off),
            unusable_names: names::check(asked.prefix, asked.application).is_err(),
            ..Self::default()
        };
        inputs.tests.skip = asked.skip_test_check;
        if inputs.unusable_names {
            return inputs;
        }
        inputs.debug = prefixed(asked.prefix, "_TELEMETRY_DEBUG");
        for step in STEPS {
            if inputs.denied() && !asked.thorough {
                break;
            }
            step(&mut inputs, asked);
        }
        inputs
    }
}

/// The value of the variable `<prefix><suffix>`. The name is built without an allocation.
fn prefixed(prefix: &str, suffix: &str) -> Option<OsString> {
    let mut name = [0; names::LONGEST_PREFIX + 16];
    let (start, rest) = name.split_at_mut_checked(prefix.len())?;
    start.copy_from_slice(prefix.as_bytes());
    rest.get_mut(..suffix.len())?.copy_from_slice(suffix.as_bytes());
    let name = name.get(..prefix.len() + suffix.len())?;
    env::var_os(str::from_utf8(name).ok()?)
}

fn named_signs_of_a_test(tests: &mut Tests) {
    if !tests.skip {
        tests.node_env = env::var_os("NODE_ENV");
        tests.rust_env = env::var_os("RUST_ENV");
        tests.test = env::var_os("TEST");
        tests.nextest = env::var_os("NEXTEST");
    }
}

fn any_binary_under_test(tests: &mut Tests) {
    let is_one = |name: OsString| name.as_encoded_bytes().starts_with(b"CARGO_BIN_EXE_");
    tests.cargo_bin_exe = !tests.skip && env::vars_os().any(|(name, _)| is_one(name));
}

/// Reading the first argument costs no system call, and cargo starts a test by its full path.
fn executable_started_as_a_test(tests: &mut Tests) {
    let is_test = |path: OsString| test_path::is_test(Path::new(&path));
    if !tests.skip && env::args_os().next().is_some_and(is_test) {
        tests.executable = executable();
    }
}

/// The first argument can be arbitrary, so the system is asked before telemetry is turned on.
fn executable_of_what_would_be_on(inputs: &mut Inputs, asked: &Asked<'_>) {
    let is_open = !asked.skip_test_check && inputs.tests.executable.is_none();
    if is_open && (asked.thorough || decide(inputs).enabled) {
        inputs.tests.executable = executable();
    }
}

fn executable() -> Option<Executable> {
    let path = env::current_exe().ok()?;
    let above = path.parent().and_then(Path::parent);
    let holds = |name| above.is_some_and(|above| above.join(name).is_dir());
    let in_build_directory = test_path::is_named_as_test(&path) && (holds(".fingerprint") || holds("incremental"));
    Some(Executable { path, in_build_directory })
}

/// The stored choice. Without `HOME`, the system is asked for the home directory only if the choice matters, or if the user waits for the
/// answer. A no found there counts. A yes counts only where the environment names the location: a program that does not ask the system would
/// not find it.
fn stored(asked: &Asked<'_>, otherwise_on: bool) -> StoredChoice {
    let is_searched = otherwise_on || asked.thorough;
    let find = if is_searched { ChoiceStore::find } else { ChoiceStore::find_named };
    let choice = match find(asked.application) {
        Some(store) if is_searched => store.read(),
        Some(store) => store.read_once(),
        None => StoredChoice::Absent,
    };
    if choice == StoredChoice::Enabled && !is_config_named() { StoredChoice::Absent } else { choice }
}

/// Whether this is a continuous integration run.
pub(crate) fn is_ci() -> bool {
    ci::is_known(|name| env::var_os(name))
}

/// The location of the user's stored choice for an application.
#[derive(Clone)]
pub(crate) struct ChoiceStore {
    pub(super) directory: ConfigDirectory,
}

impl ChoiceStore {
    /// Returns `None` if the user has no configuration directory.
    pub(crate) fn find(application: &str) -> Option<Self> {
        Some(Self { directory: ConfigDirectory::find(application)? })
    }

    /// Like [`find`](Self::find), but only if the environment names the location.
    pub(crate) fn find_named(application: &str) -> Option<Self> {
        Some(Self { directory: ConfigDirectory::find_named(application)? })
    }

    /// Where a yes can be stored: nowhere but where it is read.
    pub(crate) fn find_for_yes(application: &str) -> Result<Self, NoPlace> {
        if is_config_named() { Self::find_for_no(application) } else { Err(NoPlace::HomeUnset) }
    }

    /// Where a no can be stored.
    pub(crate) fn find_for_no(application: &str) -> Result<Self, NoPlace> {
        let store = Self::find(application).ok_or(NoPlace::NoHome)?;
        store.check()?;
        Ok(store)
    }

    /// Why a choice was not stored here.
    pub(crate) fn not_stored(&self, error: &io::Error) -> ChoiceError {
        match error.get_ref().and_then(|why| why.downcast_ref::<NoPlace>()) {
            Some(why) => why.clone().into(),
            None => self.examine().map_or_else(ChoiceError::from, |()| ChoiceError::Write(error.kind())),
        }
    }

    fn open_to_others(&self) -> io::Error {
        let path = self.directory.directory().to_owned();
        io::Error::new(io::ErrorKind::PermissionDenied, NoPlace::OpenToOthers { path })
    }

    /// Like [`check`](Self::check), with what only an attempt shows for certain.
    pub(super) fn examine(&self) -> Result<(), NoPlace> {
        self.check()?;
        self.directory.unwritable().map_or(Ok(()), |path| Err(NoPlace::NotWritable { path: path.to_owned() }))
    }

    /// Why nothing can be stored here, as far as that can be told without writing.
    pub(crate) fn check(&self) -> Result<(), NoPlace> {
        if self.is_another_users() {
            Err(NoPlace::AnotherUsersHome)
        } else if !self.directory.has_home() {
            Err(NoPlace::NoHome)
        } else if let Some(path) = self.directory.obstruction() {
            Err(NoPlace::NotADirectory { path: path.to_owned() })
        } else if self.directory.is_directory(CHOICE) {
            Err(NoPlace::IsADirectory { path: self.file() })
        } else {
            Ok(())
        }
    }

    /// Reads the choice. A choice behind a dangling link cannot be found now, but may be a no.
    pub(crate) fn read(&self) -> StoredChoice {
        match self.read_once() {
            StoredChoice::Absent if self.directory.leads_nowhere(CHOICE) => StoredChoice::Unreadable,
            choice => choice,
        }
    }

    /// Reads the choice with one read-only open. This is enough if nothing else says yes.
    fn read_once(&self) -> StoredChoice {
        match self.directory.read_open(CHOICE, choice::DECISIVE) {
            Ok(Some((bytes, file))) => choice::parse(&bytes).by(|| Author::of(&file)),
            Ok(None) => StoredChoice::Absent,
            Err(_) => StoredChoice::Unreadable,
        }
    }

    /// What the stored choice covers, if it is a yes.
    pub(crate) fn covered(&self) -> Covered {
        self.read_all().1
    }

    /// The choice and what it covers, from one reading. The choice is as [`read`](Self::read) gives it.
    pub(crate) fn read_all(&self) -> (StoredChoice, Covered) {
        match self.directory.read_open(CHOICE, CHOICE_BYTES + 1) {
            Ok(Some((bytes, file))) => match choice::parse(&bytes).by(|| Author::of(&file)) {
                StoredChoice::Enabled => (StoredChoice::Enabled, choice::covered(&bytes)),
                no => (no, Covered::default()),
            },
            Ok(None) if self.directory.leads_nowhere(CHOICE) => (StoredChoice::Unreadable, Covered::default()),
            Ok(None) => (StoredChoice::Absent, Covered::default()),
            Err(_) => (StoredChoice::Unreadable, Covered::default()),
        }
    }

    /// Tells one version of the stored choice from the next.
    pub(crate) fn version(&self) -> Option<Version> {
        self.directory.version(CHOICE)
    }

    /// Stores a no atomically: a reader sees either the old or the new content, even after a crash.
    ///
    /// A no is announced to running programs by a new marker, so none of them mistakes a later yes for the earlier one. The marker changes
    /// before the choice does, so that it is on disk whenever the no is. It changes again afterwards, for a program that started between the
    /// two steps.
    pub(crate) fn refuse(&self) -> io::Result<()> {
        // A no counts even if its marker cannot be written.
        let _ = self.mark_withdrawal();
        self.directory.replace(CHOICE, NEW_CHOICE, choice::DISABLED.as_bytes())?;
        let _ = self.mark_withdrawal();
        self.mark_deletion_due();
        self.forget_questions();
        // If it remains, it only keeps a later question from being put.
        let _ = self.directory.remove(DECLINED);
        Ok(())
    }

    /// Stores a yes to these events, atomically. It is added to an earlier yes.
    pub(crate) fn agree(&self, scope: &Scope) -> io::Result<()> {
        self.store_yes(scope, |_| true).map(|_| ())
    }

    /// Adds these events to a stored yes, and returns whether there is one: a no that was stored in the meantime stays.
    pub(crate) fn agree_to_more(&self, scope: &Scope) -> io::Result<bool> {
        self.store_yes(scope, |before| before == StoredChoice::Enabled)
    }

    /// The earlier choice is read while no other program can replace it, where files can be locked.
    fn store_yes(&self, scope: &Scope, may_follow: impl FnOnce(StoredChoice) -> bool) -> io::Result<bool> {
        let mut was = StoredChoice::NotRead;
        let is_stored = self.directory.update(CHOICE, NEW_CHOICE, || {
            let (before, mut covered) = self.read_all();
            was = before;
            covered.add(scope);
            may_follow(before).then(|| choice::yes(&covered).into_bytes())
        })?;
        if is_stored {
            // Where every file can be written by others, no yes would count. Nor may it count later, when they no longer can.
            if self.read_once() == StoredChoice::Foreign {
                match was {
                    StoredChoice::Disabled => {
                        self.directory.replace(CHOICE, NEW_CHOICE, choice::DISABLED.as_bytes())?
                    }
                    _ => self.directory.remove(CHOICE)?,
                }
                return Err(self.open_to_others());
            }
            self.forget_questions();
        }
        Ok(is_stored)
    }

    /// The schemas that the user declined after a yes.
    pub(crate) fn declined(&self) -> Declined {
        self.directory
            .read(DECLINED, DECLINED_BYTES)
            .ok()
            .flatten()
            .map_or_else(Declined::default, |bytes| Declined::parse(&bytes))
    }

    /// Stores that the user declined these events. The choice is not touched: so this cannot undo a no that is stored at the same time.
    pub(crate) fn decline(&self, events: &[ScopedEvent]) -> io::Result<()> {
        self.directory.update(DECLINED, NEW_CHOICE, || {
            let mut declined = self.declined();
            declined.add(events);
            Some(declined.text().into_bytes())
        })?;
        self.forget_questions();
        Ok(())
    }

    pub(super) fn deletion_requests(&self) -> io::Result<DeletionRequests> {
        let read = self.directory.read(DELETION, DELETION_BYTES)?;
        Ok(read.map_or_else(DeletionRequests::default, |bytes| DeletionRequests::parse(&bytes)))
    }

    /// Changes the requests for deletion. They are written if `change` returns `true`. Requests that cannot be read stay as they are.
    pub(super) fn change_deletion_requests(
        &self,
        change: impl FnOnce(&mut DeletionRequests) -> bool,
    ) -> io::Result<()> {
        let mut unread = Ok(());
        self.directory.update(DELETION, NEW_CHOICE, || self.changed_requests(change, &mut unread))?;
        unread
    }

    /// Changes nothing where two processes could do so at once.
    pub(super) fn change_deletion_requests_alone(
        &self,
        change: impl FnOnce(&mut DeletionRequests) -> bool,
    ) -> io::Result<()> {
        let mut unread = Ok(());
        self.directory.update_alone(DELETION, NEW_CHOICE, || self.changed_requests(change, &mut unread))?;
        unread
    }

    /// Forgets all requests for deletion, also those that are due.
    pub(super) fn forget_deletion(&self) -> io::Result<()> {
        self.directory.remove(DELETION)
    }

    fn changed_requests(
        &self,
        change: impl FnOnce(&mut DeletionRequests) -> bool,
        unread: &mut io::Result<()>,
    ) -> Option<Vec<u8>> {
        match self.deletion_requests() {
            Ok(mut requests) => change(&mut requests).then(|| requests.text().into_bytes()),
            Err(error) => {
                *unread = Err(error);
                None
            }
        }
    }

    fn mark_withdrawal(&self) -> io::Result<()> {
        self.directory.replace(WITHDRAWN, NEW_CHOICE, random_name("")?.as_bytes())
    }

    /// The marker of the latest no, if there was one.
    pub(crate) fn withdrawal(&self) -> io::Result<Option<Withdrawal>> {
        Ok(self.directory.read(WITHDRAWN, WITHDRAWN_BYTES)?.map(Withdrawal))
    }

    /// How often the user was asked without answering.
    pub(crate) fn unanswered(&self) -> io::Result<u64> {
        self.directory.length(UNANSWERED)
    }

    /// Counts one more question as one byte, so that the count cannot be corrupted. It runs before the answer, since Ctrl-C ends the
    /// process.
    ///
    /// # Errors
    ///
    /// Also where others can write to every file, so that no yes would count.
    pub(crate) fn count_asking(&self) -> io::Result<()> {
        self.directory.append(UNANSWERED, b".")?;
        let counted = self.directory.read_open(UNANSWERED, 0)?;
        if counted.is_some_and(|(_, file)| Author::of(&file) == Author::Anybody) {
            self.forget_questions();
            return Err(self.open_to_others());
        }
        Ok(())
    }

    /// Forgets how often the user was asked. If the count remains, a later question only turns into a no sooner.
    pub(crate) fn forget_questions(&self) {
        let _ = self.directory.remove(UNANSWERED);
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.directory.path(CHOICE)
    }

    pub(super) fn deletion_file(&self) -> PathBuf {
        self.directory.path(DELETION)
    }

    /// Whether root runs in another user's home, where it stores nothing.
    pub(crate) fn is_another_users(&self) -> bool {
        self.directory.is_another_users()
    }
}

/// Distinguishes a stored no from an earlier one. It stays when a yes follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Withdrawal(Vec<u8>);

#[cfg(test)]
impl ChoiceStore {
    pub(crate) fn at(directory: &Path) -> Self {
        Self { directory: ConfigDirectory::at(directory.join("acme")) }
    }

    /// Stores a choice. A yes covers nothing more than before.
    pub(crate) fn write(&self, enabled: bool) -> io::Result<()> {
        if enabled { self.agree(&Scope::new()) } else { self.refuse() }
    }
}

#[cfg(test)]
mod tests;
