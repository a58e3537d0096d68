//! The requests of a simulation are those of the client's own sink.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use telemetry::{Consent, Telemetry, TelemetryEvent};
use telemetry_collector::demo::{self, Calendar, Plan};

use super::child;

#[derive(TelemetryEvent)]
#[telemetry(event = "init")]
struct Init {
    by_hand: bool,
}

/// The first line of a request, its headers, and the members of its body.
type Request = (String, BTreeMap<String, String>, Vec<String>);

/// Stores everything, and tells the first request.
fn receiver() -> (u16, JoinHandle<Request>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let first = thread::spawn(move || {
        let mut stream = BufReader::new(listener.accept().unwrap().0);
        let first = answer(&mut stream).unwrap();
        // Others follow on the same connection, whose end is that of the simulation.
        thread::spawn(move || while answer(&mut stream).is_some() {});
        first
    });
    (port, first)
}

fn answer(stream: &mut BufReader<std::net::TcpStream>) -> Option<Request> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        lines.push(line.trim_end().to_owned());
    }
    let first = lines.remove(0);
    let headers: BTreeMap<String, String> = lines
        .iter()
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let mut body = vec![0; headers["content-length"].parse().unwrap()];
    stream.read_exact(&mut body).ok()?;
    let body: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&body).unwrap();
    let reply = r#"{"fates":["stored"]}"#;
    write!(stream.get_mut(), "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{reply}", reply.len()).ok()?;
    Some((first, headers, body.keys().cloned().collect()))
}

#[test]
fn a_simulation_makes_the_requests_of_the_clients_own_sink() {
    child::run("demo::requests::child");
}

/// By itself, this test does nothing.
#[test]
fn child() {
    if !child::is_one() {
        return;
    }
    let (port, own) = receiver();
    let consent = Consent::new("COLLECTOR_TEST", "collector-test").skip_test_check();
    let endpoint = format!("http://127.0.0.1:{port}/v1/events");
    let telemetry = Telemetry::builder(consent).configured(Some(true)).endpoint(&endpoint).build();
    telemetry.publish(&Init { by_hand: true });
    assert_eq!(telemetry.shutdown(Duration::from_secs(20)).delivered, 1);
    let own = own.join().unwrap();

    let (port, simulated) = receiver();
    let address = format!("127.0.0.1:{port}").parse().unwrap();
    demo::run(&Plan::new(1, 1), address, &Calendar::default(), |_, _| {}).unwrap();
    let simulated = simulated.join().unwrap();
    assert_eq!((&simulated.0, &simulated.2), (&own.0, &own.2));
    let names = |request: &Request| request.1.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&simulated), names(&own));
    for name in ["accept", "content-type", "telemetry-age", "user-agent"] {
        assert_eq!(simulated.1[name], own.1[name], "{name}");
    }
}
