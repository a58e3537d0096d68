//! A million events of 60 leaves from eight threads, while the receiver takes the connection and says nothing.
//!
//! `cargo bench --bench load` prints how long `publish` takes its caller, how much memory the process needed at most,
//! and what became of the events. It fails when an event is not accounted for, or the memory is not bounded.

use std::error::Error;
use std::hint::black_box;
use std::net::TcpListener;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use telemetry::{Consent, Telemetry};
use telemetry_bench::config::{self, Config};

const THREADS: usize = 8;
const EVENTS: usize = 1_000_000;

/// Most memory that telemetry may need, in KiB: 1 MiB of events waits, and is written to disk at the end; the rest is for TLS, the runtime, and
/// what the allocator keeps for nine threads.
const MEMORY: u64 = 8 * 1024;

fn main() -> Result<(), Box<dyn Error>> {
    if std::env::args().any(|argument| argument == "--load") {
        return load();
    }
    // In a process and a home of its own, so that nothing of the user's is touched.
    let home = tempfile::tempdir()?;
    let status = Command::new(std::env::current_exe()?).arg("--load").env_clear().env("HOME", home.path()).status()?;
    if status.success() { Ok(()) } else { Err("the load was not borne".into()) }
}

fn load() -> Result<(), Box<dyn Error>> {
    let stalled = TcpListener::bind("127.0.0.1:0")?;
    let telemetry = Telemetry::builder(Consent::new("BENCH", "bench-load").skip_test_check())
        .endpoint(&format!("http://{}/", stalled.local_addr()?))
        .configured(Some(true))
        .build();
    assert!(telemetry.is_enabled() && telemetry.error().is_none());
    let config = Config::example();
    let (before, snapshot) = (peak(), snapshot(&config));

    let start = Instant::now();
    let mut times: Vec<u32> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(|| publish(&telemetry, &config))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
    });
    let elapsed = start.elapsed();
    times.sort_unstable();

    let end = Instant::now();
    telemetry.shutdown(Duration::from_millis(50));
    let end = end.elapsed();
    let counts = telemetry.counts();
    println!("{EVENTS} events from {THREADS} threads in {:.2} s, the receiver stalled\n", elapsed.as_secs_f64());
    let at = |share: f64| times.get((times.len() as f64 * share) as usize).copied().unwrap_or_default();
    println!(
        "publish      median {} ns, p99 {} ns, p99.9 {} ns; a snapshot alone {snapshot} ns",
        at(0.5),
        at(0.99),
        at(0.999)
    );
    let (peak, of_times) = (peak(), times.len() as u64 / 256);
    let memory = peak.saturating_sub(before + of_times);
    println!(
        "memory       {memory} KiB at most for telemetry: {peak} KiB, less {before} KiB before and {of_times} KiB for the times"
    );
    println!("shutdown     {} ms", end.as_millis());
    println!("published {}, delivered {}, spooled {}", counts.published(), counts.delivered(), counts.spooled());
    let mut sum = counts.delivered() + counts.spooled();
    for (loss, count) in counts.losses() {
        println!("lost {count}: {}", loss.name());
        sum += count;
    }
    if (counts.published(), sum) != (EVENTS as u64, EVENTS as u64) {
        return Err("events are missing".into());
    }
    if memory > MEMORY { Err("more memory is needed than is bounded".into()) } else { Ok(()) }
}

fn publish(telemetry: &Telemetry, config: &Config) -> Vec<u32> {
    let mut times = Vec::with_capacity(EVENTS / THREADS);
    for _ in 0..EVENTS / THREADS {
        let start = Instant::now();
        telemetry.publish(config);
        times.push(u32::try_from(start.elapsed().as_nanos()).unwrap_or(u32::MAX));
    }
    times
}

/// The best of many snapshots, in nanoseconds.
fn snapshot(config: &Config) -> u128 {
    let once = |_| {
        let start = Instant::now();
        black_box(config::snapshot(black_box(config)));
        start.elapsed().as_nanos()
    };
    (0..10_000).map(once).min().unwrap_or_default()
}

/// The most memory that the process has had, in KiB; 0 where the system does not tell.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
