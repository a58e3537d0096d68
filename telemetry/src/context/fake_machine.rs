//! A machine that a test makes up.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::sync::{Arc, Mutex, mpsc};

use super::machine::Machine;

/// Has only what a test puts there.
#[derive(Clone, Default)]
pub(super) struct FakeMachine {
    pub(super) system: &'static str,
    pub(super) architecture: &'static str,
    pub(super) variables: BTreeMap<OsString, OsString>,
    pub(super) files: BTreeMap<String, Vec<u8>>,
    pub(super) release: Option<String>,
    pub(super) parallelism: Option<usize>,
    pub(super) sysctl: Option<String>,
    pub(super) is_terminal: bool,
    /// Reading this path blocks until the test is over.
    pub(super) hangs: Option<(&'static str, Arc<Mutex<mpsc::Receiver<()>>>)>,
    /// Reading this path panics.
    pub(super) panics: Option<&'static str>,
}

impl FakeMachine {
    pub(super) fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.into(), value.into());
        self
    }

    pub(super) fn with_file(mut self, path: &str, text: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.into(), text.into());
        self
    }

    /// What one detector finds on this machine.
    pub(super) fn run<T: Default>(&self, detector: impl Fn(&dyn Machine, &mut T)) -> T {
        let mut found = T::default();
        detector(self, &mut found);
        found
    }
}

impl Machine for FakeMachine {
    fn system(&self) -> &'static str {
        self.system
    }

    fn architecture(&self) -> &'static str {
        self.architecture
    }

    fn variable(&self, name: &str) -> Option<OsString> {
        self.variables.get(&OsString::from(name)).cloned()
    }

    fn file(&self, path: &str, most: u64) -> Option<Vec<u8>> {
        if self.panics == Some(path) {
            panic!("as the test demands");
        }
        if let Some((hanging, over)) = &self.hangs
            && *hanging == path
        {
            let _ = over.lock().unwrap().recv();
        }
        let bytes = self.files.get(path)?;
        Some(bytes[..bytes.len().min(most as usize)].to_owned())
    }

    fn exists(&self, path: &str) -> bool {
        self.files.keys().any(|file| file == path || file.starts_with(&format!("{path}/")))
    }

    fn release(&self) -> Option<String> {
        self.release.clone()
    }

    fn parallelism(&self) -> Option<usize> {
        self.parallelism
    }

    fn sysctl(&self, _: &[&str]) -> Option<Vec<u8>> {
        self.sysctl.clone().map(String::into_bytes)
    }

    fn is_terminal(&self) -> bool {
        self.is_terminal
    }
}
