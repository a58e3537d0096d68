//! The two processes of an uploader, from the first instruction of `main` on.

use std::env;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::super::retry::upload::{LIFETIME, PATIENCE, TIME_TO_SEND};
use super::{MAX_TASK, Task};
use crate::storage::{StateDirectory, UPLOAD_LOCK};
use crate::threads;

/// How often an uploader checks for more work.
const STEP: Duration = Duration::from_millis(100);

/// Set in the environment of the two processes only. It names the pipe, so a value that a user sets has no effect.
const VARIABLE: &str = "TELEMETRY_UPLOADER";

/// Whether this program calls `run` at its start. If it does not, an uploader would run the whole program again.
static CAN_UPLOAD: AtomicBool = AtomicBool::new(false);

/// Which of the two processes this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// Starts the other process, and exits.
    Starter,
    Uploader,
}

impl Role {
    const fn name(self) -> &'static str {
        match self {
            Self::Starter => "start",
            Self::Uploader => "upload",
        }
    }

    fn value(self, pipe: u64) -> String {
        format!("{}:{pipe}", self.name())
    }

    /// The role that a value gives to a process whose standard input is this pipe.
    fn of(value: &str, pipe: u64) -> Option<Self> {
        [Self::Starter, Self::Uploader].into_iter().find(|role| role.value(pipe) == value)
    }
}

pub(super) fn is_possible() -> bool {
    cfg!(unix) && CAN_UPLOAD.load(Ordering::Relaxed) && !adopts_orphans()
}

/// Whether this process becomes the parent of an uploader whose starter has exited, and would have to wait for it. So does the first process
/// of a container.
fn adopts_orphans() -> bool {
    #[cfg(target_os = "linux")]
    if nix::sys::prctl::get_child_subreaper().is_ok_and(|adopts| adopts) {
        return true;
    }
    cfg!(unix) && std::process::id() == 1
}

#[cfg(test)]
pub(super) fn allow() {
    CAN_UPLOAD.store(true, Ordering::Relaxed);
}

/// Starts the first process. The task is written to the pipe before the process starts, so the reader cannot be gone yet. A write to a pipe
/// without a reader would raise SIGPIPE, which can kill this process.
pub(super) fn start(task: &[u8]) -> io::Result<Child> {
    let (input, mut writer) = io::pipe()?;
    writer.write_all(task)?;
    drop(writer);
    let pipe = pipe::id(&input).ok_or(io::ErrorKind::Unsupported)?;
    let mut command = again(Role::Starter, pipe)?;
    command.stdin(input);
    // A file system in which a process runs cannot be unmounted, so it runs in one that is in use anyway.
    command.current_dir("/");
    // It survives the closing of its starter's terminal, from its first moment on: a closing terminal signals its foreground process
    // group, which is that of the starter.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn()
}

/// A command that runs this executable again, in a role.
fn again(role: Role, pipe: u64) -> io::Result<Command> {
    let mut command = Command::new(executable()?);
    // It keeps its own name: a program may decide by its name what to do.
    #[cfg(unix)]
    if let Some(name) = env::args_os().next() {
        std::os::unix::process::CommandExt::arg0(&mut command, name);
    }
    command.env(VARIABLE, role.value(pipe)).stdout(Stdio::null()).stderr(Stdio::null());
    Ok(command)
}

/// The running executable, even if its file has been replaced since.
fn executable() -> io::Result<PathBuf> {
    let running = PathBuf::from("/proc/self/exe");
    if cfg!(target_os = "linux") && running.exists() { Ok(running) } else { env::current_exe() }
}

/// If this process is one of the two, does its work and ends the process. Otherwise returns at once.
pub(crate) fn run(work: impl FnOnce(Task, &dyn Fn() -> Duration) -> Option<()>) {
    CAN_UPLOAD.store(true, Ordering::Relaxed);
    let Some(value) = env::var_os(VARIABLE) else { return };
    let Some(pipe) = pipe::id(&io::stdin()) else { return };
    match value.to_str().and_then(|value| Role::of(value, pipe)) {
        None => {}
        Some(Role::Starter) => {
            // A process that waits for the end of a descriptor must not wait for an uploader.
            descriptors::close_inherited();
            let _ = again(Role::Uploader, pipe).and_then(|mut command| command.stdin(Stdio::inherit()).spawn());
            std::process::exit(0);
        }
        Some(Role::Uploader) => {
            upload(work);
            std::process::exit(0);
        }
    }
}

fn upload(work: impl FnOnce(Task, &dyn Fn() -> Duration) -> Option<()>) {
    let began = Instant::now();
    let _ = threads::spawn("telemetry-end", || {
        thread::sleep(LIFETIME);
        std::process::exit(0);
    });
    #[cfg(unix)]
    {
        // It has no terminal, and runs at low priority.
        let _ = rustix::process::setsid();
        let _ = rustix::process::nice(10);
    }
    if let Some(task) = read_task() {
        work(task, &|| TIME_TO_SEND.saturating_sub(began.elapsed()));
    }
}

fn read_task() -> Option<Task> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(MAX_TASK as u64).read_to_end(&mut bytes).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Acquires the lock, once the process that started this one has released it.
pub(crate) fn lock(state: &StateDirectory) -> Option<File> {
    let file = state.open(UPLOAD_LOCK).ok()?;
    let deadline = Instant::now() + PATIENCE;
    while file.try_lock().is_err() {
        if Instant::now() > deadline {
            return None;
        }
        thread::sleep(STEP / 10);
    }
    Some(file)
}

/// Calls `send` until it has found nothing for a while: the program that started this one may still be running. Returns at once during
/// a pause.
pub(crate) fn repeat(left: &dyn Fn() -> Duration, send: impl Fn(Duration) -> Option<bool>) {
    let mut last = Instant::now();
    while !left().is_zero() && last.elapsed() < PATIENCE {
        match send(left()) {
            None => return,
            Some(true) => last = Instant::now(),
            Some(false) => {}
        }
        thread::sleep(STEP);
    }
}

#[cfg(unix)]
mod pipe {
    use std::os::fd::AsFd;

    /// The number of a pipe, which is unique while the system runs; `None` if the descriptor is not a pipe.
    pub(super) fn id(descriptor: &impl AsFd) -> Option<u64> {
        let found = rustix::fs::fstat(descriptor).ok()?;
        let is_pipe = rustix::fs::FileType::from_raw_mode(found.st_mode) == rustix::fs::FileType::Fifo;
        #[allow(clippy::useless_conversion, reason = "its type differs by system")]
        is_pipe.then(|| u64::from(found.st_ino))
    }
}

/// Elsewhere pipes have no numbers. The value is unlikely to be set by mistake.
#[cfg(not(unix))]
mod pipe {
    pub(super) fn id<T>(_: &T) -> Option<u64> {
        Some(0x7465_6c65_6d65_7472)
    }
}

#[cfg(unix)]
mod descriptors {
    use std::fs;

    /// Closes the descriptors that the application passed on, deliberately or not. This process only starts another one.
    pub(super) fn close_inherited() {
        for descriptor in open().into_iter().filter(|descriptor| *descriptor > 2) {
            let _ = nix::unistd::close(descriptor);
        }
    }

    fn open() -> Vec<i32> {
        const MOST: i32 = 4096;
        let listed = fs::read_dir("/proc/self/fd").or_else(|_| fs::read_dir("/dev/fd"));
        match listed {
            Ok(entries) => entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect(),
            Err(_) => (3..MOST).collect(),
        }
    }
}

/// There is no uploader elsewhere: on Windows it would hold open the pipes that its starter was given.
#[cfg(not(unix))]
mod descriptors {
    pub(super) const fn close_inherited() {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_value_that_names_the_pipe_gives_a_role() {
        for (value, expected) in [
            ("start:7", Some(Role::Starter)),
            ("upload:7", Some(Role::Uploader)),
            ("upload:8", None),
            ("1", None),
            ("", None),
            ("upload", None),
        ] {
            assert_eq!(Role::of(value, 7), expected, "{value}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_has_one_number_at_both_ends_and_a_file_has_none() {
        let [(one, _writer), (other, _other_writer)] = [(); 2].map(|()| io::pipe().unwrap());
        assert_eq!(pipe::id(&one), pipe::id(&one.try_clone().unwrap()));
        assert_ne!(pipe::id(&one), pipe::id(&other));
        assert_eq!(pipe::id(&File::open("/dev/null").unwrap()), None);
    }
}
