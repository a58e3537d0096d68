//! The one file of this module that touches the environment and the disk.
//!
//! What is read costs as little as it can. A variable that is not set costs nothing; one that is set costs the one
//! allocation in which `std` returns its value. No variable costs a system call, the stored choice costs one
//! read-only open, and the executable's path is asked for only when all else would switch telemetry on.

use std::env;
use std::ffi::OsString;
use std::io;
use std::path::Path;

use super::choice;
use super::decide::{Executable, Inputs, StoredChoice, Tests, decide};
use super::names;
use super::test_path;
use crate::ci;
use crate::storage::ConfigDirectory;
use crate::storage::paths::{CHOICE, NEW_CHOICE, UNANSWERED};

struct Asked<'a> {
    prefix: &'a str,
    application: &'a str,
    configured: Option<bool>,
    skip_test_check: bool,
    /// A person waits for the answer, so everything is read, and may cost system calls.
    thorough: bool,
}

/// What is read, in order. Of the signs of a test only those that cost nothing come before the configuration.
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
    /// Reads one input after the other until one denies.
    pub(crate) fn read(prefix: &str, application: &str, configured: Option<bool>, skip_test_check: bool) -> Self {
        Self::gather(&Asked { prefix, application, configured, skip_test_check, thorough: false })
    }

    /// Reads every input, for a person who asked for it.
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

/// The value of the variable `<prefix><suffix>`; its name is put together without an allocation.
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

/// The first argument costs no system call, and cargo starts a test by its whole path.
fn executable_started_as_a_test(tests: &mut Tests) {
    let is_test = |path: OsString| test_path::is_test(Path::new(&path));
    if !tests.skip && env::args_os().next().is_some_and(is_test) {
        tests.executable = executable();
    }
}

/// The first argument may be anything, so the system is asked before telemetry is on.
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
    let in_build_directory = test_path::is_in_deps(&path) && (holds(".fingerprint") || holds("incremental"));
    Some(Executable { path, in_build_directory })
}

/// Without `HOME`, the home that the system knows is looked for only when the choice matters. So a no is found wherever it is stored, and
/// everything that asks decides alike.
fn stored(asked: &Asked<'_>, otherwise_on: bool) -> StoredChoice {
    let find = if otherwise_on { ChoiceStore::find } else { ChoiceStore::find_named };
    match find(asked.application) {
        Some(store) if otherwise_on => store.read(),
        Some(store) => store.read_once(),
        None => StoredChoice::Absent,
    }
}

/// Whether this is a run of continuous integration.
pub(crate) fn is_ci() -> bool {
    ci::is_known(|name| env::var_os(name))
}

/// Where the choice of an application's user is kept.
#[derive(Clone)]
pub(crate) struct ChoiceStore {
    directory: ConfigDirectory,
}

impl ChoiceStore {
    /// Nothing when the user has no configuration directory.
    pub(crate) fn find(application: &str) -> Option<Self> {
        Some(Self { directory: ConfigDirectory::find(application)? })
    }

    /// As [`find`](Self::find), if the environment says where it lies. A yes is stored nowhere else, since it would not be read.
    pub(crate) fn find_named(application: &str) -> Option<Self> {
        Some(Self { directory: ConfigDirectory::find_named(application)? })
    }

    /// Reads the choice. One that cannot be found now, behind a link that leads nowhere, may be a no.
    pub(crate) fn read(&self) -> StoredChoice {
        match self.read_once() {
            StoredChoice::Absent if self.directory.leads_nowhere(CHOICE) => StoredChoice::Unreadable,
            choice => choice,
        }
    }

    /// Reads the choice with one read-only open, which is enough where nothing else says yes.
    fn read_once(&self) -> StoredChoice {
        match self.directory.read(CHOICE, choice::LONGEST + 1) {
            Ok(Some(bytes)) => choice::parse(&bytes),
            Ok(None) => StoredChoice::Absent,
            Err(_) => StoredChoice::Unreadable,
        }
    }

    /// Stores a choice: it is read as it was or as it will be, also after a crash.
    pub(crate) fn write(&self, enabled: bool) -> io::Result<()> {
        self.directory.replace(CHOICE, NEW_CHOICE, choice::text(enabled).as_bytes())?;
        // A count that stays behind only brings a later question to its no.
        let _ = self.directory.remove(UNANSWERED);
        Ok(())
    }

    /// How often the user was asked and has not answered.
    pub(crate) fn unanswered(&self) -> io::Result<u64> {
        self.directory.length(UNANSWERED)
    }

    /// Counts one more question: one byte each, so that the count cannot be corrupt. It is counted before the answer, since Ctrl-C ends the process.
    pub(crate) fn count_asking(&self) -> io::Result<()> {
        self.directory.append(UNANSWERED, b".")
    }

    /// Whether this is root in the home of another user, where it stores nothing.
    pub(crate) fn is_another_users(&self) -> bool {
        self.directory.is_another_users()
    }
}

#[cfg(test)]
impl ChoiceStore {
    pub(crate) fn at(directory: &Path) -> Self {
        Self { directory: ConfigDirectory::at(directory.join("acme")) }
    }

    pub(crate) fn file(&self) -> std::path::PathBuf {
        self.directory.path(CHOICE)
    }
}

#[cfg(test)]
mod tests;
