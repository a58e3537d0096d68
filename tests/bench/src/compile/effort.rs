//! What a command takes: time, and that of the processors.

use std::io;
use std::process::Command;
use std::time::{Duration, Instant};

use super::workspace::run;

/// What a command took, with all that it started.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    pub wall: Duration,
    /// On Unix only.
    pub cpu: Option<Duration>,
}

impl Effort {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// If it cannot be run, or fails.
    pub fn of(command: &mut Command) -> io::Result<Self> {
        let (start, before) = (Instant::now(), of_children());
        run(command)?;
        let (wall, cpu) =
            (start.elapsed(), of_children().zip(before).map(|(after, before)| after.saturating_sub(before)));
        Ok(Self { wall, cpu })
    }

    /// The medians.
    ///
    /// # Panics
    ///
    /// If there are none.
    pub fn median(efforts: &[Self]) -> Self {
        let middle = |mut times: Vec<Duration>| {
            times.sort_unstable();
            times[times.len() / 2]
        };
        let cpu: Option<Vec<Duration>> = efforts.iter().map(|effort| effort.cpu).collect();
        Self { wall: middle(efforts.iter().map(|effort| effort.wall).collect()), cpu: cpu.map(middle) }
    }
}

/// What all child processes took that have ended.
#[cfg(unix)]
fn of_children() -> Option<Duration> {
    use nix::sys::resource::{UsageWho, getrusage};
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
    let spent = usage.user_time() + usage.system_time();
    Some(Duration::new(spent.tv_sec().try_into().ok()?, u32::try_from(spent.tv_usec()).ok()? * 1_000))
}

#[cfg(not(unix))]
fn of_children() -> Option<Duration> {
    None
}
