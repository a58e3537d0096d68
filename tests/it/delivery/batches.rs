//! Several events in one request, for receivers that take them.

use std::collections::BTreeSet;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use serde_json::{Value, json};

use super::{publish, report};
#[cfg(unix)]
use crate::home::wait_until;
use crate::home::{Home, Result};
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
    assert_eq!(requests.iter().map(|request| lines(request).len()).collect::<Vec<_>>(), [100, 100, 50]);
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
    assert!((3_500..=3_600).contains(&paused), "{report}");
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
    assert_eq!(server.requests().iter().map(|request| lines(request).len()).collect::<Vec<_>>(), [100]);
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
