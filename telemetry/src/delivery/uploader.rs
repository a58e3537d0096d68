//! A separate process that sends the events that short-lived programs leave on disk.
//!
//! It runs the same executable, started twice. The first process starts the second one and exits at once. So a program that waits for the
//! application's children does not wait for an uploader, and the uploader inherits none of the application's descriptors.
//! Both have closed standard streams, except for one pipe that holds the task. They end in [`run`], which the application calls
//! before anything else.

mod process;

use std::fs::{File, TryLockError};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

pub(crate) use self::process::{lock, repeat, run};
use super::retry::upload::{self, Upload};
use crate::context::Facts;
use crate::sink::form::Form;
use crate::storage::{StateDirectory, UPLOAD_LOCK, append};
use crate::threads::{self, Thread};

/// Maximum size of a task, in bytes. Linux guarantees a pipe this capacity even if the user has many pipes (pipe(7)), so writing the task
/// does not block.
const MAX_TASK: usize = 4096;

/// The interval between two checks.
const STEP: Duration = Duration::from_millis(1);

/// The settings that an uploader needs but cannot get from its executable at start.
#[derive(Deserialize, PartialEq, Serialize)]
pub(crate) struct Task {
    pub(crate) prefix: String,
    pub(crate) application: String,
    pub(crate) configured: Option<bool>,
    pub(crate) skip_test_check: bool,
    pub(crate) asks_for_deletion: bool,
    pub(crate) endpoint: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) batches: bool,
    pub(crate) form: Form,
    pub(crate) app: Option<Facts>,
}

/// Starts uploaders.
pub(crate) struct Uploader {
    state: StateDirectory,
    /// The task as it is written to the uploader.
    task: Vec<u8>,
    /// This process has left events to an uploader, and does not know yet whether that one sends them.
    has_left: AtomicBool,
    /// The first of the two processes is running.
    is_starting: Arc<AtomicBool>,
    /// Waits for it.
    waiter: Mutex<Option<Thread>>,
    /// Called whenever an event could be left to this uploader.
    #[cfg(test)]
    when_asked: Box<dyn Fn() + Send + Sync>,
}

impl Uploader {
    /// `None` if this program cannot be an uploader or adopts orphans, or the task is too large.
    pub(crate) fn new(state: StateDirectory, task: &Task) -> Option<Self> {
        let task = serde_json::to_vec(task).ok().filter(|task| task.len() <= MAX_TASK)?;
        process::is_possible().then(|| Self {
            state,
            task,
            has_left: AtomicBool::new(false),
            is_starting: Arc::default(),
            waiter: Mutex::default(),
            #[cfg(test)]
            when_asked: Box::new(|| ()),
        })
    }

    /// Whether published events can be left to an uploader. They cannot if the last one did not live long enough to do its work, as in
    /// a container that ends with its first process, nor where files cannot be locked, so that two could run at a time.
    pub(super) fn is_there(&self) -> bool {
        #[cfg(test)]
        (self.when_asked)();
        let Ok(file) = self.state.make().and_then(|()| self.state.open_or_create(UPLOAD_LOCK)) else { return true };
        match decide(&file) {
            Upload::Leave => true,
            // Its time is over, but it still runs: the machine slept in the meantime, for example.
            Upload::Alone => probe(&file) == Probe::Held,
            Upload::Start => probe(&file) != Probe::Unsupported,
        }
    }

    /// Takes note that events on disk were left to an uploader.
    pub(super) fn left(&self) {
        self.has_left.store(true, Ordering::Relaxed);
    }

    /// Whether nobody is there for the events that were left since this was last so.
    pub(super) fn has_failed(&self) -> bool {
        self.has_left.load(Ordering::Relaxed) && !self.is_there() && self.has_left.swap(false, Ordering::Relaxed)
    }

    /// Starts an uploader when one is due. A failed start has no consequence: another one is due in the next hour.
    pub(super) fn start_if_due(&self) {
        let Some(lock) = self.due() else { return };
        if let Ok(mut child) = process::start(&self.task) {
            let is_starting = Arc::clone(&self.is_starting);
            is_starting.store(true, Ordering::SeqCst);
            // A process that has ended stays in the system's process table until it is waited for.
            let waited = threads::spawn("telemetry-upload", move || {
                let _ = child.wait();
                is_starting.store(false, Ordering::SeqCst);
            });
            match waited {
                Ok(thread) => *self.waiter.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread),
                Err(_) => self.is_starting.store(false, Ordering::SeqCst),
            }
        }
        // A child that is forked now shares the lock, and would hold it for its whole life if it were not released here.
        let _ = lock.unlock();
    }

    /// Waits for the first of the two processes, which holds descriptors of this process.
    pub(super) fn wait(&self, timeout: Duration) {
        let start = Instant::now();
        while self.is_starting.load(Ordering::SeqCst) && start.elapsed() < timeout {
            thread::sleep(STEP);
        }
        if !self.is_starting.load(Ordering::SeqCst)
            && let Some(thread) = self.waiter.lock().unwrap_or_else(PoisonError::into_inner).take()
        {
            thread.join(timeout.saturating_sub(start.elapsed()));
        }
    }

    /// The lock, if an uploader should be started. The holder of the lock has recorded the time.
    fn due(&self) -> Option<File> {
        let is_due = |file: &File| decide(file) == Upload::Start;
        let mut file = self.state.open_or_create(UPLOAD_LOCK).ok()?;
        if !is_due(&file) || file.try_lock().is_err() {
            return None;
        }
        if is_due(&file) && file.set_len(0).and_then(|()| append(&mut file, STARTED)).is_ok() {
            return Some(file);
        }
        let _ = file.unlock();
        None
    }
}

#[cfg(test)]
impl Uploader {
    /// One that has run to its end, so that no other is started.
    pub(crate) fn of_test(state: &StateDirectory, when_asked: impl Fn() + Send + Sync + 'static) -> Self {
        state.make().unwrap();
        append(&mut state.open_or_create(UPLOAD_LOCK).unwrap(), FINISHED).unwrap();
        Self {
            state: state.clone(),
            task: Vec::new(),
            has_left: AtomicBool::new(false),
            is_starting: Arc::default(),
            waiter: Mutex::default(),
            when_asked: Box::new(when_asked),
        }
    }
}

/// The state of a lock.
#[derive(Debug, PartialEq)]
enum Probe {
    Free,
    /// Another process holds it.
    Held,
    /// The system cannot lock this file.
    Unsupported,
}

/// Finds the state of a lock. The file is not left locked: a forked child would share the lock.
fn probe(file: &File) -> Probe {
    match file.try_lock_shared() {
        Ok(()) => {
            let _ = file.unlock();
            Probe::Free
        }
        Err(TryLockError::WouldBlock) => Probe::Held,
        Err(TryLockError::Error(_)) => Probe::Unsupported,
    }
}

/// The content of the lock file: after an uploader was started, and after it has run to its end.
const STARTED: &[u8] = b".";
const FINISHED: &[u8] = b".+";

/// Records in the lock file that an uploader has run to its end.
pub(crate) fn finish(lock: &mut File) -> io::Result<()> {
    append(lock, FINISHED.strip_prefix(STARTED).unwrap_or_default())
}

fn decide(lock: &File) -> Upload {
    let Ok(found) = lock.metadata() else { return Upload::Leave };
    // A start time in the future is invalid.
    let since = found.modified().ok().and_then(|at| at.elapsed().ok());
    upload::decide(since.filter(|_| found.len() > 0), found.len() >= FINISHED.len() as u64)
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
            asks_for_deletion: false,
            endpoint: "http://localhost/".into(),
            headers: Vec::new(),
            batches: false,
            form: Form::Own,
            app: None,
        }
    }

    fn uploader(state: &StateDirectory) -> Uploader {
        Uploader {
            state: state.clone(),
            task: Vec::new(),
            has_left: AtomicBool::new(false),
            is_starting: Arc::default(),
            waiter: Mutex::default(),
            when_asked: Box::new(|| ()),
        }
    }

    const HOUR: Duration = Duration::from_secs(60 * 60);

    #[test]
    fn one_is_due_when_there_was_none_within_the_hour_and_none_runs() {
        let home = tempfile::tempdir().unwrap();
        let state = StateDirectory::at(home.path().join("acme"));
        let uploader = uploader(&state);
        assert!(uploader.due().is_none(), "without a directory there is nothing to send");
        assert!(uploader.is_there());
        let mut first = uploader.due().unwrap();
        assert!(uploader.due().is_none());
        finish(&mut first).unwrap();
        let ago = |file: &File, ago: Duration| file.set_modified(SystemTime::now() - ago).unwrap();
        ago(&first, HOUR + Duration::from_secs(1));
        assert!(uploader.due().is_none(), "the lock is held");
        let path = state.path(UPLOAD_LOCK);
        drop(first);
        assert!(uploader.due().is_some());
        assert!(uploader.due().is_none());
        let file = File::options().append(true).open(path).unwrap();
        file.set_modified(SystemTime::now() + HOUR).unwrap();
        assert!(uploader.due().is_some(), "the clock was set back");
    }

    /// A copy of the handle stands for the one that a forked child has.
    #[test]
    fn a_forked_child_keeps_no_lock_of_its_parent() {
        let home = tempfile::tempdir().unwrap();
        let state = StateDirectory::at(home.path().join("acme"));
        state.make().unwrap();
        let file = state.open_or_create(UPLOAD_LOCK).unwrap();
        let of_child = file.try_clone().unwrap();
        assert_eq!(probe(&file), Probe::Free);
        drop(file);
        assert!(uploader(&state).due().is_some());
        drop(of_child);
    }

    #[test]
    fn where_the_last_one_did_not_come_to_its_end_none_is_there() {
        let home = tempfile::tempdir().unwrap();
        let state = StateDirectory::at(home.path().join("acme"));
        state.make().unwrap();
        let uploader = uploader(&state);
        let mut lock = uploader.due().unwrap();
        let ago = |file: &File, seconds| file.set_modified(SystemTime::now() - Duration::from_secs(seconds)).unwrap();
        assert!(uploader.is_there());
        ago(&lock, 60);
        assert!(uploader.is_there() && uploader.due().is_none(), "it still runs");
        lock.unlock().unwrap();
        assert!(!uploader.is_there() && uploader.due().is_none());
        finish(&mut lock).unwrap();
        ago(&lock, 60);
        assert!(uploader.is_there());
    }

    #[test]
    fn a_program_that_would_run_as_a_whole_is_not_started_again_nor_one_that_cannot_be_told_its_task() {
        let home = tempfile::tempdir().unwrap();
        let state = StateDirectory::at(home.path().join("acme"));
        assert!(Uploader::new(state.clone(), &task()).is_none());
        process::allow();
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
