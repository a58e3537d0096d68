//! What making a client costs the thread that makes it, and what publishing costs while telemetry is off.
//!
//! `cargo bench --bench publish` prints both. What must hold: at most 50 µs, and at most 5 ns without an allocation.

use std::hint::black_box;
use std::time::{Duration, Instant};

use telemetry::client::AnonymousId;
use telemetry::{Consent, Telemetry};
use telemetry_bench::config::Config;

const ENDPOINT: &str = "https://telemetry.acme.dev/v1/events";

fn on() -> Telemetry {
    // Nothing is published, so nothing is written and nobody is connected to.
    Telemetry::builder(Consent::new("ACME_OF_THIS_BENCH", "acme-of-this-bench").skip_test_check())
        .endpoint(ENDPOINT)
        .header("X-Collector-Token", "k-123")
        .anonymous_id(AnonymousId::PerInstall)
        .project("acme-shop")
        .base_url("https://shop.acme.dev")
        .configured(Some(true))
        .build()
}

fn main() {
    assert!(on().is_enabled(), "DO_NOT_TRACK must not be set");
    let [best, median] = spread(1_000, || drop(black_box(on())));
    println!("making a client with telemetry on, and dropping it: best {best:?}, median {median:?} (at most 50 µs)");

    const CALLS: u32 = 100_000;
    let (off, config) = (Telemetry::disabled(), Config::example());
    let publish = || {
        black_box(black_box(&off).publish(black_box(&config)));
    };
    let [best, median] = spread(100, || (0..CALLS).for_each(|_| publish()));
    let allocations = allocation_counter::measure(publish).count_total;
    let nanoseconds = |time: Duration| time.as_secs_f64() * 1e9 / f64::from(CALLS);
    println!(
        "publishing with telemetry off: best {:.2} ns, median {:.2} ns (at most 5), {allocations} allocations",
        nanoseconds(best),
        nanoseconds(median)
    );
}

/// The best and the median of so many rounds.
fn spread(rounds: usize, run: impl Fn()) -> [Duration; 2] {
    let mut times: Vec<Duration> = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    [times[0], times[rounds / 2]]
}
