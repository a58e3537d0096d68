//! The cost of a snapshot of 60 leaves, beside a view by hand with `serde_json` and beside bytes pushed by hand.
//!
//! `cargo bench --bench snapshot` prints nanoseconds, instructions (counted by callgrind, where valgrind is installed)
//! and allocations, with ratios. What must hold: at most half of the view by hand, and at most twice the bytes.

mod config;

use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

use config::Config;

type Run = fn(&Config);

const WAYS: [(&str, Run); 3] = [
    ("derived", |config| {
        black_box(config::snapshot(config));
    }),
    ("serde_json", |config| {
        black_box(config::viewed(config));
    }),
    ("pushed", |config| {
        black_box(config::pushed(config));
    }),
];

fn main() {
    let config = black_box(Config::example());
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, flag, way, times] = arguments.as_slice()
        && flag == "--repeat"
    {
        return repeat(&config, way, times);
    }
    assert_eq!(Some(config::derived(&config)), config::viewed(&config));
    assert_eq!(config::derived(&config).into_bytes(), config::pushed(&config));
    println!("a snapshot of 60 leaves, {} bytes\n", config::derived(&config).len());
    table("nanoseconds", &nanoseconds(&config));
    match instructions() {
        Some(counts) => table("instructions", &counts),
        None => println!("instructions: not counted, since valgrind is not installed\n"),
    }
    table("allocations", &WAYS.map(|(_, run)| allocation_counter::measure(|| run(&config)).count_total as f64));
}

fn repeat(config: &Config, way: &str, times: &str) {
    let run = WAYS.iter().find(|(name, _)| *name == way).map(|(_, run)| run);
    for _ in 0..times.parse().unwrap_or(0) {
        run.inspect(|run| run(config));
    }
}

/// The best of many short rounds, taken in turns so that all ways meet the same noise.
fn nanoseconds(config: &Config) -> [f64; 3] {
    const ROUND: u32 = 1_000;
    let mut best = [Duration::MAX; 3];
    for _ in 0..300 {
        for (best, (_, run)) in best.iter_mut().zip(WAYS) {
            let start = Instant::now();
            for _ in 0..ROUND {
                run(black_box(config));
            }
            *best = start.elapsed().min(*best);
        }
    }
    best.map(|best| best.as_nanos() as f64 / f64::from(ROUND))
}

/// Instructions of one run: the difference between two numbers of runs leaves out all that comes before.
fn instructions() -> Option<[f64; 3]> {
    let mut counts = [0.0; 3];
    for (count, (way, _)) in counts.iter_mut().zip(WAYS) {
        *count = (collected(way, 1_100)? - collected(way, 100)?) / 1_000.0;
    }
    Some(counts)
}

fn collected(way: &str, times: u32) -> Option<f64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe().ok()?)
        .args(["--repeat", way, &times.to_string()])
        .output()
        .ok()?;
    let log = String::from_utf8_lossy(&output.stderr);
    log.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok())
}

fn table(unit: &str, values: &[f64; 3]) {
    println!("{unit}");
    for ((name, _), value) in WAYS.iter().zip(values) {
        println!(
            "  {name:12} {value:10.1}   {:6.2} of serde_json   {:6.2} of pushed",
            value / values[1],
            value / values[2]
        );
    }
    println!();
}
