//! A process of its own that sends what short programs leave on disk.
//!
//! It is the same executable, started with closed standard streams, but for one pipe from which it reads what to do. It ends
//! in [`upload`], which the application calls before all else.

use std::env;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::storage::{StateDirectory as State, UPLOAD_LOCK};

/// How long after one uploader the next one may be started.
const EVERY: Duration = Duration::from_secs(60 * 60);

/// When an uploader stops to send, and when it is gone whatever it does.
const TIME_TO_SEND: Duration = Duration::from_secs(25);
const TIME_TO_LIVE: Duration = Duration::from_secs(29);

/// How long an uploader waits for its starter to let go of the lock, and for programs that are about to end.
const PATIENCE: Duration = Duration::from_secs(2);
const STEP: Duration = Duration::from_millis(100);

/// In the environment of an uploader alone.
const VARIABLE: &str = "TELEMETRY_UPLOADER";

/// Longest task, in bytes: what a pipe holds at the least, when the user has many of them (Linux's pipe(7)), so that writing it waits
/// for nobody.
const MAX_TASK: usize = 4096;

/// Whether this program ends in `upload` when it is an uploader. Otherwise it would run as a whole again.
static CAN_UPLOAD: AtomicBool = AtomicBool::new(false);

/// What an uploader must know, and its executable does not yet when it begins.
#[derive(Deserialize, PartialEq, Serialize)]
pub(crate) struct Task {
    pub(crate) prefix: String,
    pub(crate) application: String,
    pub(crate) configured: Option<bool>,
    pub(crate) skip_test_check: bool,
    pub(crate) endpoint: String,
    pub(crate) headers: Vec<(String, String)>,
}

/// Starts uploaders.
pub(crate) struct Uploader {
    state: State,
    /// As it is written to the uploader.
    task: Vec<u8>,
    /// The last one, to be waited for when it has ended.
    child: Mutex<Option<Child>>,
}

impl Uploader {
    /// Nothing when this program cannot be an uploader, or there is too much that it would have to know.
    pub(crate) fn new(state: State, task: &Task) -> Option<Self> {
        let task = serde_json::to_vec(task).ok().filter(|task| task.len() <= MAX_TASK)?;
        CAN_UPLOAD.load(Ordering::Relaxed).then(|| Self { state, task, child: Mutex::default() })
    }

    /// Starts an uploader unless there was one within the last hour. That it could not be started has no consequence: the
    /// next hour has another.
    pub(super) fn start_if_due(&self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        // One that has ended stays in the system's table until somebody asks for it.
        child.take_if(|last| !matches!(last.try_wait(), Ok(None)));
        if let Some(lock) = self.due() {
            *child = start(&self.task).ok();
            drop(lock);
        }
    }

    /// The lock, if an uploader should be started. Whoever holds it has stated the time.
    fn due(&self) -> Option<File> {
        let is_recent = |file: &File| file.metadata().is_ok_and(|found| found.len() > 0 && is_within_an_hour(&found));
        let mut file = self.state.open_or_create(UPLOAD_LOCK).ok()?;
        if is_recent(&file) || file.try_lock().is_err() || is_recent(&file) {
            return None;
        }
        file.set_len(0).and_then(|()| file.write_all(b".")).ok()?;
        Some(file)
    }
}

fn is_within_an_hour(found: &std::fs::Metadata) -> bool {
    // A time in the future is no time at which one was started.
    found.modified().is_ok_and(|at| at.elapsed().is_ok_and(|elapsed| elapsed < EVERY))
}

/// The task is in the pipe before anybody can read it: so it is never written to one who has gone, which would end this
/// process if that is what it does on SIGPIPE.
fn start(task: &[u8]) -> io::Result<Child> {
    let (input, mut writer) = io::pipe()?;
    writer.write_all(task)?;
    drop(writer);
    let mut command = Command::new(env::current_exe()?);
    command.env(VARIABLE, "1").stdin(input).stdout(Stdio::null()).stderr(Stdio::null());
    // It must not keep a directory of the user busy.
    if cfg!(unix) {
        command.current_dir(Path::new("/"));
    }
    // It outlives the terminal in which its starter runs, from its first moment on: a terminal that closes tells the processes in its
    // foreground, which are those of its starter's group.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    #[cfg(windows)]
    {
        const DETACHED_PROCESS: u32 = 0x0000_0008;
        std::os::windows::process::CommandExt::creation_flags(&mut command, DETACHED_PROCESS);
    }
    command.spawn()
}

/// If this process is an uploader, does its work, and ends it; otherwise returns at once.
pub(crate) fn upload(work: impl FnOnce(Task, &dyn Fn() -> Duration) -> Option<()>) {
    CAN_UPLOAD.store(true, Ordering::Relaxed);
    if env::var_os(VARIABLE).is_none_or(|value| value != "1") {
        return;
    }
    let began = Instant::now();
    let _ = thread::Builder::new().name("telemetry-end".into()).spawn(|| {
        thread::sleep(TIME_TO_LIVE);
        std::process::exit(0);
    });
    // It lets everybody else go first.
    #[cfg(unix)]
    let _ = rustix::process::nice(10);
    if let Some(task) = read_task() {
        work(task, &|| TIME_TO_SEND.saturating_sub(began.elapsed()));
    }
    std::process::exit(0);
}

fn read_task() -> Option<Task> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(MAX_TASK as u64).read_to_end(&mut bytes).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Holds the lock, once the process that started this one has let go of it.
pub(crate) fn lock(state: &State) -> Option<File> {
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

/// Calls `send` until nothing has been found for a while: the program that started this one may not have ended yet.
pub(crate) fn repeat(left: &dyn Fn() -> Duration, send: impl Fn(Duration) -> bool) {
    let mut last = Instant::now();
    while !left().is_zero() && last.elapsed() < PATIENCE {
        if send(left()) {
            last = Instant::now();
        }
        thread::sleep(STEP);
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    fn task() -> Task {
        Task {
            prefix: "ACME".into(),
            application: "acme".into(),
            configured: None,
            skip_test_check: true,
            endpoint: "http://localhost/".into(),
            headers: Vec::new(),
        }
    }

    fn uploader(state: &State) -> Uploader {
        Uploader { state: state.clone(), task: Vec::new(), child: Mutex::default() }
    }

    #[test]
    fn one_is_due_when_there_was_none_within_the_hour_and_none_runs() {
        let home = tempfile::tempdir().unwrap();
        let state = State::at(home.path().join("acme"));
        let uploader = uploader(&state);
        assert!(uploader.due().is_none(), "without a directory there is nothing to send");
        state.make().unwrap();
        let first = uploader.due().unwrap();
        assert!(uploader.due().is_none());
        let set = |at: SystemTime| first.set_modified(at).unwrap();
        set(SystemTime::now() - EVERY - Duration::from_secs(1));
        assert!(uploader.due().is_none(), "the lock is held");
        let path = state.path(UPLOAD_LOCK);
        drop(first);
        assert!(uploader.due().is_some());
        assert!(uploader.due().is_none());
        let file = File::options().append(true).open(path).unwrap();
        file.set_modified(SystemTime::now() + EVERY).unwrap();
        assert!(uploader.due().is_some(), "the clock was set back");
    }

    #[test]
    fn a_program_that_would_run_as_a_whole_is_not_started_again_nor_one_that_cannot_be_told_its_task() {
        let home = tempfile::tempdir().unwrap();
        let state = State::at(home.path().join("acme"));
        assert!(Uploader::new(state.clone(), &task()).is_none());
        CAN_UPLOAD.store(true, Ordering::Relaxed);
        assert!(Uploader::new(state.clone(), &task()).is_some());
        let headers = vec![("x-collector-token".to_owned(), "x".repeat(MAX_TASK))];
        assert!(Uploader::new(state, &Task { headers, ..task() }).is_none());
    }

    #[test]
    fn a_task_is_read_as_it_was_written() {
        let task = task();
        let bytes = serde_json::to_vec(&task).unwrap();
        let read: Task = serde_json::from_slice(&bytes).unwrap();
        assert!(read == task);
        assert!(serde_json::from_slice::<Task>(b"{}").is_err());
    }
}
