//! Repeats each recorded start of the original's telemetry with ours, with its environment, working directory and options.
//! Differences that events.jsonl does not cover are recorded in more-events.jsonl, see vectors/record.mjs.

mod deviations;
mod facts;
mod redact;
mod run;
mod vector;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use self::deviations::Deviations;
use self::facts::{Difference, differences};
use self::vector::Vector;
use crate::home::Result;

/// The result of comparing one vector.
struct Compared {
    name: String,
    differences: std::result::Result<Vec<Difference>, String>,
}

#[test]
fn parity_events() -> Result {
    let mut deviations = Deviations::read(&super::read(&super::vector("deviations.toml")))?;
    let other = std::env::var_os("PARITY_EVENTS").map(PathBuf::from);
    let vectors = read(&other.clone().unwrap_or_else(|| super::vector("events.jsonl")))?;
    let counts = compare_all(&vectors, &mut deviations)?;
    println!("{counts}");
    let mut differ = counts.differ;
    // Another file need not contain every listed difference.
    let names = other.is_some().then(|| vectors.iter().map(|vector| vector.name.as_str()).collect::<Vec<_>>());
    if other.is_none() {
        differ += compare_all(&read(&super::vector("more-events.jsonl"))?, &mut deviations)?.differ;
    }
    assert_eq!(deviations.stale(names.as_deref()), Vec::<String>::new(), "these no longer occur, so strike them out");
    assert_eq!(differ, 0, "see what differs above");
    Ok(())
}

fn read(path: &Path) -> Result<Vec<Vector>> {
    let lines = super::read(path);
    let lines = lines.lines().filter(|line| !line.trim().is_empty());
    let vectors = lines.map(serde_json::from_str).collect::<serde_json::Result<Vec<_>>>()?;
    assert!(!vectors.is_empty(), "{} holds no vectors", path.display());
    Ok(vectors)
}

/// The number of vectors of each result.
#[derive(Default)]
struct Counts {
    same: usize,
    deviate: usize,
    differ: usize,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { same, deviate, differ } = self;
        write!(f, "{same} same, {deviate} deviate as listed, {differ} differ")
    }
}

/// Counts the results and prints the differences.
fn compare_all(vectors: &[Vector], deviations: &mut Deviations) -> Result<Counts> {
    let mut counts = Counts::default();
    for Compared { name, differences } in run_all(vectors)? {
        let found = differences.unwrap_or_else(|error| vec![Difference::failed(error)]);
        let unlisted: Vec<_> = found.iter().filter(|difference| !deviations.list(&name, difference)).collect();
        for difference in &unlisted {
            println!("{name}: {difference}");
        }
        match (found.is_empty(), unlisted.is_empty()) {
            (true, _) => counts.same += 1,
            (false, true) => counts.deviate += 1,
            (false, false) => counts.differ += 1,
        }
    }
    Ok(counts)
}

/// Runs the vectors in order, as many at a time as there are processors.
fn run_all(vectors: &[Vector]) -> Result<Vec<Compared>> {
    let program = crate::examples::build("auth_events")?;
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some((index, vector)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, vectors.get(at)?)))
        {
            let ours = run::run(&program, vector).map_err(|error| error.to_string());
            let differences = ours.map(|ours| differences(&vector.recorded(), &ours));
            done.push((index, Compared { name: vector.name.clone(), differences }));
        }
        done
    };
    let workers = thread::available_parallelism()?.get().max(2) * 2;
    let mut all: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    all.sort_by_key(|(index, _)| *index);
    Ok(all.into_iter().map(|(_, compared)| compared).collect())
}
