//! What one call costs: nanoseconds, instructions, allocations.

use std::hint::black_box;
use std::process::{Command, exit};
use std::time::{Duration, Instant};

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
    settle: Box<dyn Fn() + 'a>,
    most: u32,
}

impl<'a> Way<'a> {
    /// A way, with a name that no other way of the benchmark has.
    pub fn new<T>(name: impl Into<String>, call: impl Fn() -> T + 'a) -> Self {
        let call = move || drop(black_box(call()));
        Self { name: name.into(), call: Box::new(call), settle: Box::new(|| ()), most: u32::MAX }
    }

    /// After so many calls this is done, which costs nothing: it lets a queue run empty.
    pub fn settle(mut self, most: u32, settle: impl Fn() + 'a) -> Self {
        (self.most, self.settle) = (most, Box::new(settle));
        self
    }

    fn round(&self, calls: u32) -> Duration {
        let start = Instant::now();
        (0..calls).for_each(|_| (self.call)());
        let time = start.elapsed();
        (self.settle)();
        time
    }

    /// How many calls make a round.
    fn calls(&self) -> u32 {
        let mut calls = 1;
        while calls < self.most && self.round(calls) < ROUND {
            calls = calls.saturating_mul(2);
        }
        calls.min(self.most)
    }
}

/// What one call of a way costs.
#[derive(Clone, Debug)]
pub struct Cost {
    /// The name of the way.
    pub name: String,
    /// The best round, for each call.
    pub nanoseconds: f64,
    /// Instructions of the calling thread, where valgrind is installed.
    pub instructions: Option<f64>,
    /// Allocations, and bytes that they asked for.
    pub allocations: [f64; 2],
}

/// The costs of all ways. Times are taken in turns, so that all ways meet the same noise.
///
/// To count instructions the program starts itself anew under callgrind; there it does nothing but the calls, and ends.
pub fn costs(ways: &[Way<'_>]) -> Vec<Cost> {
    if !is_counted() {
        return times(ways).into_iter().zip(instructions(ways)).zip(ways).map(cost).collect();
    }
    repeat(ways);
    ways.iter().map(|way| cost(((0.0, None), way))).collect()
}

/// The instructions of all ways, and nothing else.
pub fn instructions(ways: &[Way<'_>]) -> Vec<Option<f64>> {
    repeat(ways);
    ways.iter().map(|way| if is_counted() { None } else { counted(&way.name) }).collect()
}

fn cost(((nanoseconds, instructions), way): ((f64, Option<f64>), &Way<'_>)) -> Cost {
    Cost { name: way.name.clone(), nanoseconds, instructions, allocations: allocations(way) }
}

fn times(ways: &[Way<'_>]) -> Vec<f64> {
    let calls: Vec<u32> = ways.iter().map(Way::calls).collect();
    let mut best = vec![f64::INFINITY; ways.len()];
    for _ in 0..ROUNDS {
        for ((best, way), calls) in best.iter_mut().zip(ways).zip(&calls) {
            *best = best.min(way.round(*calls).as_secs_f64() * 1e9 / f64::from(*calls));
        }
    }
    best
}

fn allocations(way: &Way<'_>) -> [f64; 2] {
    let calls = way.most.min(20);
    let counted = allocation_counter::measure(|| (0..calls).for_each(|_| (way.call)()));
    (way.settle)();
    [counted.count_total, counted.bytes_total].map(|count| count as f64 / f64::from(calls))
}

const COUNT: &str = "--count-instructions-of";

/// Whether this is the program that runs under callgrind.
pub fn is_counted() -> bool {
    std::env::args().any(|argument| argument == COUNT)
}

/// Does what is counted, and ends the program, when one of these ways is asked for.
fn repeat(ways: &[Way<'_>]) {
    let mut arguments = std::env::args().skip_while(|argument| argument != COUNT).skip(1);
    let asked = arguments.next();
    let Some(way) = ways.iter().find(|way| Some(&way.name) == asked.as_ref()) else { return };
    way.round(WARM_UP.min(way.most));
    let mut left = COUNTED;
    while left > 0 {
        let calls = left.min(way.most);
        (0..calls).for_each(|_| counted_call(way));
        (way.settle)();
        left -= calls;
    }
    // What runs beside this thread is not waited for.
    exit(0);
}

/// Callgrind knows it by its name.
#[inline(never)]
fn counted_call(way: &Way<'_>) {
    (way.call)();
}

fn counted(way: &str) -> Option<f64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(format!("--toggle-collect=*{}*", "cost::counted_call"))
        .arg(std::env::current_exe().ok()?)
        .args([COUNT, way])
        .output()
        .ok()?;
    let log = String::from_utf8_lossy(&output.stderr);
    let collected: f64 = log.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok())?;
    Some(collected / f64::from(COUNTED))
}
