//! Several events in one request, for receivers that take them.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::{SocketAddr, TcpStream};
#[cfg(target_os = "linux")]
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use serde_json::{Value, json};

use super::{publish, report};
#[cfg(target_os = "linux")]
use crate::home::CHILD;
use crate::home::{Home, Result, wait_until};
use crate::server::{Request, Server, answer, free_address, status, url};

/// A home in which so many events wait for a receiver, and its address.
fn waiting(events: usize) -> Result<(Home, SocketAddr)> {
    let (home, address) = (Home::new()?, free_address()?);
    report(&mut publish(&home, &url(address), &format!("--events={events} --wait=attempt")))?;
    home.ends_pauses()?;
    Ok((home, address))
}

/// Publishes one more event, and waits until none is left.
fn drains(home: &Home, server: &Server) -> Result<Value> {
    report(&mut publish(home, &server.url(), "--batches --first=1000 --wait=drain"))
}

fn lines(request: &Request) -> Vec<Value> {
    request.body.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

fn is_batch(request: &Request) -> bool {
    request.header("content-type") == "application/x-ndjson"
}

/// Answers a batch with the word that `fate` gives to each of its events, by their turns, and takes every single event.
fn judging(
    address: SocketAddr,
    fate: impl Fn(usize, u64) -> &'static str + Send + Sync + 'static,
) -> io::Result<Server> {
    Server::start_at(address, move |number, request: &Request, stream: &mut TcpStream| {
        if !is_batch(request) {
            return status(stream, "204 No Content");
        }
        let turns = lines(request).into_iter().filter_map(|line| line["payload"]["turn"].as_u64());
        let fates: Vec<&str> = turns.map(|turn| fate(number, turn)).collect();
        answer(stream, "200 OK", &json!({ "fates": fates }).to_string())
    })
}

/// The turns of all events in these requests.
fn turns(requests: &[Request]) -> Vec<u64> {
    let turn = |line: &Value| line["payload"]["turn"].as_u64();
    requests.iter().flat_map(lines).filter_map(|line| turn(&line)).collect()
}

#[test]
fn events_that_wait_go_in_requests_of_at_most_100_with_the_bytes_of_single_ones() -> Result {
    let (home, address) = waiting(249)?;
    let server = judging(address, |_, _| "stored")?;
    let report = drains(&home, &server)?;
    assert_eq!(report["status"]["spool"]["recovered"]["delivered"], 249, "{report}");
    assert_eq!(report["counts"]["delivered"], 1, "{report}");
    let requests = server.requests();
    assert_eq!(requests.iter().map(|request| lines(request).len()).collect::<Vec<_>>(), [16, 32, 64, 100, 38]);
    let mut turns = turns(&requests);
    turns.sort_unstable();
    assert_eq!(turns, (1..=249).chain([1000]).collect::<Vec<_>>());

    let names = |request: &Request| request.headers.iter().map(|(name, _)| name.clone()).collect::<BTreeSet<_>>();
    let expected = ["accept", "content-length", "content-type", "host", "user-agent"].map(str::to_owned);
    assert_eq!(names(&requests[0]), BTreeSet::from(expected));
    let ids: BTreeSet<String> = requests.iter().flat_map(lines).map(|line| line["id"].to_string()).collect();
    assert_eq!(ids.len(), 250);
    for line in requests[0].body.lines() {
        let members: Value = serde_json::from_str(line)?;
        let (id, schema) = (members["id"].as_str().unwrap_or(""), members["schema"].as_str().unwrap_or(""));
        let head = format!(r#"{{"id":"{id}","schema":"{schema}","age":0,"#);
        let turn = &members["payload"]["turn"];
        let start = format!(r#"{{"type":"started","payload":{{"turn":{turn}}},"anonymousId":""#);
        let single = line.strip_prefix(&head).map(|rest| format!("{{{rest}")).unwrap_or_default();
        assert!(single.starts_with(&start) && schema.len() == 64, "{line}");
    }

    let last = ["sent-before.ndjson", "sent.ndjson"].map(|name| std::fs::read_to_string(home.state().join(name)));
    let last = last.map(|text| text.unwrap_or_default()).concat();
    let last: Vec<Value> = last.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let kept: BTreeSet<String> = last.iter().map(|sent| sent["id"].to_string()).collect();
    let sent: Vec<String> = requests.iter().flat_map(lines).map(|line| line["id"].to_string()).collect();
    assert!(sent.iter().rev().take(20).all(|id| kept.contains(id)), "{last:?}");
    assert_eq!(last[0]["body"]["type"], "started");
    Ok(())
}

#[test]
fn each_event_is_counted_by_its_fate_and_what_is_to_be_sent_again_is() -> Result {
    let (home, address) = waiting(9)?;
    let server = judging(address, |number, turn| match turn % 3 {
        0 => "rejected",
        1 if number == 1 => "retry",
        _ => "stored",
    })?;
    let report = drains(&home, &server)?;
    let recovered = &report["status"]["spool"]["recovered"];
    assert_eq!((&recovered["delivered"], &recovered["dropped"]), (&6.into(), &json!({"refused": 3})), "{report}");
    assert_eq!(report["counts"]["delivered"], 1, "{report}");
    let requests = server.requests();
    assert_eq!(lines(&requests[0]).len(), 10);
    assert!(!is_batch(&requests[1]), "after a failure one is sent alone");
    let mut again = turns(&requests[1..]);
    again.sort_unstable();
    assert_eq!(again, [1, 4, 7, 1000]);
    Ok(())
}

#[test]
fn a_pause_that_is_asked_of_a_batch_is_kept_with_all_events_on_disk() -> Result {
    let (home, address) = waiting(5)?;
    let server = Server::start_at(address, |_, _: &Request, stream: &mut TcpStream| {
        status(stream, "429 Too Many Requests\r\nretry-after: 3600")
    })?;
    let report = report(&mut publish(&home, &server.url(), "--batches --first=1000 --wait=attempt"))?;
    assert_eq!((server.requests().len(), lines(&server.requests()[0]).len()), (1, 6));
    let paused = report["status"]["queue"]["paused_seconds"].as_u64().unwrap_or(0);
    assert!((3_500..=5_400).contains(&paused), "{report}");
    assert_eq!(report["status"]["spool"]["events"], 6, "{report}");
    Ok(())
}

#[test]
fn after_a_pause_of_another_process_one_event_goes_first() -> Result {
    let (home, address) = (Home::new()?, free_address()?);
    report(&mut publish(&home, &url(address), "--events=6 --wait=attempt"))?;
    home.has_waited()?;
    let server = judging(address, |_, _| "stored")?;
    drains(&home, &server)?;
    let requests = server.requests();
    assert_eq!(requests.iter().map(|request| lines(request).len()).collect::<Vec<_>>(), [1, 2, 4]);
    Ok(())
}

#[test]
fn a_receiver_that_takes_no_batches_gets_each_event_alone_without_a_pause() -> Result {
    let (home, address) = waiting(5)?;
    let server = Server::start_at(address, |_, request: &Request, stream: &mut TcpStream| {
        status(stream, if is_batch(request) { "415 Unsupported Media Type" } else { "204 No Content" })
    })?;
    let report = drains(&home, &server)?;
    assert_eq!(report["status"]["spool"]["recovered"]["delivered"], 5, "{report}");
    assert_eq!((server.requests().len(), turns(&server.requests()[1..]).len()), (7, 6));
    Ok(())
}

/// The receiver waits with its first answer until the no is stored.
#[test]
fn a_no_stops_what_is_not_yet_on_its_way() -> Result {
    let (home, address) = waiting(150)?;
    let home = Arc::new(home);
    let user = Arc::clone(&home);
    let server = Server::start_at(address, move |_, request: &Request, stream: &mut TcpStream| {
        user.consent("disable").output()?;
        answer(stream, "200 OK", &json!({ "fates": vec!["stored"; request.body.lines().count()] }).to_string())
    })?;
    publish(&home, &server.url(), "--batches --first=1000 --wait=drain").output()?;
    assert_eq!(server.requests().iter().map(|request| lines(request).len()).collect::<Vec<_>>(), [16]);
    assert_eq!((home.spool(), home.stored()), (vec![], Some("disabled\n".to_owned())));
    Ok(())
}

#[test]
fn an_id_that_does_not_last_is_told_once_for_all_lines() -> Result {
    let home = Home::new()?;
    let server = judging(SocketAddr::from(([127, 0, 0, 1], 0)), |_, _| "stored")?;
    let mut command = publish(&home, &server.url(), "--batches --events=40");
    let report = report(command.env("HOME", home.path().join("nowhere")))?;
    assert_eq!(report["counts"]["delivered"], 40, "{report}");
    let requests = server.requests();
    assert!(requests.iter().all(|request| request.header("telemetry-id") == "ephemeral"), "{requests:?}");
    assert_eq!(turns(&requests).len(), 40);
    Ok(())
}

#[cfg(unix)]
#[test]
fn the_uploader_sends_batches_too() -> Result {
    let (home, address) = waiting(30)?;
    let server = judging(address, |_, _| "stored")?;
    publish(&home, &server.url(), "--batches --upload=detached --first=1000 --wait=no --end=exit").status()?;
    wait_until(|| turns(&server.requests()).len() >= 31)?;
    let requests = server.requests();
    assert!(is_batch(&requests[0]), "{requests:?}");
    let distinct: BTreeSet<u64> = turns(&requests).into_iter().collect();
    assert_eq!(distinct, (1..=30).chain([1000]).collect());
    Ok(())
}

/// A request with two ids would tell that both belong to one machine.
#[test]
fn no_request_has_events_under_two_ids() -> Result {
    let (home, address) = (Home::new()?, free_address()?);
    for (first, project) in [(1, "one"), (101, "two"), (201, "three")] {
        let arguments = format!("--id=unkeyed --project={project} --first={first} --events=5 --wait=attempt");
        report(&mut publish(&home, &url(address), &arguments))?;
        home.ends_pauses()?;
    }
    let server = judging(address, |_, _| "stored")?;
    drains(&home, &server)?;
    let requests = server.requests();
    let ids =
        |request: &Request| lines(request).iter().map(|line| line["anonymousId"].to_string()).collect::<BTreeSet<_>>();
    assert!(requests.iter().all(|request| ids(request).len() == 1), "{requests:?}");
    assert_eq!(requests.iter().flat_map(ids).collect::<BTreeSet<_>>().len(), 4);
    assert!(requests.iter().any(is_batch) && turns(&requests).len() == 16, "{requests:?}");
    Ok(())
}

/// A program may end at any time. The fewer writes there are, the fewer events are sent again by the next one.
#[cfg(target_os = "linux")]
#[test]
fn all_events_of_a_request_are_marked_by_one_write() -> Result {
    let (home, address) = waiting(9)?;
    let server = judging(address, |_, turn| if turn <= 7 { "stored" } else { "retry" })?;
    let trace = home.path().join("trace");
    let mut command = Command::new("strace");
    command.args(["-f", "-y", "-s", "1000000", "-e", "trace=write", "-o"]).arg(&trace);
    command.args(["-E", &format!("HOME={}", home.path().display())]).arg(CHILD);
    command.args(["publish", "--configured=true", &format!("--endpoint={}", server.url())]);
    command.args(["--batches", "--first=1000", "--wait=attempt"]);
    report(command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()))?;
    let trace = std::fs::read_to_string(trace)?;
    let done = |call: &str| if call.contains("/spool-") { call.matches(r#"\"done\":"#).count() } else { 0 };
    let marked: Vec<usize> = trace.lines().map(done).filter(|marked| *marked > 0).collect();
    assert_eq!(marked, [7], "{trace}");
    Ok(())
}

/// The first one is killed while the answer to its batch is on its way.
#[test]
fn two_programs_that_write_ahead_share_what_waits_and_lose_none() -> Result {
    let (home, address) = waiting(60)?;
    let batches = AtomicUsize::new(0);
    let server = Server::start_at(address, move |_, request: &Request, stream: &mut TcpStream| {
        if !is_batch(request) {
            return status(stream, "204 No Content");
        }
        if batches.fetch_add(1, Ordering::SeqCst) == 0 {
            loop {
                thread::park();
            }
        }
        answer(stream, "200 OK", &json!({ "fates": vec!["stored"; request.body.lines().count()] }).to_string())
    })?;
    let program = |first: usize| {
        let arguments =
            format!("--batches --durability=write-ahead --print=accepted --first={first} --events=20 --wait=60000");
        publish(&home, &server.url(), &arguments).stdout(Stdio::piped()).spawn()
    };
    let mut killed = program(1000)?;
    wait_until(|| server.requests().iter().any(is_batch))?;
    let other = program(2000)?.wait_with_output()?;
    killed.kill()?;
    let accepted: Vec<u64> = [killed.wait_with_output()?, other]
        .iter()
        .flat_map(|output| String::from_utf8_lossy(&output.stdout).lines().map(str::parse).collect::<Vec<_>>())
        .flatten()
        .collect();
    assert!((2000..2020).all(|turn| accepted.contains(&turn)) && accepted.contains(&1000), "{accepted:?}");
    let report = report(&mut publish(&home, &server.url(), "--batches --first=3000 --wait=drain"))?;
    assert_eq!(report["status"]["spool"]["foreign"], 0, "{report}");
    let mut requests = server.requests();
    let held = requests.iter().position(is_batch).map(|at| requests.remove(at)).ok_or("no batch")?;
    let mut ids: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
    for request in requests.iter().chain([&held]) {
        for line in lines(request) {
            let id = line["id"].as_str().unwrap_or_else(|| request.id()).to_owned();
            ids.entry(line["payload"]["turn"].as_u64().ok_or("no turn")?).or_default().insert(id);
        }
    }
    let taken: BTreeSet<u64> = turns(&requests).into_iter().collect();
    let expected: BTreeSet<u64> = (1..=60).chain(accepted).chain([3000]).collect();
    assert!(expected.is_subset(&taken), "lost: {:?}", expected.difference(&taken).collect::<Vec<_>>());
    assert!(turns(&[held]).iter().all(|turn| taken.contains(turn)));
    assert!(ids.values().all(|ids| ids.len() == 1), "a repetition has the id of the event: {ids:?}");
    assert_eq!(ids.values().flatten().collect::<BTreeSet<_>>().len(), ids.len(), "and no other event has it");
    assert_eq!(home.spool(), [""; 0]);
    Ok(())
}

/// A receiver that takes single events. It answers batches with a status or, without one, by the end of the connection. While it is down, it
/// answers nothing else.
struct Partial {
    home: Home,
    server: Server,
    is_down: Arc<AtomicBool>,
}

impl Partial {
    /// So many events wait for it.
    fn new(waiting_events: usize, how: &'static str) -> Result<Self> {
        let (home, address) = waiting(waiting_events)?;
        let is_down = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&is_down);
        let server =
            Server::start_at(address, move |_, request: &Request, stream: &mut TcpStream| match is_batch(request) {
                _ if flag.load(Ordering::SeqCst) => Ok(false),
                true if how.is_empty() => Ok(false),
                true => status(stream, how),
                false => status(stream, "204 No Content"),
            })?;
        Ok(Self { home, server, is_down })
    }

    /// It is down while so many events are published, and then it is up again.
    fn misses(&self, first: usize, events: usize) -> Result {
        self.is_down.store(true, Ordering::SeqCst);
        let arguments = format!("--batches --first={first} --events={events} --wait=attempt");
        report(&mut publish(&self.home, &self.server.url(), &arguments))?;
        self.is_down.store(false, Ordering::SeqCst);
        self.home.has_waited()
    }

    /// Sends all that waits, and returns how many batches it has got until then.
    fn drains(&self, events: u64) -> Result<usize> {
        let report = drains(&self.home, &self.server)?;
        let delivered = &report["status"]["spool"]["recovered"]["delivered"];
        assert_eq!((delivered, &report["counts"]["delivered"]), (&events.into(), &1.into()), "{report}");
        Ok(self.server.requests().iter().filter(|request| is_batch(request)).count())
    }

    /// As when the time is over in which no batch is sent.
    fn ends_limit(&self) -> Result {
        let name = self.home.kept().into_iter().find(|name| name.starts_with("pause-")).ok_or("nothing is known")?;
        let path = self.home.state().join(name);
        let mut known: Value = serde_json::from_slice(&std::fs::read(&path)?)?;
        let left = known["batches"]["seconds"].as_u64().ok_or("nothing is known")?;
        assert!((3_000..=3_600).contains(&left), "{known}");
        known["batches"]["seconds"] = 0.into();
        Ok(std::fs::write(&path, known.to_string())?)
    }
}

#[test]
fn a_receiver_that_fails_at_batches_alone_gets_single_events_from_all_programs() -> Result {
    for (how, batches) in [("503 Service Unavailable", 2), ("", 2), ("404 Not Found", 1)] {
        let receiver = Partial::new(4, how)?;
        // The events of a batch that failed wait for different times, so there may be no second one yet.
        assert!((1..=batches).contains(&receiver.drains(4)?), "{how}");
        for first in [2000, 3000] {
            receiver.misses(first, 20)?;
            assert_eq!(receiver.drains(20)?, batches, "{how}");
        }
    }
    Ok(())
}

#[test]
fn it_gets_another_batch_after_an_hour() -> Result {
    let receiver = Partial::new(4, "404 Not Found")?;
    assert_eq!(receiver.drains(4)?, 1);
    receiver.misses(2000, 20)?;
    receiver.ends_limit()?;
    assert_eq!(receiver.drains(20)?, 2);
    Ok(())
}
