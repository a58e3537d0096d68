//! Counted events: what many processes count in a day is sent once, when the day is over.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::files::without_locks;
use crate::home::{Home, Result, printed};
use crate::server::{Server, free_address, url};
use crate::time::at;

/// The counting program, with consent.
fn count(home: &Home, endpoint: &str, arguments: &str) -> Command {
    home.child(&format!("counted --configured=true --endpoint={endpoint} {arguments}"))
}

/// What the program prints at its end when it ran 25 hours ago, if it can be shown another time.
fn yesterday(home: &Home, endpoint: &str, arguments: &str) -> Result<Option<Value>> {
    at(&mut count(home, endpoint, arguments), "-25h", true).map(report).transpose()
}

/// What it prints at its end.
fn report(command: &mut Command) -> Result<Value> {
    let text = printed(command)?;
    serde_json::from_str(text.lines().last().unwrap_or_default()).map_err(|_| text.clone().into())
}

/// The counts that arrived, by the id of each event, so that none counts twice.
fn arrived(server: &Server) -> BTreeMap<String, u64> {
    let count = |body: &str| serde_json::from_str::<Value>(body).ok()?["payload"]["count"].as_u64();
    let requests = server.requests();
    requests.iter().filter_map(|request| Some((request.id().to_owned(), count(&request.body)?))).collect()
}

fn total(server: &Server) -> u64 {
    arrived(server).values().sum()
}

#[test]
fn what_is_counted_in_a_day_is_sent_by_the_first_program_after_it() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    for events in [6, 4] {
        let Some(report) = yesterday(&home, &server.url(), &format!("--names=2 --events={events}"))? else {
            return Ok(());
        };
        assert_eq!(report["counts"]["counted"], events, "{report}");
    }
    let Some(today) = yesterday(&home, &server.url(), "--names=2")? else { return Ok(()) };
    assert_eq!(today["status"]["counted"]["today"], 10, "{today}");
    assert_eq!(today["status"]["counted"]["distinct"], 2, "{today}");
    assert!(server.requests().is_empty());
    assert_eq!(home.kept().len(), 2, "the salt and the counts: {:?}", home.kept());

    let later = report(&mut count(&home, &server.url(), "--names=1 --events=1"))?;
    assert_eq!(later["status"]["counted"]["today"], 1, "{later}");
    let bodies: Vec<Value> = server
        .requests()
        .iter()
        .map(|request| serde_json::from_str(&request.body))
        .collect::<std::result::Result<_, _>>()?;
    let payload = |name: &str| serde_json::json!({ "name": name, "failed": false, "count": 5 });
    let mut payloads: Vec<&Value> = bodies.iter().map(|body| &body["payload"]).collect();
    payloads.sort_by_key(|payload| payload["name"].to_string());
    assert_eq!(payloads, [&payload("Build"), &payload("Check")]);
    for request in server.requests() {
        // 25 hours before today is the day before yesterday in the first hour of a day.
        assert!(["1", "2"].contains(&request.header("telemetry-age")), "{}", request.header("telemetry-age"));
    }
    assert_eq!(later["counts"]["published"], 3, "the event, and two that tell the counts: {later}");
    Ok(())
}

/// What one process of several counts is not lost when the receiver is down on the next day.
#[test]
fn counts_wait_in_the_spool_for_a_receiver_that_is_down() -> Result {
    let (home, address) = (Home::new()?, free_address()?);
    if yesterday(&home, &url(address), "--names=1 --events=3")?.is_none() {
        return Ok(());
    }
    let later = report(&mut count(&home, &url(address), "--names=1 --events=1 --wait=moved"))?;
    assert_eq!(
        (&later["status"]["spool"]["events"], &later["status"]["counted"]["today"]),
        (&1.into(), &1.into()),
        "{later}"
    );
    home.ends_pauses()?;
    let server = Server::start_at(address, |_, _: &crate::server::Request, stream: &mut _| {
        crate::server::status(stream, "204 No Content")
    })?;
    // An event that is sent at once starts the worker.
    super::report(&mut super::publish(&home, &server.url(), "--wait=drain"))?;
    assert_eq!(total(&server), 3);
    Ok(())
}

#[test]
fn a_detached_uploader_sends_what_was_counted() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    if yesterday(&home, &server.url(), "--upload --names=1 --events=3")?.is_none() {
        return Ok(());
    }
    assert!(server.requests().is_empty());
    report(&mut count(&home, &server.url(), "--upload --names=1 --events=1 --wait=children"))?;
    crate::home::wait_until(|| total(&server) == 3)?;
    Ok(())
}

#[test]
fn a_no_deletes_the_counts_and_ends_the_counting() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let mut running = count(&home, &server.url(), "--events=3 --names=1 --print --hear");
    let mut running = running.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut lines = BufReader::new(running.stdout.take().ok_or("no output")?).lines();
    let mut input = running.stdin.take().ok_or("no input")?;
    assert_eq!(lines.next().transpose()?.as_deref(), Some("0"));
    let counts = || home.kept().into_iter().filter(|name| name.starts_with("counted-")).count();
    assert_eq!(counts(), 1);
    printed(&mut home.consent("disable"))?;
    assert_eq!(counts(), 0);
    input.write_all(b"\n\n\n")?;
    // The program may accept events until it writes what it has accepted, and then tells that they are lost.
    let report: Value = serde_json::from_str(&lines.last().ok_or("no report")??)?;
    assert_eq!(report["counts"]["counted"], 1, "{report}");
    assert_eq!(report["counts"]["dropped"]["consent_withdrawn"], 2, "{report}");
    running.wait()?;
    assert_eq!((counts(), server.requests().len()), (0, 0));
    Ok(())
}

/// The same program without file locks.
fn without<'a>(command: &'a mut Command, locks: &Path) -> &'a mut Command {
    let before = command.get_envs().find(|(name, _)| *name == "LD_PRELOAD").and_then(|(_, value)| value);
    let libraries: Vec<&OsStr> = before.into_iter().chain([locks.as_os_str()]).collect();
    let libraries = libraries.join(OsStr::new(" "));
    command.env("LD_PRELOAD", libraries)
}

#[test]
fn where_files_cannot_be_locked_each_program_counts_in_a_file_of_its_own() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let Some(library) = without_locks(&home)? else { return Ok(()) };
    for _ in 0..2 {
        let mut command = count(&home, &server.url(), "--names=1 --events=5");
        let Some(command) = at(&mut command, "-25h", true) else { return Ok(()) };
        report(without(command, &library))?;
    }
    let files: Vec<String> = home.kept().into_iter().filter(|name| name.starts_with("counted-")).collect();
    assert!(files.len() >= 2, "{files:?}");
    for name in files {
        let file = File::options().write(true).open(home.state().join(name))?;
        file.set_modified(SystemTime::now() - Duration::from_secs(120))?;
    }
    report(without(&mut count(&home, &server.url(), "--names=1 --events=1 --wait=drain"), &library))?;
    assert_eq!(total(&server), 10);
    Ok(())
}

#[test]
fn a_client_that_prints_shows_each_event() -> Result {
    let home = Home::new()?;
    let output = home.child("counted --debug --names=1 --events=2").output()?;
    let printed = String::from_utf8(output.stderr)?;
    assert_eq!(printed.matches(r#""count": 1"#).count(), 2, "{printed}");
    assert!(home.kept().is_empty());
    Ok(())
}

/// For a longer run, use `TELEMETRY_COUNTED_EVENTS=100000 cargo test -p telemetry-tests --test it counted`.
const EVENTS: usize = 10_000;
const ROUNDS: usize = 80;
const AT_A_TIME: usize = 8;

/// What the clocks of the programs show.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Clocks {
    /// Days pass, and the wall clock is a day ahead or behind at times.
    Pass,
    /// The wall clock shows other days, while the system runs on for a moment.
    Jump,
}

/// The time of a program, in hours from now.
fn hours(round: usize) -> i64 {
    i64::try_from(24 * 5 * round / ROUNDS).unwrap_or_default() + [0, 24, 0, -24, 30, 0, -3, 0][round % 8]
}

fn then(command: &mut Command, hours: i64, clocks: Clocks) -> Option<&mut Command> {
    at(command, &format!("{hours:+}h"), clocks == Clocks::Pass)
}

/// Starts a program on some day that counts, and kills it after so many, unless it comes to its end. Returns how many it had counted on
/// disk by then, and how many more there may be: in memory, what it had accepted since it was flushed, and one if it was killed. At its end, a
/// program tells what it had accepted and could not count in time.
fn round(home: &Home, server: &Server, round: usize, events: usize, clocks: Clocks) -> Result<(u64, u64)> {
    let kill_after = if round.is_multiple_of(2) { usize::MAX } else { events * (round * 7 % 10) / 10 };
    let is_written_ahead = round.is_multiple_of(3);
    let durability = if is_written_ahead { "--durability" } else { "--flush-each=20" };
    let mut command = count(home, &server.url(), &format!("{durability} --print --events={events}"));
    let command = then(&mut command, hours(round), clocks).ok_or("no other time")?;
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let (mut counted, mut written, mut in_memory, mut is_killed) = (0, 0, 0, false);
    let mut last = String::new();
    for line in BufReader::new(child.stdout.take().ok_or("no output")?).lines() {
        let line = line?;
        counted += usize::from(line.parse::<usize>().is_ok());
        in_memory += usize::from(line == "in memory");
        if is_written_ahead || line == "written" {
            written = counted;
        }
        if counted == kill_after && !is_killed {
            is_killed = true;
            child.kill()?;
        }
        last = line;
    }
    child.wait()?;
    if let (false, Ok(report)) = (is_killed, serde_json::from_str::<Value>(&last)) {
        let counted = report["counts"]["counted"].as_u64().ok_or("no count")?;
        return Ok((counted.saturating_sub(in_memory as u64), in_memory as u64));
    }
    Ok((written as u64, (counted - written + in_memory + 1) as u64))
}

/// Eight programs at a time count, of which every second one is killed.
fn soak(clocks: Clocks) -> Result {
    let events = std::env::var("TELEMETRY_COUNTED_EVENTS").ok().and_then(|text| text.parse().ok()).unwrap_or(EVENTS);
    let (home, server) = (Home::new()?, Server::accepting()?);
    if then(&mut Command::new("true"), 1, clocks).is_none() {
        return Ok(());
    }
    let next = AtomicUsize::new(0);
    let rounds: std::result::Result<Vec<(u64, u64)>, String> = thread::scope(|scope| {
        let worker = || {
            let mut all = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= ROUNDS {
                    return all;
                }
                all.push(round(&home, &server, number, events / ROUNDS, clocks).map_err(|error| error.to_string()));
            }
        };
        let workers: Vec<_> = (0..AT_A_TIME).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    let rounds = rounds?;
    let counted: u64 = rounds.iter().map(|(written, _)| written).sum();
    let more: u64 = rounds.iter().map(|(_, more)| more).sum();
    // Each day that was counted is over by then, also one that began ahead of the clock. Each of these programs counts one event.
    let mut last = Value::Null;
    for hours in [144, 169, 194] {
        let mut command = count(&home, &server.url(), "--wait=drain --events=1 --names=1");
        last = report(then(&mut command, hours, clocks).ok_or("no other time")?)?;
    }
    let today = last["status"]["counted"]["today"].as_u64().unwrap_or_default();
    let arrived = total(&server) + today - 3;
    assert!(
        (counted..=counted + more).contains(&arrived),
        "{counted} counted on disk, at most {more} more, {arrived} arrived: {last}"
    );
    assert!(counted > events as u64 / 2 && more > 20, "{counted} {more}");
    eprintln!(
        "{clocks:?}: {counted} counted on disk, at most {more} more, {arrived} arrived, in {} events",
        self::arrived(&server).len()
    );
    Ok(())
}

#[test]
fn what_arrives_sums_to_what_was_counted_whoever_is_killed() -> Result {
    soak(Clocks::Pass)
}

#[test]
fn what_arrives_sums_to_what_was_counted_whatever_the_clock_shows() -> Result {
    soak(Clocks::Jump)
}
