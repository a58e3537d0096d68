//! Programs that are started anew for as long as the soak lasts, and of which many are killed.

use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use fastrand::Rng;

use super::house::House;
use super::program::{End, Mode, Publishing, Task};
use super::run::{MAX_EVENTS, Run, Running};

/// Where programs run, and what becomes of them.
pub struct Crowd<'a> {
    pub house: &'a House,
    pub endpoint: String,
    /// The operator has said yes for them.
    pub configured: bool,
    /// The number of the next run, of all crowds.
    pub next: &'a AtomicU32,
    pub is_over: &'a AtomicBool,
    pub runs: Mutex<Vec<Run>>,
}

impl Crowd<'_> {
    /// Starts one program after the other until the soak is over.
    ///
    /// # Errors
    ///
    /// If a program cannot be started, or fails.
    pub fn keep_running(&self, mut rng: Rng) -> io::Result<()> {
        while !self.is_over.load(Ordering::Relaxed) {
            let is_long = rng.u8(..10) < 3;
            let plan = self.plan(&mut rng, is_long);
            let time = if is_long { rng.u64(..3_000) } else { rng.u64(..50) };
            let kill_after = rng.bool().then(|| Duration::from_millis(time));
            let run = Running::start(&self.house.home, plan, Task::Publish)?.finish(kill_after)?;
            self.runs.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(run);
            thread::sleep(Duration::from_millis(rng.u64(20..300)));
        }
        Ok(())
    }

    /// A plan with a number of its own.
    pub fn plan(&self, rng: &mut Rng, is_long: bool) -> Publishing {
        let run = self.next.fetch_add(1, Ordering::Relaxed);
        let (events, gap) = if is_long { (rng.u32(10..40), rng.u64(20..200)) } else { (rng.u32(1..5), 0) };
        let mode = rng.choice(Mode::ALL).unwrap_or(Mode::Relaxed);
        // What is only in memory does not survive such an end, and is not meant to.
        let end = if mode != Mode::Relaxed && rng.bool() { End::Exit } else { End::Shutdown };
        Publishing {
            endpoint: self.endpoint.clone(),
            run,
            mode,
            first: run * MAX_EVENTS,
            events,
            gap,
            work: rng.u64(..20),
            end,
            is_told_to_end: false,
            configured: self.configured,
        }
    }
}
