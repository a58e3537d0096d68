//! Events that a program publishes by itself.

use std::io::Write as _;
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::home::{Home, Result, wait_until};
use crate::server::Server;

/// A program that publishes by itself until it hears something.
fn start(home: &Home, server: &Server, arguments: &str) -> Result<Child> {
    let arguments = format!("counted --configured=true --endpoint={} --hear {arguments}", server.url());
    Ok(home.child(&arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?)
}

fn end(mut program: Child) -> Result<Value> {
    program.stdin.take().ok_or("no input")?.write_all(b"\n")?;
    let output = String::from_utf8(program.wait_with_output()?.stdout)?;
    Ok(serde_json::from_str(output.trim())?)
}

fn beats(server: &Server) -> Vec<u64> {
    let beats = |body: &str| serde_json::from_str::<Value>(body).ok()?["payload"]["beats"].as_u64();
    server.requests().iter().filter_map(|request| beats(&request.body)).collect()
}

#[test]
fn a_program_beats_until_it_ends() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let program = start(&home, &server, "--beat=1000")?;
    wait_until(|| beats(&server).len() >= 2)?;
    let report = end(program)?;
    assert_eq!(beats(&server)[..2], [1, 2]);
    let heartbeat = &report["status"]["heartbeats"][0];
    assert_eq!(heartbeat["event"], "usage", "{report}");
    assert!(
        heartbeat["due_in_seconds"].as_u64().is_some_and(|seconds| seconds <= 1) && heartbeat["last"].is_u64(),
        "{report}"
    );
    Ok(())
}

#[test]
fn a_panic_costs_one_beat_and_is_counted() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let program = start(&home, &server, "--beat=1000 --panics")?;
    wait_until(|| !beats(&server).is_empty())?;
    let report = end(program)?;
    assert_eq!(beats(&server)[0], 2);
    assert_eq!(report["counts"]["dropped"]["snapshot_panicked"], 1, "{report}");
    Ok(())
}

/// A period of an hour begins with a beat within the hour; of four programs with a period of seconds, one beats in each.
#[test]
fn four_programs_of_an_installation_beat_as_one() -> Result {
    const PERIOD: u64 = 4;
    let (home, server) = (Home::new()?, Server::accepting()?);
    let programs: Vec<Child> =
        (0..4).map(|_| start(&home, &server, &format!("--beat-once={}", 1000 * PERIOD))).collect::<Result<_>>()?;
    wait_until(|| beats(&server).len() >= 3)?;
    let reports: Vec<Value> = programs.into_iter().map(end).collect::<Result<_>>()?;
    let mut times: Vec<u64> =
        reports.iter().filter_map(|report| report["status"]["heartbeats"][0]["last"].as_u64()).collect();
    times.sort_unstable();
    assert_eq!(times.len(), 4, "{reports:?}");
    assert!(times[3] - times[0] <= PERIOD + 1, "all of them know of the last beats: {times:?}");
    assert!(beats(&server).len() <= 4, "{:?}", beats(&server));
    assert!(home.kept().iter().any(|name| name.starts_with("heartbeats-")), "{:?}", home.kept());
    Ok(())
}
