//! A user's home, initially empty, and the processes that run in it.

use std::error::Error;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

pub(crate) type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

pub(crate) const CHILD: &str = env!("CARGO_BIN_EXE_child");

pub(crate) struct Home {
    directory: TempDir,
}

impl Home {
    pub(crate) fn new() -> Result<Self> {
        // On the file system of the child program, so that the program can be linked into the home.
        let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
        Ok(Self { directory })
    }

    pub(crate) fn with_choice(text: &str) -> Result<Self> {
        let home = Self::new()?;
        fs::create_dir_all(home.choices())?;
        fs::write(home.choice(), text)?;
        Ok(home)
    }

    /// The home of a user who has said yes to the events of the child program.
    pub(crate) fn with_yes() -> Result<Self> {
        let home = Self::new()?;
        home.says_yes()?;
        Ok(home)
    }

    /// Stores a yes to the events of the child program.
    pub(crate) fn says_yes(&self) -> Result {
        let status = self.consent("enable").stdout(Stdio::null()).status()?;
        if status.success() { Ok(()) } else { Err("the yes was not stored".into()) }
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    fn choices(&self) -> PathBuf {
        self.path().join(if cfg!(windows) { "AppData/Roaming/acme/config" } else { ".config/acme" })
    }

    pub(crate) fn choice(&self) -> PathBuf {
        self.choices().join("telemetry-consent")
    }

    /// The stored choice, if any: the first line of its file.
    pub(crate) fn stored(&self) -> Option<String> {
        let text = fs::read_to_string(self.choice()).ok()?;
        Some(text.split_inclusive('\n').next().unwrap_or_default().to_owned())
    }

    /// The directory with the state of the application.
    pub(crate) fn state(&self) -> PathBuf {
        self.path().join(if cfg!(windows) {
            "AppData/Roaming/acme/data/telemetry"
        } else {
            ".local/state/acme/telemetry"
        })
    }

    /// The names of the files in that directory.
    pub(crate) fn kept(&self) -> Vec<String> {
        let entries = fs::read_dir(self.state()).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
    }

    /// The names of the spool files.
    pub(crate) fn spool(&self) -> Vec<String> {
        let holds_events = |name: &String| name.starts_with("spool-") || name.starts_with(".telemetry-");
        self.kept().into_iter().filter(holds_events).collect()
    }

    /// Makes all pauses be over that a receiver asked for, or a failure led to.
    pub(crate) fn ends_pauses(&self) -> Result {
        for name in self.kept().iter().filter(|name| name.starts_with("pause-")) {
            fs::remove_file(self.state().join(name))?;
        }
        Ok(())
    }

    /// Makes all pauses be over, as after some time.
    pub(crate) fn has_waited(&self) -> Result {
        for name in self.kept().iter().filter(|name| name.starts_with("pause-")) {
            let path = self.state().join(name);
            let mut pause: serde_json::Value = serde_json::from_slice(&fs::read(&path)?)?;
            pause["seconds"] = 0.into();
            fs::write(path, pause.to_string())?;
        }
        Ok(())
    }

    /// Closes the state directory to others, as it is when the application makes it.
    #[cfg(unix)]
    pub(crate) fn closes_state(&self) -> Result {
        Ok(fs::set_permissions(self.state(), std::os::unix::fs::PermissionsExt::from_mode(0o700))?)
    }

    /// Runs a program with an environment that has only this home.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>, arguments: &str) -> Command {
        let mut command = Command::new(program);
        command.args(arguments.split_whitespace()).env_clear().env("HOME", self.path());
        if cfg!(windows) {
            command.env("USERPROFILE", self.path()).env("APPDATA", self.path().join("AppData/Roaming"));
            // Without it, Windows opens no connection.
            command.env("SystemRoot", std::env::var_os("SystemRoot").unwrap_or_default());
        }
        command
    }

    /// Runs one of the programs in tests/child.
    pub(crate) fn child(&self, arguments: &str) -> Command {
        self.command(CHILD, arguments)
    }

    pub(crate) fn consent(&self, arguments: &str) -> Command {
        self.child(&format!("consent {arguments}"))
    }
}

/// The output of a process, without the line break at its end.
pub(crate) fn printed(command: &mut Command) -> Result<String> {
    let output = command.output()?;
    Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
}

/// Far more time than any awaited event needs, even on a loaded machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Says that a test shows nothing on this machine: past the capture of its output, so that it is seen in a run that passes.
pub(crate) fn not_shown(why: &str) {
    let _ = writeln!(io::stderr(), "not shown: {why}");
}

/// Waits for a condition that another process brings about, and fails if it does not.
pub(crate) fn wait_until(done: impl Fn() -> bool) -> Result {
    let deadline = Instant::now() + PATIENCE;
    while !done() {
        if Instant::now() > deadline {
            return Err("the condition did not become true".into());
        }
        thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}
