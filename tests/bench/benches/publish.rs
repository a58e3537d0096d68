//! What telemetry costs the thread that publishes: `cargo bench --bench publish`.
//!
//! Making a client; publishing an event of 60 leaves while telemetry is off, while its worker sends to a receiver on this machine, and with
//! other libraries. It fails when an event was not accepted.

use std::error::Error;
use std::hint::black_box;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use telemetry::client::{AnonymousId, Durability, Outcome};
use telemetry::consent::Scope;
use telemetry::{Consent, Telemetry, sink};
use telemetry_bench::bell::Bell;
use telemetry_bench::config::{self, Config};
use telemetry_bench::cost::{Way, costs, is_counting};
use telemetry_bench::counted::{self, Alone, Counted, Name};
use telemetry_bench::pace::Pace;
use telemetry_bench::{budgets, home, report, server};

fn main() -> Result<(), Box<dyn Error>> {
    home::of_its_own(|| {
        let (config, receiver) = (Config::example(), server::start(Duration::ZERO)?);
        if !is_counting() {
            making();
            off(&config);
            first(&config);
        }
        let endpoint = format!("http://{receiver}/v1/events");
        let on = client(&endpoint);
        in_a_row(&config, &on, receiver)?;
        alone(&config, &on, receiver)?;
        covered(&config, &on, &endpoint)?;
        counted(&on, &client_of(&endpoint, Durability::WriteAhead))?;
        all_accepted(&on)
    })
}

fn client(endpoint: &str) -> Telemetry {
    client_of(endpoint, Durability::Relaxed)
}

fn client_of(endpoint: &str, durability: Durability) -> Telemetry {
    Telemetry::builder(Consent::new("ACME_OF_THIS_BENCH", "acme-of-this-bench").skip_test_check())
        .endpoint(endpoint)
        .header("X-Collector-Token", "k-123")
        .anonymous_id(AnonymousId::PerInstall)
        .project("acme-shop")
        .base_url("https://shop.acme.dev")
        .configured(Some(true))
        .durability(durability)
        .build()
}

/// Nothing is published, so nothing is written and nobody is connected to.
fn making() {
    let [best, median] = spread(1_000, || drop(black_box(client("https://telemetry.acme.dev/v1/events"))));
    println!("Making a client with telemetry on, and dropping it: best {best:?}, median {median:?}.");
    report::budget(&budgets::CLIENT, "", Some(best.as_secs_f64() * 1e6));
}

fn off(config: &Config) {
    const CALLS: u32 = 100_000;
    let off = Telemetry::disabled();
    let publish = || {
        black_box(black_box(&off).publish(black_box(config)));
    };
    let [best, median] = spread(100, || (0..CALLS).for_each(|_| publish()));
    let [best, median] = [best, median].map(|time| time.as_secs_f64() * 1e9 / f64::from(CALLS));
    println!("\nPublishing with telemetry off: best {best:.2} ns, median {median:.2} ns.");
    let allocations = allocation_counter::measure(publish).count_total;
    report::budget(&budgets::PUBLISH_OFF, "", Some(best));
    report::budget(&budgets::PUBLISH_OFF_ALLOCATIONS, "", Some(allocations as f64));
}

/// The first event starts the worker.
fn first(config: &Config) {
    let first = |_| {
        let on = Telemetry::builder(Consent::new("ACME_OF_THIS_BENCH", "acme-of-this-bench").skip_test_check())
            .sink(sink::from_fn(|_| Ok(())))
            .configured(Some(true))
            .build();
        let start = Instant::now();
        on.publish(config);
        start.elapsed()
    };
    let mut times: Vec<Duration> = (0..200).map(first).collect();
    times.sort_unstable();
    println!("\nThe first event of a client, which starts the worker: best {:?}, median {:?}.", times[0], times[100]);
}

/// What the work is: the worker is busy, and not to be woken.
fn in_a_row(config: &Config, on: &Telemetry, receiver: SocketAddr) -> Result<(), Box<dyn Error>> {
    let ways = [
        Way::new("snapshot", || config::snapshot(config)),
        publish("publish", config, on, Pace::IN_A_ROW),
        #[cfg(feature = "peers")]
        telemetry_bench::publishers::posthog("posthog-rs", config, Pace::IN_A_ROW, receiver)?,
        #[cfg(feature = "peers")]
        telemetry_bench::publishers::rustauth("rustauth-telemetry", config, Pace::IN_A_ROW)?,
    ];
    let found = costs(&ways);
    report::costs("Publishing an event of 60 leaves, in a row", &found, &["snapshot", "publish"]);
    if let [snapshot, publish, ..] = &found[..] {
        let over = publish.nanoseconds - snapshot.nanoseconds;
        report::budget(&budgets::PUBLISH, "", Some(over));
    }
    let _ = receiver;
    Ok(())
}

/// What it is after a while without: the caches are cold, and the worker has to be woken, which is the system's doing and depends on where both
/// run.
fn alone(config: &Config, on: &Telemetry, receiver: SocketAddr) -> Result<(), Box<dyn Error>> {
    let (bell, pace) = (Bell::new(), Pace::ALONE);
    let ways = [
        Way::new("snapshot, alone", || config::snapshot(config)).settled(pace.calls, || pace.rest()),
        Way::new("waking a thread, alone", || bell.ring()).settled(pace.calls, || pace.rest()),
        publish("publish, alone", config, on, pace),
        #[cfg(feature = "peers")]
        telemetry_bench::publishers::posthog("posthog-rs, alone", config, pace, receiver)?,
        #[cfg(feature = "peers")]
        telemetry_bench::publishers::rustauth("rustauth-telemetry, alone", config, pace)?,
    ];
    let found = costs(&ways);
    report::costs("Publishing an event of 60 leaves, one at a time", &found, &["snapshot, alone", "publish, alone"]);
    let _ = receiver;
    Ok(())
}

/// Under the user's own yes, each event is looked up in what that yes covers.
fn covered(config: &Config, on: &Telemetry, endpoint: &str) -> Result<(), Box<dyn Error>> {
    let consent = Consent::new("ACME_OF_THIS_USER", "acme-of-this-user").skip_test_check();
    consent.enable(&Scope::new().event::<Config>())?;
    let covered = Telemetry::builder(consent)
        .endpoint(endpoint)
        .header("X-Collector-Token", "k-123")
        .project("acme-shop")
        .base_url("https://shop.acme.dev")
        .build();
    let ways = [
        publish("publish, the operator's yes", config, on, Pace::IN_A_ROW),
        publish("publish, the user's yes", config, &covered, Pace::IN_A_ROW),
    ];
    let found = costs(&ways);
    report::costs("Publishing an event of 60 leaves, by whose yes", &found, &["publish, the operator's yes"]);
    if let [operator, user] = &found[..] {
        let over = user.nanoseconds - operator.nanoseconds;
        report::budget(&budgets::PUBLISH_COVERED, "", Some(over));
    }
    all_accepted(&covered)
}

/// A command line that counts its runs by day, beside one that sends each of them.
fn counted(on: &Telemetry, written_ahead: &Telemetry) -> Result<(), Box<dyn Error>> {
    let (alone, counted) =
        (Alone { name: Name::Build, failed: false, took: 20 }, Counted { name: Name::Build, failed: false, took: 20 });
    assert_eq!(on.publish(&counted), Outcome::Counted);
    let ways = [
        Way::new("publish", || on.publish(&alone)).settled(Pace::IN_A_ROW.calls, || {
            let _ = on.flush(Duration::from_secs(60));
        }),
        Way::new("publish, counted", || on.publish(&counted)),
        Way::new("publish, counted, written ahead", || written_ahead.publish(&counted)),
    ];
    let found = costs(&ways);
    report::costs("Publishing an event of 3 leaves, and counting it", &found, &["publish"]);
    if let [_, counted, _] = &found[..] {
        report::budget(&budgets::PUBLISH_COUNTED, "", Some(counted.nanoseconds));
    }
    if !is_counting() {
        let length = || -> std::io::Result<u64> {
            let state = std::path::PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
            let state = state.join(".local/state/acme-of-this-bench/telemetry");
            let lengths = std::fs::read_dir(state)?.filter_map(|file| {
                let file = file.ok()?;
                file.file_name().to_str()?.starts_with("counted-").then(|| file.metadata().ok())?
            });
            Ok(lengths.map(|file| file.len()).sum())
        };
        let one = length()?;
        for event in counted::kinds() {
            assert_eq!(on.publish(&event), Outcome::Counted);
        }
        println!("\nOn disk: {one} bytes for one distinct event, whatever its count; {} for 40.", length()?);
    }
    Ok(())
}

fn publish<'a>(name: &str, config: &'a Config, on: &'a Telemetry, pace: Pace) -> Way<'a> {
    Way::new(name, move || on.publish(config)).settled(pace.calls, move || {
        send(on);
        pace.rest();
    })
}

fn send(on: &Telemetry) {
    on.flush(Duration::from_secs(60));
}

fn all_accepted(on: &Telemetry) -> Result<(), Box<dyn Error>> {
    send(on);
    let counts = on.counts();
    println!("\n{} events were published by telemetry, {} delivered.", counts.published(), counts.delivered());
    if counts.published() == counts.delivered() + counts.counted() {
        Ok(())
    } else {
        Err("not all events were accepted".into())
    }
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
