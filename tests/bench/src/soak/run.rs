//! One run of the program, from its start to its end, and what it wrote down.

use std::io::{self, BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::program::{self, Line, Publishing, Report, Task};
use crate::home::Home;

/// The most events of a run, so that each run has numbers of its own.
pub const MAX_EVENTS: u32 = 100_000;

/// A run that is over.
#[derive(Clone, Debug)]
pub struct Run {
    pub plan: Publishing,
    pub was_killed: bool,
    pub ended: Instant,
    /// What it wrote down for each event, and when that was read.
    pub lines: Vec<(Instant, Line)>,
    pub report: Option<Report>,
}

/// A run that goes on.
pub struct Running {
    plan: Publishing,
    child: Child,
    reader: JoinHandle<Vec<(Instant, Line)>>,
}

impl Running {
    /// # Errors
    ///
    /// If the program cannot be started.
    pub fn start(home: &Home, plan: Publishing, task: impl FnOnce(Publishing) -> Task) -> io::Result<Self> {
        let mut child = command(home, &task(plan.clone()))?.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let reader = thread::spawn(move || {
            let lines = BufReader::new(output).lines().map_while(Result::ok);
            lines.filter_map(|line| Some((Instant::now(), serde_json::from_str(&line).ok()?))).collect()
        });
        Ok(Self { plan, child, reader })
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it ends by itself, and kills it if it has not ended after this long.
    ///
    /// # Errors
    ///
    /// If the system cannot tell.
    pub fn finish(mut self, kill_after: Option<Duration>) -> io::Result<Run> {
        let start = Instant::now();
        let mut was_killed = false;
        let (plan, reader) = (self.plan, self.reader);
        // Its input ends, which tells it to end.
        if !plan.is_told_to_end || kill_after.is_none() {
            drop(self.child.stdin.take());
        }
        while self.child.try_wait()?.is_none() {
            if kill_after.is_some_and(|after| start.elapsed() >= after) {
                self.child.kill()?;
                was_killed = true;
                break;
            }
            thread::sleep(Duration::from_millis(2));
        }
        let status = self.child.wait()?;
        let ended = Instant::now();
        if !was_killed && !status.success() {
            return Err(io::Error::other(format!("a program failed: {status}, {plan:?}")));
        }
        // It may have ended by itself at the very moment at which it was to be killed.
        let was_killed = was_killed && !status.success();
        let mut lines = reader.join().unwrap_or_default();
        let report = match lines.pop() {
            Some((_, Line::Report(report))) => Some(report),
            other => {
                lines.extend(other);
                None
            }
        };
        Ok(Run { plan, was_killed, ended, lines, report })
    }
}

/// The benchmark's own executable with a task.
///
/// # Errors
///
/// If the executable is not known.
pub fn command(home: &Home, task: &Task) -> io::Result<Command> {
    let mut command = home.command(std::env::current_exe()?);
    command.args(program::arguments(task)?);
    Ok(command)
}
