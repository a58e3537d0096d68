//! Each way in which a receiver can fail, tested with a separate process. Delivered, stored and lost events add up to those
//! published and agree with what the receiver saw, and the process was not delayed.

use std::io::{self, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};

#[cfg(unix)]
use super::tls::Tls;
use super::{publish, report};
use crate::home::{Home, Result, wait_until};
use crate::server::{Request, Server, free_address, status, url};

const PUBLISHED: u64 = 3;

/// The timeout for the end of the process, and how much longer it may take for the disk.
const END_MS: u64 = 50;
const MORE_MS: u64 = 100;

/// The outcomes of the events.
#[derive(Debug, PartialEq)]
struct Fates {
    delivered: u64,
    spooled: u64,
    dropped: Value,
}

fn delivered() -> Fates {
    Fates { delivered: PUBLISHED, spooled: 0, dropped: json!({}) }
}

fn spooled() -> Fates {
    Fates { delivered: 0, spooled: PUBLISHED, dropped: json!({}) }
}

fn refused() -> Fates {
    Fates { delivered: 0, spooled: 0, dropped: json!({"refused": PUBLISHED}) }
}

fn fates(home: &Home, endpoint: &str, arguments: &str) -> Result<Fates> {
    fates_with(home, endpoint, arguments, &[])
}

fn fates_with(home: &Home, endpoint: &str, arguments: &str, variables: &[(&str, &str)]) -> Result<Fates> {
    let mut command = publish(home, endpoint, &format!("--events={PUBLISHED} {arguments}"));
    fates_of(&report(command.envs(variables.iter().copied()))?)
}

/// Asserts that the outcomes add up and that the host was not delayed.
fn fates_of(report: &Value) -> Result<Fates> {
    let number = |name: &str| report["counts"][name].as_u64().unwrap_or(u64::MAX);
    let dropped = &report["counts"]["dropped"];
    let lost: u64 = dropped.as_object().into_iter().flatten().filter_map(|(_, events)| events.as_u64()).sum();
    assert_eq!(number("published"), PUBLISHED, "{report}");
    assert_eq!(number("delivered") + number("spooled") + number("pending") + lost, PUBLISHED, "{report}");
    assert_eq!(number("pending"), 0, "{report}");
    let time = |name: &str| report[name].as_u64().unwrap_or(u64::MAX);
    // The delay that the machine adds to a sleep at that time.
    let machine = time("nap_ms").saturating_sub(END_MS);
    assert!(time("publishing_ms") < MORE_MS + 2 * machine, "{report}");
    assert!(time("ending_ms") < END_MS + MORE_MS + 2 * machine, "{report}");
    Ok(Fates { delivered: number("delivered"), spooled: number("spooled"), dropped: dropped.clone() })
}

/// Waits for all outcomes, or for the first failure.
const ATTEMPT: &str = "--wait=attempt";
/// Waits for all outcomes.
const ALL: &str = "";

/// Answers the first request with `first`, and all others with success.
fn at_first(first: impl Fn(&mut TcpStream) -> io::Result<bool> + Send + Sync + 'static) -> io::Result<Server> {
    Server::start(move |number, _: &Request, stream: &mut TcpStream| match number {
        1 => first(stream),
        _ => status(stream, "204 No Content"),
    })
}

fn always(answer: impl Fn(&mut TcpStream) -> io::Result<bool> + Send + Sync + 'static) -> io::Result<Server> {
    Server::start(move |_, _: &Request, stream: &mut TcpStream| answer(stream))
}

/// Asserts that later processes deliver the events that this one left on disk, each once.
fn is_delivered_later(home: &Home, address: SocketAddr) -> Result {
    let server = Server::start_at(address, |_, _: &Request, stream: &mut TcpStream| status(stream, "204 No Content"))?;
    is_delivered_now(home, &server)
}

/// Like `is_delivered_later`, but with a server that has seen some of the events already.
fn is_delivered_now(home: &Home, server: &Server) -> Result {
    let before = server.requests().len();
    home.ends_pauses()?;
    let report = report(&mut publish(home, &server.url(), "--wait=drain"))?;
    assert_eq!(report["counts"]["delivered"], 1, "{report}");
    assert_eq!(report["status"]["spool"]["recovered"]["delivered"], PUBLISHED, "{report}");
    assert_eq!((server.requests().len() - before, server.ids().len()), (4, 4));
    assert_eq!(home.spool(), [""; 0]);
    Ok(())
}

/// The duration of the work, in seconds.
fn seconds(work: impl FnOnce() -> Result) -> Result<u64> {
    let before = Instant::now();
    work().map(|()| before.elapsed().as_secs())
}

#[test]
fn refused_connections() -> Result {
    let (home, address) = (Home::new()?, free_address()?);
    assert_eq!(fates(&home, &url(address), ATTEMPT)?, spooled());
    is_delivered_later(&home, address)
}

#[test]
fn an_unresolvable_host() -> Result {
    let home = Home::new()?;
    assert_eq!(fates(&home, "https://telemetry.invalid/v1/events", ATTEMPT)?, spooled());
    Ok(())
}

#[test]
fn a_connection_that_is_never_answered() -> Result {
    let home = Home::new()?;
    // Once the backlog is full and nothing accepts connections, the system stops answering.
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let mut backlog = Vec::new();
    while let Ok(stream) = TcpStream::connect_timeout(&address, Duration::from_millis(300)) {
        backlog.push(stream);
    }
    let took = seconds(|| {
        assert_eq!(fates(&home, &url(address), ATTEMPT)?, spooled());
        Ok(())
    })?;
    assert!((3..10).contains(&took), "to connect may take 3 s, not {took}");
    drop((listener, backlog));
    is_delivered_later(&home, address)
}

#[test]
fn a_receiver_that_takes_the_request_and_hangs() -> Result {
    let home = Home::new()?;
    let server = at_first(|_| {
        loop {
            thread::park();
        }
    })?;
    fails_after_ten_seconds(&home, &server)
}

fn fails_after_ten_seconds(home: &Home, server: &Server) -> Result {
    let took = seconds(|| {
        assert_eq!(fates(home, &server.url(), ATTEMPT)?, spooled());
        Ok(())
    })?;
    assert!((10..20).contains(&took), "a request may take 10 s, not {took}");
    assert_eq!((server.requests().len(), server.ids().len()), (1, 1));
    is_delivered_now(home, server)
}

#[test]
fn an_answer_that_comes_byte_by_byte() -> Result {
    let home = Home::new()?;
    let server = at_first(|stream| {
        for byte in b"HTTP/1.1 204 No Content\r\nx-a: b\r\nx-c: d\r\n\r\n" {
            stream.write_all(&[*byte])?;
            thread::sleep(Duration::from_millis(500));
        }
        Ok(false)
    })?;
    fails_after_ten_seconds(&home, &server)
}

#[test]
fn an_error_and_then_an_answer() -> Result {
    let home = Home::new()?;
    for error in ["500 Internal Server Error", "503 Service Unavailable", "408 Request Timeout"] {
        let server = at_first(move |stream| status(stream, error))?;
        assert_eq!(fates(&home, &server.url(), ALL)?, delivered());
        assert_eq!((server.requests().len(), server.ids().len()), (4, 3), "{error}");
    }
    assert_eq!(home.spool(), [""; 0]);
    Ok(())
}

/// A refusal is an answer as well: what failed before it is over.
#[test]
fn an_error_and_then_a_refusal() -> Result {
    let home = Home::new()?;
    let server = Server::start(|number, _: &Request, stream: &mut TcpStream| {
        status(stream, if number == 1 { "503 Service Unavailable" } else { "400 Bad Request" })
    })?;
    let report = report(&mut publish(&home, &server.url(), &format!("--events={PUBLISHED}")))?;
    assert_eq!(fates_of(&report)?, refused());
    assert_eq!((server.requests().len(), server.ids().len()), (4, 3));
    assert_eq!(report["status"]["obstacle"], Value::Null, "{report}");
    assert!(!home.kept().iter().any(|name| name.starts_with("pause-")), "{:?}", home.kept());
    Ok(())
}

#[test]
fn too_many_requests_with_a_time_to_wait() -> Result {
    let home = Home::new()?;
    let soon = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(3));
    for wait in ["1", &soon] {
        let answer = format!("429 Too Many Requests\r\nretry-after: {wait}");
        let server = at_first(move |stream| status(stream, &answer))?;
        assert_eq!(fates(&home, &server.url(), ALL)?, delivered());
        assert_eq!((server.requests().len(), server.ids().len()), (4, 3), "{wait}");
    }
    Ok(())
}

#[test]
fn too_many_requests_with_an_absurd_time_to_wait() -> Result {
    for wait in ["99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        let home = Home::new()?;
        let answer = format!("429 Too Many Requests\r\nretry-after: {wait}");
        let server = always(move |stream| status(stream, &answer))?;
        let report = report(&mut publish(&home, &server.url(), "--events=3 --wait=attempt"))?;
        assert_eq!(fates_of(&report)?, spooled());
        assert_eq!((server.requests().len(), server.ids().len()), (1, 1), "{report}");
        let paused = report["status"]["queue"]["paused_seconds"].as_u64();
        assert!(paused.is_some_and(|seconds| (3_500..=5_400).contains(&seconds)), "{report}");
    }
    Ok(())
}

#[test]
fn what_is_refused_for_good() -> Result {
    let home = Home::new()?;
    for answer in ["400 Bad Request", "413 Content Too Large", "422 Unprocessable Content"] {
        let server = always(move |stream| status(stream, answer))?;
        assert_eq!(fates(&home, &server.url(), ALL)?, refused());
        assert_eq!((server.requests().len(), server.ids().len()), (3, 3), "{answer}");
    }
    Ok(())
}

/// A person has to fix the receiver first; then the events are delivered.
#[test]
fn a_receiver_that_takes_nothing_as_things_are() -> Result {
    for answer in [
        "401 Unauthorized",
        "403 Forbidden",
        "404 Not Found",
        "405 Method Not Allowed",
        "409 Conflict",
        "415 Unsupported Media Type",
        "304 Not Modified",
    ] {
        let home = Home::new()?;
        let server = at_first(move |stream| status(stream, answer))?;
        let report = report(&mut publish(&home, &server.url(), "--events=3 --wait=attempt"))?;
        assert_eq!(fates_of(&report)?, spooled());
        assert_eq!(server.requests().len(), 1, "{answer}");
        let paused = report["status"]["queue"]["paused_seconds"].as_u64();
        assert!(paused.is_some_and(|seconds| (28..=60).contains(&seconds)), "{report}");
        let code: u64 = answer[..3].parse()?;
        assert_eq!(report["status"]["obstacle"], json!({"answer": code}), "{report}");
        home.ends_pauses()?;
        is_delivered_now(&home, &server)?;
    }
    Ok(())
}

#[test]
fn a_redirect() -> Result {
    let (home, elsewhere) = (Home::new()?, Server::accepting()?);
    let answer = format!("307 Temporary Redirect\r\nlocation: {}", elsewhere.url());
    let server = always(move |stream| status(stream, &answer))?;
    assert_eq!(fates(&home, &server.url(), ATTEMPT)?, spooled());
    assert_eq!((server.requests().len(), elsewhere.requests().len()), (1, 0));
    Ok(())
}

#[test]
fn an_answer_without_end() -> Result {
    let home = Home::new()?;
    let (told, written) = mpsc::channel();
    let server = always(move |stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000000\r\n\r\n")?;
        let mut total = 0;
        while let Ok(bytes) = stream.write(&[b' '; 65_536]) {
            total += bytes;
        }
        let _ = told.send(total);
        Ok(false)
    })?;
    assert_eq!(fates(&home, &server.url(), ALL)?, delivered());
    assert_eq!((server.requests().len(), server.ids().len()), (3, 3));
    for _ in 0..PUBLISHED {
        // The system's buffers on both sides hold some megabytes.
        let total = written.recv_timeout(Duration::from_secs(30))?;
        assert!(total < 32 * 1024 * 1024, "{total}");
    }
    Ok(())
}

#[test]
fn an_answer_that_is_no_http() -> Result {
    let home = Home::new()?;
    let server = at_first(|stream| {
        stream.write_all(b"SSH-2.0-OpenSSH_9.6\r\n\x00\xff\r\n\r\n")?;
        Ok(false)
    })?;
    assert_eq!(fates(&home, &server.url(), ATTEMPT)?, spooled());
    assert_eq!((server.requests().len(), server.ids().len()), (1, 1));
    is_delivered_now(&home, &server)
}

#[test]
fn a_connection_that_is_closed_before_and_in_the_middle_of_the_answer() -> Result {
    let home = Home::new()?;
    let server = at_first(|_| Ok(false))?;
    assert_eq!(fates(&home, &server.url(), ATTEMPT)?, spooled());
    assert_eq!((server.requests().len(), server.ids().len()), (1, 1));
    is_delivered_now(&home, &server)?;

    let home = Home::new()?;
    let server =
        always(|stream| stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{}").map(|()| false))?;
    assert_eq!(fates(&home, &server.url(), ALL)?, delivered(), "the receiver had said that it has the event");
    assert_eq!((server.requests().len(), server.ids().len()), (3, 3));
    Ok(())
}

#[cfg(unix)]
#[test]
fn a_certificate_that_nobody_vouches_for() -> Result {
    let home = Home::new()?;
    let server = Tls::start(Duration::ZERO)?;
    assert_eq!(fates(&home, &server.url(), ATTEMPT)?, spooled());
    assert_eq!(server.ids().len(), 0);
    let trusted = [("SSL_CERT_FILE", Tls::AUTHORITY)];
    home.ends_pauses()?;
    let report = report(publish(&home, &server.url(), "--wait=drain").envs(trusted))?;
    assert_eq!(report["status"]["spool"]["recovered"]["delivered"], PUBLISHED, "{report}");
    assert_eq!(server.ids().len(), 4);
    let wrong_name = server.url().replace("localhost", "[::1]");
    assert_eq!(fates_with(&home, &wrong_name, ATTEMPT, &trusted)?, spooled());
    Ok(())
}

#[test]
fn down_at_the_start_and_back_later() -> Result {
    let (home, address) = (Home::new()?, free_address()?);
    let mut command = publish(&home, &url(address), &format!("--events={PUBLISHED} --hear"));
    let mut child = command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped()).spawn()?;
    // Once an event is on disk, the first attempt has failed.
    wait_until(|| !home.spool().is_empty())?;
    let server = Server::start_at(address, |_, _: &Request, stream: &mut TcpStream| status(stream, "204 No Content"))?;
    child.stdin.take().ok_or("no input")?.write_all(b"\n")?;
    let output = child.wait_with_output()?;
    let report: Value = serde_json::from_slice(&output.stdout)?;
    assert_eq!(fates_of(&report)?, delivered());
    assert_eq!((server.requests().len(), server.ids().len()), (3, 3));
    assert_eq!(home.spool(), [""; 0]);
    Ok(())
}
