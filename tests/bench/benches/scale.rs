//! Whether the cost of one more stays the same: leaves of a snapshot, and threads that publish. `cargo bench --bench scale`.

use std::error::Error;
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use telemetry::{Consent, Snapshot, Telemetry, TelemetrySnapshot, sink};
use telemetry_bench::config::Config;
use telemetry_bench::cost::{Cost, Way, costs, is_counting};
use telemetry_bench::processor;
use telemetry_bench::{budgets, home, report};

/// Leaves, from one item of a list to as many as a snapshot of 64 KiB holds, whose leaves are as short as can be.
const LEAVES: [usize; 4] = [10, 100, 1_000, 10_000];

const THREADS: [usize; 4] = [1, 2, 4, 8];

/// Events of all threads between two rests, in which they are sent: fewer than the queue holds.
const ROUND: usize = 400;
const ROUNDS: usize = 400;

fn main() -> Result<(), Box<dyn Error>> {
    home::of_its_own(|| {
        leaves();
        if is_counting() { Ok(()) } else { threads() }
    })
}

#[derive(TelemetrySnapshot)]
struct List {
    #[telemetry(each(max = 1_000))]
    l: Vec<Item>,
}

#[derive(Clone, TelemetrySnapshot)]
struct Item {
    #[telemetry(number(max = 9))]
    a: u8,
    #[telemetry(number(max = 9))]
    b: u8,
    #[telemetry(number(max = 9))]
    c: u8,
    #[telemetry(number(max = 9))]
    d: u8,
    #[telemetry(number(max = 9))]
    e: u8,
    #[telemetry(number(max = 9))]
    f: u8,
    #[telemetry(number(max = 9))]
    g: u8,
    #[telemetry(number(max = 9))]
    h: u8,
    #[telemetry(number(max = 9))]
    i: u8,
    #[telemetry(number(max = 9))]
    j: u8,
}

fn leaves() {
    let item = Item { a: 0, b: 1, c: 2, d: 3, e: 4, f: 5, g: 6, h: 7, i: 8, j: 9 };
    let lists = LEAVES.map(|leaves| List { l: vec![item.clone(); leaves / 10] });
    let way = |(list, leaves)| Way::new(format!("{leaves} leaves"), move || Snapshot::of::<List>(list));
    let found = costs(&lists.iter().zip(LEAVES).map(way).collect::<Vec<_>>());
    if found.is_empty() {
        return;
    }
    println!("\n### Snapshots of more and more leaves\n");
    let row = |((cost, leaves), list): ((&Cost, usize), &List)| {
        let each = |cost: f64| report::number(cost / leaves as f64);
        vec![
            cost.name.clone(),
            Snapshot::of(list).map_or(0, |snapshot| snapshot.as_json().len()).to_string(),
            each(cost.nanoseconds),
            cost.instructions.map_or("not counted".into(), each),
            report::number(cost.allocations[0]),
            each(cost.allocations[1]),
        ]
    };
    let head = ["", "bytes", "ns a leaf", "instructions a leaf", "allocations", "bytes allocated, a leaf"];
    report::table(&head, &found.iter().zip(LEAVES).zip(&lists).map(row).collect::<Vec<_>>());
    let [_, few, _, many] = &found[..] else { return };
    let ratio = |many: f64, few: f64| many / LEAVES[3] as f64 / (few / LEAVES[1] as f64);
    let times = ratio(many.nanoseconds, few.nanoseconds);
    report::budget(&budgets::MORE_LEAVES, "time", Some(times));
    let instructions = many.instructions.zip(few.instructions).map(|(many, few)| ratio(many, few));
    report::budget(&budgets::MORE_LEAVES, "instructions", instructions);
}

fn threads() -> Result<(), Box<dyn Error>> {
    let config = Config::example();
    // Held while events are published: as over a network, the worker waits for an answer most of the time.
    let answer = Arc::new(Mutex::new(()));
    let answers = Arc::clone(&answer);
    let telemetry = Telemetry::builder(Consent::new("ACME_OF_THIS_BENCH", "acme-of-this-bench").skip_test_check())
        .sink(sink::from_fn(move |_| {
            drop(answers.lock());
            Ok(())
        }))
        .configured(Some(true))
        .build();
    println!("\n### Publishing from more and more threads\n");
    let found = THREADS.map(|threads| Publishing::of(&telemetry, &answer, &config, threads));
    let row = |(found, threads): (&Publishing, usize)| {
        vec![
            format!("{threads}"),
            found.processor.map_or("not measured".into(), report::number),
            report::number(found.wall),
        ]
    };
    let head = ["threads", "ns of a processor, an event", "ns until the next event of any thread"];
    report::table(&head, &found.iter().zip(THREADS).map(row).collect::<Vec<_>>());
    let [one, .., eight] = &found;
    let times = eight.processor.zip(one.processor).map(|(eight, one)| eight / one);
    report::budget(&budgets::MORE_THREADS, "processor time", times);
    report::budget(&budgets::MORE_THREADS, "time until the next event", Some(eight.wall / one.wall));
    let counts = telemetry.counts();
    println!("\n{} events were published, {} delivered.", counts.published(), counts.delivered());
    if counts.published() == counts.delivered() { Ok(()) } else { Err("not all events were accepted".into()) }
}

/// What an event takes, in nanoseconds; medians of all rounds.
struct Publishing {
    /// Of the publishing threads, where the system tells.
    processor: Option<f64>,
    wall: f64,
}

impl Publishing {
    fn of(telemetry: &Telemetry, answer: &Mutex<()>, config: &Config, threads: usize) -> Self {
        let (start, end) = (Barrier::new(threads + 1), Barrier::new(threads + 1));
        let publish = || {
            let mut times = Vec::new();
            for _ in 0..ROUNDS {
                start.wait();
                let before = processor::time_of_this_thread();
                for _ in 0..ROUND / threads {
                    telemetry.publish(config);
                }
                times.push(processor::time_of_this_thread().zip(before).map(|(after, before)| after - before));
                end.wait();
            }
            times
        };
        thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(publish)).collect();
            let round = |_| {
                telemetry.flush(Duration::from_secs(60));
                let held = answer.lock();
                start.wait();
                let begin = Instant::now();
                end.wait();
                let wall = begin.elapsed();
                drop(held);
                wall
            };
            let walls: Vec<Duration> = (0..ROUNDS).map(round).collect();
            telemetry.flush(Duration::from_secs(60));
            let each: Vec<Vec<Option<Duration>>> =
                workers.into_iter().map(|worker| worker.join().unwrap_or_default()).collect();
            let round = |round| each.iter().map(|times: &Vec<_>| times.get(round).copied().flatten()).sum();
            let processors: Option<Vec<Duration>> = (0..ROUNDS).map(round).collect();
            Self { processor: processors.map(an_event), wall: an_event(walls) }
        })
    }
}

fn an_event(mut rounds: Vec<Duration>) -> f64 {
    rounds.sort_unstable();
    rounds[rounds.len() / 2].as_secs_f64() * 1e9 / ROUND as f64
}
