//! Many writers, and more than fits.

use telemetry_collector::arrival::Fate;
use telemetry_collector::store::Unavailable;
use tokio::task::JoinSet;

use super::*;

#[test]
fn a_thousand_writers_at_once_are_all_answered_truly() {
    let kept = Kept::new();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let fates = runtime.block_on(async {
        let mut tasks = JoinSet::new();
        for number in 0..1_000 {
            let writer = kept.store().writer();
            // Every fourth event is sent twice.
            tasks.spawn(async move {
                writer.write(vec![event(&run(), number - u64::from(number % 4 == 3), 1, FAST)]).await
            });
        }
        tasks.join_all().await
    });
    let count = |fate| fates.iter().filter(|found| **found == Ok(vec![fate])).count();
    assert_eq!((count(Fate::Stored), count(Fate::Duplicate)), (750, 250));
    assert_eq!(kept.one::<u32>("SELECT count(*) FROM run"), 750);
}

#[test]
fn what_does_not_fit_into_memory_is_refused_at_once_and_never_lost() {
    let kept = Kept::with(Limits { waiting_bytes: 4_000, ..Limits::default() });
    // A transaction of another connection holds the writer.
    let other = Connection::open(kept.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let answers = wait(async {
        let mut tasks = JoinSet::new();
        for number in 0..50 {
            let writer = kept.store().writer();
            tasks.spawn(async move { writer.write(vec![event(&run(), number, 1, FAST)]).await });
        }
        let mut answers = Vec::new();
        while let Some(answer) = tasks.join_next().await {
            answers.push(answer.unwrap());
            if answers.len() == 20 {
                other.execute_batch("COMMIT").unwrap();
            }
        }
        answers
    });
    let stored = answers.iter().filter(|answer| **answer == Ok(vec![Fate::Stored])).count();
    let busy = answers.iter().filter(|answer| **answer == Err(Unavailable::Busy)).count();
    assert!(stored > 0 && busy > 0 && stored + busy == 50, "{stored} stored, {busy} busy");
    assert_eq!(kept.one::<usize>("SELECT count(*) FROM run"), stored);
}

#[test]
fn closing_writes_what_waits() {
    let mut kept = Kept::new();
    let store = kept.store.take().unwrap();
    let writer = store.writer();
    // A transaction of another connection holds the writer.
    let other = Connection::open(kept.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (fates, later) = wait(async {
        let mut tasks = JoinSet::new();
        for number in 0..100 {
            let writer = writer.clone();
            tasks.spawn(async move { writer.write(vec![event(&run(), number, 1, FAST)]).await });
        }
        // Every task is polled, which puts its arrival into the queue.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        let released = std::thread::spawn(move || {
            std::thread::sleep(std::time::Duration::from_millis(50));
            other.execute_batch("COMMIT").unwrap();
        });
        store.close();
        released.join().unwrap();
        (tasks.join_all().await, writer.write(vec![event(&run(), 1_000, 1, FAST)]).await)
    });
    assert!(fates.iter().all(|fate| *fate == Ok(vec![Fate::Stored])), "{fates:?}");
    assert_eq!(later, Err(Unavailable::Closed));
    let reader = Connection::open(kept.path()).unwrap();
    assert_eq!(one::<u32>(&reader, "SELECT count(*) FROM run"), 100);
}

#[test]
fn memory_stays_flat_over_many_events() {
    let kept = Kept::new();
    let schema = run();
    let mut peak = 0;
    let mut number = 0;
    for round in 0..30 {
        let numbers = number..number + 1_000;
        kept.write(numbers.map(|number| event(&schema, number, (number % 250) as u8, FAST)).collect());
        number += 1_000;
        if round == 9 {
            peak = resident();
        }
    }
    // Other tests run beside it in the same process, so this only sees what grows without bound.
    let grown = resident().saturating_sub(peak);
    assert!(grown < 64 * 1024, "{grown} KiB");
}

fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
