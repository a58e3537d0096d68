//! Events that a program publishes by itself.

use std::io::Write as _;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::home::{Home, Result, wait_until};
use crate::server::{Request, Server, status};

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

/// Of four programs, one beats in each period.
#[test]
fn four_programs_of_an_installation_beat_as_one() -> Result {
    const PERIOD: Duration = Duration::from_secs(4);
    let home = Home::new()?;
    let times: Arc<Mutex<Vec<Instant>>> = Arc::default();
    let seen = Arc::clone(&times);
    let server = Server::start(move |_, _: &Request, stream: &mut _| {
        seen.lock().unwrap().push(Instant::now());
        status(stream, "204 No Content")
    })?;
    let beat = format!("--beat-once={}", PERIOD.as_millis());
    let programs: Vec<Child> = (0..4).map(|_| start(&home, &server, &beat)).collect::<Result<_>>()?;
    wait_until(|| beats(&server).len() >= 3)?;
    let reports: Vec<Value> = programs.into_iter().map(end).collect::<Result<_>>()?;
    assert!(reports.iter().all(|report| report["status"]["heartbeats"][0]["last"].is_u64()), "{reports:?}");
    // A stamp tells whole seconds, and a request takes its time.
    let times = times.lock().unwrap();
    let gaps: Vec<Duration> = times.windows(2).map(|two| two[1] - two[0]).collect();
    assert!(gaps.iter().all(|gap| *gap > PERIOD / 2), "{gaps:?}");
    assert!(home.kept().iter().any(|name| name.starts_with("heartbeats-")), "{:?}", home.kept());
    Ok(())
}
