//! Events that earlier programs left on disk, and the short-lived programs that follow.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::{publish, report};
use crate::home::{CHILD, Home, Result, wait_until};
use crate::server::{Request, Server, free_address, status, url};
use crate::time::at;

/// A home in which this many events wait for a receiver at the returned address. The first pause is over.
fn backlog(events: usize) -> Result<(Home, SocketAddr)> {
    let (home, address) = (Home::new()?, free_address()?);
    let left = report(&mut publish(&home, &url(address), &format!("--events={events} --wait=attempt")))?;
    assert_eq!(left["status"]["spool"]["events"], events, "{left}");
    home.ends_pauses()?;
    Ok((home, address))
}

/// A receiver with some latency, like one on another machine.
fn receiver(address: SocketAddr) -> Result<Server> {
    Ok(Server::start_at(address, |_, _: &Request, stream: &mut TcpStream| {
        thread::sleep(Duration::from_millis(2));
        status(stream, "204 No Content")
    })?)
}

fn waiting(home: &Home, endpoint: &str) -> Result<u64> {
    let report = report(&mut publish(home, endpoint, "--configured=false"))?;
    report["status"]["spool"]["events"].as_u64().ok_or_else(|| "no number".into())
}

/// The benchmark `backlog` shows the same with 500 events.
#[test]
fn short_programs_drain_a_backlog_and_do_not_send_it_again_and_again() -> Result {
    const EVENTS: usize = 60;
    for mode in ["", "--durability=write-ahead"] {
        let (home, address) = backlog(EVENTS)?;
        let server = receiver(address)?;
        let mut runs = 0;
        while waiting(&home, &server.url())? > 0 || runs == 0 {
            runs += 1;
            // How many events a run sends in its time depends on the machine. `cargo bench --bench backlog` counts the runs.
            assert!(runs <= 4 * EVENTS, "{mode}: {} events wait after {runs} runs", waiting(&home, &server.url())?);
            publish(&home, &server.url(), &format!("--first={} --work=30 --wait=no --end=return {mode}", 1000 + runs))
                .status()?;
        }
        assert_eq!(server.ids().len(), EVENTS + runs, "{mode}");
        // On a busy machine a program's time may end while it waits for an answer. The next one sends that event again.
        let again = server.requests().len() - server.ids().len();
        assert!(again <= runs / 3, "{mode}: {again} were sent again in {runs} runs");
        assert_eq!(home.spool(), [""; 0], "{mode}");
    }
    Ok(())
}

#[test]
fn the_oldest_event_is_sent_first() -> Result {
    let (home, address) = backlog(3)?;
    let server = receiver(address)?;
    report(&mut publish(&home, &server.url(), "--first=9 --wait=drain"))?;
    let turns: Vec<u64> = server.requests().iter().filter_map(|request| turn(&request.body)).collect();
    assert_eq!(turns, [1, 2, 3, 9]);
    Ok(())
}

fn turn(body: &str) -> Option<u64> {
    serde_json::from_str::<Value>(body).ok()?["payload"]["turn"].as_u64()
}

#[test]
fn a_full_disk_drains_with_an_uploader_too() -> Result {
    let (home, address) = backlog(500)?;
    let server = receiver(address)?;
    let report =
        report(&mut publish(&home, &server.url(), "--first=1000 --upload=detached --wait=no --print=accepted"))?;
    assert_eq!(report["counts"]["dropped"], json!({}), "{report}");
    wait_until(|| server.ids().len() == 501 && home.spool().is_empty())?;
    assert_eq!(server.requests().len(), 501);
    Ok(())
}

#[test]
fn an_event_that_is_not_as_durable_as_was_asked_for_is_not_called_accepted() -> Result {
    let (home, address) = backlog(500)?;
    for arguments in ["--upload=detached", "--durability=write-ahead"] {
        let output =
            publish(&home, &url(address), &format!("--print=accepted --wait=no --end=exit {arguments}")).output()?;
        assert_eq!(String::from_utf8(output.stdout)?, "", "{arguments}");
    }
    Ok(())
}

#[test]
fn a_pause_that_a_receiver_asks_for_is_obeyed_by_every_program() -> Result {
    let home = Home::new()?;
    let server = Server::start(|number, _: &Request, stream: &mut TcpStream| {
        status(stream, if number == 1 { "429 Too Many Requests\r\nretry-after: 3600" } else { "204 No Content" })
    })?;
    report(&mut publish(&home, &server.url(), "--wait=attempt"))?;
    for (turn, arguments) in (2..).zip([
        "--end=return",
        "--durability=write-ahead --end=return",
        "--wait=300",
        "--upload=detached --end=return",
    ]) {
        publish(&home, &server.url(), &format!("--first={turn} --work=20 --wait=no {arguments}")).output()?;
    }
    // The uploader has also run to its end, and has taken none of the events.
    wait_until(|| fs::read(home.state().join("upload.lock")).is_ok_and(|text| text == b".+"))?;
    assert_eq!(server.requests().len(), 1);
    let told = report(&mut home.child(&format!("publish --configured=false --endpoint={}", server.url())))?;
    let paused = told["status"]["queue"]["paused_seconds"].as_u64().unwrap_or(0);
    assert!((3_500..=5_400).contains(&paused), "{told}");
    assert_eq!(
        (&told["status"]["obstacle"], &told["status"]["spool"]["events"]),
        (&json!({"answer": 429}), &5.into()),
        "{told}"
    );

    home.ends_pauses()?;
    report(&mut publish(&home, &server.url(), "--first=9 --wait=drain"))?;
    assert_eq!((server.ids().len(), server.requests().len()), (6, 7));
    assert_eq!(home.spool(), [""; 0]);
    Ok(())
}

#[test]
fn an_event_that_fails_each_time_does_not_hold_up_the_others() -> Result {
    let (home, address) = backlog(3)?;
    let server = Server::start_at(address, |_, request: &Request, stream: &mut TcpStream| {
        status(stream, if turn(&request.body) == Some(1) { "503 Service Unavailable" } else { "204 No Content" })
    })?;
    for run in 0..10 {
        publish(&home, &server.url(), &format!("--first={} --wait=no --work=20 --end=return", 10 + run)).status()?;
        let tried: BTreeSet<u64> = server.requests().iter().filter_map(|request| turn(&request.body)).collect();
        if [1, 2, 3].iter().all(|turn| tried.contains(turn)) {
            return Ok(());
        }
        // The file names the event that failed last, so the file is kept. Wait until the pause is over.
        thread::sleep(Duration::from_millis(1_100));
    }
    Err(format!("not all were tried: {:?}", server.requests()).into())
}

#[test]
fn what_was_accepted_with_the_context_is_on_disk_at_once_and_gets_the_rest_from_who_sends_it() -> Result {
    for mode in ["--durability=write-ahead", "--upload=detached"] {
        let (home, address) = (Home::new()?, free_address()?);
        if mode.ends_with("detached") {
            // An uploader has already run, so no other will be started.
            fs::create_dir_all(home.state())?;
            home.closes_state()?;
            fs::write(home.state().join("upload.lock"), ".+")?;
        }
        for turn in 1..=10 {
            let arguments = format!("--context=1 --first={turn} --print=accepted --wait=no --end=exit {mode}");
            let output = publish(&home, &url(address), &arguments).output()?;
            assert_eq!(String::from_utf8(output.stdout)?.trim(), turn.to_string(), "{mode}");
        }
        home.ends_pauses()?;
        assert_eq!(waiting(&home, &url(address))?, 10, "{mode}");
        let server = receiver(address)?;
        report(&mut publish(&home, &server.url(), "--first=100 --wait=drain"))?;
        let context =
            server.requests().into_iter().filter(|request| turn(&request.body).is_some_and(|turn| turn <= 10));
        let bodies: Vec<Value> = context.filter_map(|request| serde_json::from_str(&request.body).ok()).collect();
        assert_eq!(bodies.len(), 10, "{mode}");
        for body in bodies {
            let payload = &body["payload"];
            assert_eq!((&body["type"], &payload["runtime"]["name"]), (&"init".into(), &"rust".into()), "{body}");
            assert!(payload["systemInfo"]["cpuCount"].is_u64(), "{body}");
            // Values that may differ in another process are left out.
            assert_eq!(
                (&payload["environment"], &payload["systemInfo"]["isTTY"]),
                (&Value::Null, &Value::Null),
                "{body}"
            );
        }
    }
    Ok(())
}

#[test]
fn a_file_that_is_deleted_under_a_program_is_noticed_before_it_says_accepted() -> Result {
    let (home, address) = (Home::new()?, free_address()?);
    let mut command =
        publish(&home, &url(address), "--durability=write-ahead --events=3 --print=accepted --hear-each --hear");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut input = child.stdin.take().ok_or("no input")?;
    let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
    for turn in 1..=3 {
        input.write_all(b"\n")?;
        assert_eq!(lines.next().ok_or("no line")??, turn.to_string());
        if turn < 3 {
            for name in home.spool() {
                fs::remove_file(home.state().join(name))?;
            }
        }
    }
    child.kill()?;
    child.wait()?;
    home.ends_pauses()?;
    let server = receiver(address)?;
    report(&mut publish(&home, &server.url(), "--first=9 --wait=drain"))?;
    let turns: BTreeSet<u64> = server.requests().iter().filter_map(|request| turn(&request.body)).collect();
    assert_eq!(turns, BTreeSet::from([1, 2, 3, 9]));
    Ok(())
}

#[test]
fn the_end_holds_its_time_on_a_slow_disk() -> Result {
    const EVENTS: u64 = 50;
    let home = Home::new()?;
    let server = Server::start(|_, _: &Request, _: &mut TcpStream| {
        loop {
            thread::park();
        }
    })?;
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=write", "-e", "inject=write:delay_exit=10000"]);
    command.args(["-E", &format!("HOME={}", home.path().display()), CHILD]);
    command.args(["publish", "--configured=true", &format!("--endpoint={}", server.url())]);
    command.args([&format!("--events={EVENTS}"), "--wait=no", "--work=200"]);
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    let report = report(&mut command)?;
    let time = |name: &str| report[name].as_u64().unwrap_or(u64::MAX);
    assert!(time("ending_ms") < 150 + 2 * time("nap_ms").saturating_sub(50), "{report}");
    assert_eq!(report["counts"]["spooled"], EVENTS, "{report}");
    Ok(())
}

#[test]
fn a_clock_that_is_wrong_loses_nothing_and_tells_no_wrong_age() -> Result {
    for time in ["@1970-01-02 00:00:00", "@2099-01-01 00:00:00", "-30d", "+30d"] {
        let (home, address) = (Home::new()?, free_address()?);
        let mut command = publish(&home, &url(address), "--wait=attempt --end=return");
        let Some(command) = at(&mut command, time, false) else { return Ok(()) };
        command.status()?;
        home.ends_pauses()?;
        let server = receiver(address)?;
        report(&mut publish(&home, &server.url(), "--first=2 --wait=drain"))?;
        let ages: Vec<String> =
            server.requests().iter().map(|request| request.header("telemetry-age").to_owned()).collect();
        assert_eq!(ages, ["0", "0"], "{time}");
    }
    Ok(())
}

#[test]
fn each_request_tells_how_many_days_its_event_has_waited_and_after_seven_it_expires() -> Result {
    for (time, age) in [("-3h", Some("0")), ("-25h", Some("1")), ("-5d", Some("5")), ("-8d", None)] {
        let (home, address) = (Home::new()?, free_address()?);
        let mut command = publish(&home, &url(address), "--wait=attempt --end=return");
        let Some(command) = at(&mut command, time, true) else { return Ok(()) };
        command.status()?;
        home.ends_pauses()?;
        let server = receiver(address)?;
        let later = report(&mut publish(&home, &server.url(), "--first=2 --wait=drain"))?;
        let of_turn_one = server.requests().into_iter().find(|request| turn(&request.body) == Some(1));
        assert_eq!(of_turn_one.as_ref().map(|request| request.header("telemetry-age")), age, "{time}");
        assert_eq!(later["status"]["spool"]["expired"], u64::from(age.is_none()), "{time}: {later}");
    }
    Ok(())
}

#[test]
fn a_clock_before_1970_ends_no_program() -> Result {
    let (home, server) = (Home::new()?, super::tls::Tls::start(Duration::ZERO)?);
    let mut command = publish(&home, &server.url(), "--wait=300");
    let Some(command) = at(&mut command, "@1969-06-01 00:00:00", false) else { return Ok(()) };
    let report = report(command.env("SSL_CERT_FILE", super::tls::Tls::AUTHORITY))?;
    assert_eq!(report["counts"]["dropped"], json!({}), "{report}");
    Ok(())
}
