//! The user who says no and yes in turn.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;

use super::house::House;
use super::program::Task;
use super::run;

/// A no: from when it was asked for, to when it was stored, to the next yes.
#[derive(Clone, Copy, Debug)]
pub struct No {
    pub began: Instant,
    pub stored: Instant,
    pub yes_began: Instant,
    pub yes_stored: Instant,
}

/// Says no and yes in turn until the soak is over. Some of the programs that store it are killed. The last word is a yes.
///
/// # Errors
///
/// If a program cannot be started, or a choice cannot be stored.
pub fn alternate(house: &House, is_over: &AtomicBool, mut rng: Rng) -> io::Result<Vec<No>> {
    let mut all = Vec::new();
    while !is_over.load(Ordering::Relaxed) {
        thread::sleep(Duration::from_millis(rng.u64(500..3_000)));
        if rng.u8(..4) == 0 {
            kill_one(house, &mut rng)?;
        }
        let (began, stored) = choose(house, false)?;
        thread::sleep(Duration::from_millis(rng.u64(200..1_500)));
        let (yes_began, yes_stored) = choose(house, true)?;
        all.push(No { began, stored, yes_began, yes_stored });
    }
    Ok(all)
}

/// Stores a choice, and returns when the program that did it began and ended.
///
/// # Errors
///
/// If it cannot be stored.
pub fn choose(house: &House, yes: bool) -> io::Result<(Instant, Instant)> {
    let began = Instant::now();
    let output = run::command(&house.home, &Task::Choose(yes))?.output()?;
    if !output.status.success() {
        return Err(io::Error::other(format!("the choice could not be stored: {output:?}")));
    }
    Ok((began, Instant::now()))
}

/// Kills a program that stores a yes, so that what it left behind is seen.
fn kill_one(house: &House, rng: &mut Rng) -> io::Result<()> {
    let mut child = run::command(&house.home, &Task::Choose(true))?.spawn()?;
    thread::sleep(Duration::from_micros(rng.u64(..6_000)));
    child.kill()?;
    child.wait().map(drop)
}
