//! What one call costs: nanoseconds, instructions, allocations.

use std::hint::black_box;
use std::io;
use std::time::{Duration, Instant};

use crate::home::Home;

/// How long a round takes at least, in which a way is repeated.
const ROUND: Duration = Duration::from_micros(200);
const ROUNDS: u32 = 500;

/// Calls whose instructions are counted, after so many that are not.
const COUNTED: u32 = 200;
const WARM_UP: u32 = 50;

/// One way to do something.
pub struct Way<'a> {
    name: String,
    call: Box<dyn Fn() + 'a>,
    /// How many calls make a round, and what is done before each.
    rest: Option<(u32, Box<dyn Fn() + 'a>)>,
}

impl<'a> Way<'a> {
    /// A way, with a name that no other way of the benchmark has.
    pub fn new<T>(name: impl Into<String>, call: impl Fn() -> T + 'a) -> Self {
        Self { name: name.into(), call: Box::new(move || drop(black_box(call()))), rest: None }
    }

    /// Does something before each round, which then has so many calls. It is not measured.
    pub fn settled(self, calls: u32, settle: impl Fn() + 'a) -> Self {
        Self { rest: Some((calls, Box::new(settle))), ..self }
    }

    fn settle(&self) {
        if let Some((_, settle)) = &self.rest {
            settle();
        }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    fn round(&self, calls: u32) -> Duration {
        self.settle();
        let start = Instant::now();
        (0..calls).for_each(|_| (self.call)());
        start.elapsed()
    }

    /// Of many rounds the best, which met the least noise. Of rounds of one call the median: in the best one, the thread that should be
    /// asleep was awake.
    fn typical(&self, mut times: Vec<f64>) -> f64 {
        times.sort_unstable_by(f64::total_cmp);
        let is_single = self.rest.as_ref().is_some_and(|(calls, _)| *calls == 1);
        times[if is_single { times.len() / 2 } else { 0 }]
    }

    /// How many calls make a round.
    fn calls(&self) -> u32 {
        if let Some((calls, _)) = self.rest {
            return calls;
        }
        let mut calls = 1;
        while self.round(calls) < ROUND {
            calls *= 2;
        }
        calls
    }
}

/// What one call of a way costs.
#[derive(Clone, Debug)]
pub struct Cost {
    /// The name of the way.
    pub name: String,
    /// The best round, for each call; of calls one at a time, the median.
    pub nanoseconds: f64,
    /// Instructions, where valgrind is installed.
    pub instructions: Option<f64>,
    /// Allocations, and bytes that they asked for.
    pub allocations: [f64; 2],
}

/// The costs of all ways. Times are taken in turns, so that all ways meet the same noise.
///
/// To count instructions the program starts itself anew under callgrind. There it does nothing but the calls, and nothing is returned.
pub fn costs(ways: &[Way<'_>]) -> Vec<Cost> {
    if let Some(name) = asked_for() {
        ways.iter().filter(|way| way.name == name).for_each(repeat);
        return Vec::new();
    }
    let cost = |(way, nanoseconds): (&Way<'_>, f64)| Cost {
        name: way.name.clone(),
        nanoseconds,
        instructions: instructions(&way.name),
        allocations: allocations(way),
    };
    ways.iter().zip(times(ways)).map(cost).collect()
}

/// The instructions of each way, and nothing else of its costs. As `costs`, it returns nothing under callgrind.
///
/// # Errors
///
/// Where valgrind is not installed, or counts nothing.
pub fn counts(ways: &[Way<'_>]) -> io::Result<Vec<f64>> {
    if let Some(name) = asked_for() {
        ways.iter().filter(|way| way.name == name).for_each(repeat);
        return Ok(Vec::new());
    }
    let count = |way: &Way<'_>| instructions(&way.name).ok_or_else(|| io::Error::other("valgrind counted nothing"));
    ways.iter().map(count).collect()
}

fn times(ways: &[Way<'_>]) -> Vec<f64> {
    let calls: Vec<u32> = ways.iter().map(Way::calls).collect();
    let mut times = vec![Vec::new(); ways.len()];
    for _ in 0..ROUNDS {
        for ((times, way), calls) in times.iter_mut().zip(ways).zip(&calls) {
            times.push(way.round(*calls).as_secs_f64() * 1e9 / f64::from(*calls));
        }
    }
    times.into_iter().zip(ways).map(|(times, way)| way.typical(times)).collect()
}

fn allocations(way: &Way<'_>) -> [f64; 2] {
    way.settle();
    let counted = allocation_counter::measure(|| (way.call)());
    [counted.count_total, counted.bytes_total].map(|count| count as f64)
}

const COUNT: &str = "--count-instructions-of";

/// Whether this program was started to count instructions, so that nothing else needs to run.
pub fn is_counting() -> bool {
    asked_for().is_some()
}

/// The way whose calls this program is to do under callgrind.
fn asked_for() -> Option<String> {
    std::env::args().skip_while(|argument| argument != COUNT).nth(1)
}

fn repeat(way: &Way<'_>) {
    let calls = way.rest.as_ref().map_or(WARM_UP, |(calls, _)| *calls);
    way.round(calls);
    for call in 0..COUNTED {
        if call % calls == 0 {
            way.settle();
        }
        counted_call(way);
    }
}

/// Callgrind knows it by its name.
#[inline(never)]
fn counted_call(way: &Way<'_>) {
    (way.call)();
}

fn instructions(way: &str) -> Option<f64> {
    // A client writes into its home.
    let home = Home::new().ok()?;
    let output = home
        .for_work("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=*cost::counted_call*"])
        .arg(std::env::current_exe().ok()?)
        .args([COUNT, way])
        .output()
        .ok()?;
    let log = String::from_utf8_lossy(&output.stderr);
    let collected: f64 = log.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok())?;
    Some(collected / f64::from(COUNTED))
}
