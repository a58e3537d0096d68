//! Processes that are killed while they publish, many at a time on one spool.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use super::{publish, report};
use crate::home::{Home, Result};
use crate::server::{Request, Server, status};

/// For a longer run, use `TELEMETRY_CRASH_ROUNDS=1000 cargo test -p telemetry-tests --test it crash`.
const ROUNDS: usize = 100;
const AT_A_TIME: usize = 8;
const EVENTS: usize = 12;

fn turn(body: &str) -> Option<usize> {
    let body: serde_json::Value = serde_json::from_str(body).ok()?;
    usize::try_from(body["payload"]["turn"].as_u64()?).ok()
}

/// Starts a program, kills it after it has published `kill_after` events, and returns the turns published by then.
fn round(home: &Home, server: &Server, round: usize, kill_after: usize) -> Result<Vec<usize>> {
    let arguments =
        format!("--durability=write-ahead --print=accepted --wait=60000 --events={EVENTS} --first={}", round * EVENTS);
    let mut child = publish(home, &server.url(), &arguments).stdout(Stdio::piped()).spawn()?;
    let lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
    let mut accepted = Vec::new();
    for line in lines {
        if accepted.len() == kill_after {
            // Half of them are killed while they publish, and half at some point during delivery.
            let share = u64::try_from(round * 7 % 16).unwrap_or(0);
            thread::sleep(Duration::from_millis(if kill_after < EVENTS / 2 { 0 } else { share * 8 }));
            child.kill()?;
        }
        accepted.extend(line?.parse::<usize>());
    }
    child.wait()?;
    Ok(accepted)
}

#[test]
fn what_was_accepted_is_delivered_whenever_the_process_is_killed() -> Result {
    let rounds = std::env::var("TELEMETRY_CRASH_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(ROUNDS);
    let home = Home::new()?;
    let server = Server::start(|_, _: &Request, stream: &mut _| {
        thread::sleep(Duration::from_millis(5));
        status(stream, "204 No Content")
    })?;
    let began = std::time::Instant::now();
    let (next, killed_with_work) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let accepted: BTreeSet<usize> = thread::scope(|scope| {
        let worker = || {
            let mut all = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= rounds {
                    return all;
                }
                let accepted = round(&home, &server, number, number % EVENTS).unwrap_or_default();
                let delivered = turns(&server);
                if accepted.iter().any(|turn| !delivered.contains_key(turn)) {
                    killed_with_work.fetch_add(1, Ordering::Relaxed);
                }
                all.extend(accepted);
            }
        };
        let workers: Vec<_> = (0..AT_A_TIME).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    let killed_with_work = killed_with_work.into_inner();
    eprintln!(
        "{killed_with_work} of {rounds} rounds were killed with events accepted and undelivered, {} accepted, {:?}",
        accepted.len(),
        began.elapsed()
    );
    assert!(killed_with_work * 10 >= rounds * 3, "{killed_with_work} of {rounds}");

    let report = report(&mut publish(&home, &server.url(), &format!("--first={} --wait=drain", rounds * EVENTS)))?;
    assert_eq!(report["status"]["spool"]["foreign"], 0, "{report}");
    let delivered = turns(&server);
    let lost: Vec<&usize> = accepted.iter().filter(|turn| !delivered.contains_key(turn)).collect();
    assert!(lost.is_empty(), "of {} accepted events {} were lost: {lost:?}\n{report}", accepted.len(), lost.len());
    assert!(
        delivered.values().all(|ids| ids.len() == 1),
        "an event has one id, however often it is sent: {delivered:?}"
    );
    assert_eq!(home.spool(), [""; 0]);
    Ok(())
}

/// The ids under which each event arrived.
fn turns(server: &Server) -> BTreeMap<usize, BTreeSet<String>> {
    let mut turns: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for request in server.requests() {
        let turn = turn(&request.body);
        assert!(turn.is_some(), "a torn or foreign line was sent: {}", request.body);
        turns.entry(turn.unwrap_or_default()).or_default().insert(request.id().to_owned());
    }
    turns
}
