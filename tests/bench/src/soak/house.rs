//! The home that programs share: its files, its uploaders, and the time that passes for them.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use super::program::APPLICATION;
use crate::home::Home;

/// A home, and the files of the programs in it.
pub struct House {
    pub home: Home,
}

impl House {
    /// An empty one.
    ///
    /// # Errors
    ///
    /// If no directory can be made.
    pub fn new() -> io::Result<Self> {
        Ok(Self { home: Home::new()? })
    }

    fn state(&self) -> PathBuf {
        self.home.path().join(".local/state").join(APPLICATION).join("telemetry")
    }

    fn choices(&self) -> PathBuf {
        self.home.path().join(".config").join(APPLICATION)
    }

    /// The names of the files that programs keep, state and choice.
    pub fn files(&self) -> Vec<String> {
        let entries =
            [self.state(), self.choices()].into_iter().flat_map(|path| fs::read_dir(path).into_iter().flatten());
        let mut names: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
        names.sort_unstable();
        names
    }

    /// The events that wait in its spool files, and the bytes of the files. An event that is being moved from one file to another is one.
    pub fn spool(&self) -> (usize, u64) {
        let (mut events, mut bytes) = (BTreeSet::new(), 0);
        for name in self.files().iter().filter(|name| name.starts_with("spool-")) {
            let text = fs::read_to_string(self.state().join(name)).unwrap_or_default();
            bytes += text.len() as u64;
            let lines: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
            let ids = |key: &str| -> BTreeSet<String> {
                lines.iter().filter_map(|line| Some(line[key].as_str()?.to_owned())).collect()
            };
            events.extend(ids("id").difference(&ids("done")).cloned());
        }
        (events.len(), bytes)
    }

    /// Makes every pause be over that a failure led to.
    pub fn end_pauses(&self) {
        for name in self.files().iter().filter(|name| name.starts_with("pause-")) {
            let _ = fs::remove_file(self.state().join(name));
        }
    }

    /// Makes the start of the last uploader this much longer ago.
    pub fn pass(&self, time: Duration) {
        let Ok(lock) = File::options().append(true).open(self.state().join("upload.lock")) else { return };
        let _ = lock.set_modified(SystemTime::now() - time);
    }

    /// The uploaders that work in this home.
    pub fn uploaders(&self) -> Vec<Pid> {
        let variable = format!("HOME={}", self.home.path().display());
        let is_one = |environment: &[u8]| {
            let mut variables = environment.split(|byte| *byte == 0);
            let is_here = variables.clone().any(|one| one == variable.as_bytes());
            is_here && variables.any(|one| one.starts_with(b"TELEMETRY_UPLOADER=upload:"))
        };
        let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
        let found = processes.filter(|process| fs::read(process.path().join("environ")).is_ok_and(|all| is_one(&all)));
        found.filter_map(|process| process.file_name().to_str()?.parse().ok().map(Pid::from_raw)).collect()
    }

    /// Kills all uploaders, and returns when.
    pub fn kill_uploaders(&self) -> Vec<Instant> {
        let killed = self.uploaders().into_iter().filter(|uploader| kill(*uploader, Signal::SIGKILL).is_ok());
        killed.map(|_| Instant::now()).collect()
    }
}
