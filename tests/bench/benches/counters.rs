//! What counting costs, beside an atomic integer, from 1 to 8 threads: `cargo bench --bench counters`.

use std::hint::black_box;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use telemetry::counters::{Buckets, Counter, Histogram};
use telemetry::schema::Edges;
use telemetry_bench::{budgets, processor, report};

const THREADS: [usize; 4] = [1, 2, 4, 8];

/// Makes so many calls on the thread of this number.
type Count<'a> = dyn Fn(u32, usize) + Sync + 'a;

/// Calls of each thread in a round.
const CALLS: u32 = 100_000;
const ROUNDS: usize = 50;

struct Milliseconds;

impl Buckets for Milliseconds {
    const EDGES: Edges = Edges::new(&[1, 10, 100, 1_000, 10_000]);
}

fn main() {
    let (atomic, counter, histogram) = (AtomicU64::new(0), Counter::new(), Histogram::<Milliseconds>::new());
    let own = [const { Counter::new() }; 8];
    let ways: [(&str, &Count<'_>); 4] = [
        ("`AtomicU64::fetch_add`", &|calls, _| {
            (0..calls).for_each(|_| {
                black_box(&atomic).fetch_add(1, Ordering::Relaxed);
            })
        }),
        ("`Counter::add`", &|calls, _| (0..calls).for_each(|_| black_box(&counter).add(1))),
        ("`Counter::add`, a counter for each thread", &|calls, thread| {
            (0..calls).for_each(|_| black_box(&own[thread]).add(1))
        }),
        ("`Histogram::observe`", &|calls, _| (0..calls).for_each(|_| black_box(&histogram).observe(black_box(37)))),
    ];
    println!("### Counting from more and more threads\n");
    let found = ways.map(|(_, count)| THREADS.map(|threads| Counting::of(count, threads)));
    let rows = ways.iter().zip(&found).map(|((name, _), found)| {
        let cells = found.iter().flat_map(|found| {
            [found.processor.map_or("not measured".into(), report::number), report::number(found.wall)]
        });
        [(*name).to_owned()].into_iter().chain(cells).collect()
    });
    let columns = THREADS.iter().flat_map(|threads| {
        [format!("{threads} threads: ns of a processor, a call"), "ns until the next call of any thread".to_owned()]
    });
    report::table(&[String::new()].into_iter().chain(columns).collect::<Vec<_>>(), &rows.collect::<Vec<_>>());
    let [_, [one, .., shared], [.., alone], _] = &found;
    report::budget(&budgets::COUNTER, "", Some(one.wall));
    let times = shared.processor.zip(alone.processor).map(|(shared, alone)| shared / alone);
    report::budget(&budgets::COUNTER_THREADS, "processor time", times);
    report::budget(&budgets::COUNTER_THREADS, "time until the next call", Some(shared.wall / alone.wall));
    let calls = (THREADS.iter().sum::<usize>() * ROUNDS) as u64 * u64::from(CALLS);
    let of_each = own.iter().map(Counter::get).sum();
    let counted = [atomic.into_inner(), counter.get(), of_each, histogram.counts().iter().sum()];
    assert_eq!(counted, [calls; 4], "each call counts");
}

/// What a call takes, in nanoseconds; medians of all rounds.
struct Counting {
    /// Of the counting threads, where the system tells.
    processor: Option<f64>,
    wall: f64,
}

impl Counting {
    fn of(count: &Count<'_>, threads: usize) -> Self {
        let (start, end) = (Barrier::new(threads + 1), Barrier::new(threads + 1));
        let work = |thread| {
            let round = |_| {
                start.wait();
                let before = processor::time_of_this_thread();
                count(CALLS, thread);
                let passed = processor::time_of_this_thread().zip(before).map(|(after, before)| after - before);
                end.wait();
                passed
            };
            (0..ROUNDS).map(round).collect::<Vec<_>>()
        };
        thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|thread| scope.spawn(move || work(thread))).collect();
            let round = |_| {
                start.wait();
                let begin = Instant::now();
                end.wait();
                begin.elapsed()
            };
            let walls: Vec<Duration> = (0..ROUNDS).map(round).collect();
            let times: Option<Vec<Duration>> =
                workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect();
            Self { processor: times.map(|times| each(times, 1)), wall: each(walls, threads) }
        })
    }
}

/// The time of one call; in each of these times, so many threads have made theirs.
fn each(mut times: Vec<Duration>, threads: usize) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1e9 / f64::from(CALLS) / threads as f64
}
