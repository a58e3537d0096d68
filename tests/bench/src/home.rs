//! A process and a home of its own for a benchmark, so that nothing of the user's is touched, and nothing of theirs plays a part.

use std::error::Error;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// Set in the process that has a home of its own.
const SET: &str = "TELEMETRY_BENCH_HOME";

/// A home, and what starts a program that knows of nothing else.
pub struct Home(TempDir);

impl Home {
    /// An empty one.
    ///
    /// # Errors
    ///
    /// If no directory can be made.
    pub fn new() -> std::io::Result<Self> {
        tempfile::tempdir().map(Self)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// A program that starts in this home, with an empty environment.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("HOME", self.0.path()).current_dir(self.0.path());
        command
    }

    /// The same for a program that does the work of a benchmark, and finds valgrind.
    pub(crate) fn for_work(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = self.command(program);
        command.env(SET, "1").envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command
    }
}

/// Does the work in a process with a home of its own.
///
/// # Errors
///
/// If there can be none, or the work fails.
pub fn of_its_own(work: impl FnOnce() -> Result<(), Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    if std::env::var_os(SET).is_some() {
        return work();
    }
    let home = Home::new()?;
    let mut command = home.for_work(std::env::current_exe()?);
    command.args(std::env::args_os().skip(1));
    if command.status()?.success() { Ok(()) } else { Err("the benchmark failed".into()) }
}
