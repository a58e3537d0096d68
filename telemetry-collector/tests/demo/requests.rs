//! The requests of a simulation are those of the client's own sink.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use telemetry::{Consent, Telemetry, TelemetryEvent};
use telemetry_collector::demo::{self, Calendar, Plan};

use super::child;

#[derive(TelemetryEvent)]
#[telemetry(event = "init")]
struct Init {
    by_hand: bool,
}

#[derive(Clone)]
struct Request {
    first_line: String,
    headers: BTreeMap<String, String>,
    /// The members of the body, or of each of its lines.
    members: Vec<Vec<String>>,
}

impl Request {
    fn is_batch(&self) -> bool {
        self.headers["content-type"] == "application/x-ndjson"
    }

    /// The events of the client's own sink are new, of a lasting id, and alone or two together.
    fn is_like_own(&self, is_batch: bool) -> bool {
        self.is_batch() == is_batch
            && self.members.len() == if is_batch { 2 } else { 1 }
            && !self.headers.contains_key("telemetry-id")
            && self.headers.get("telemetry-age").is_none_or(|age| age == "0")
    }
}

/// Stores everything, and tells each request before it answers. It answers when `go` says so, or is closed.
fn receiver(go: mpsc::Receiver<()>) -> (u16, mpsc::Receiver<Request>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let go = Arc::new(Mutex::new(go));
        for stream in listener.incoming() {
            let (stream, tell, go) = (stream.unwrap(), tell.clone(), Arc::clone(&go));
            thread::spawn(move || answer(BufReader::new(stream), &tell, &go));
        }
    });
    (port, told)
}

fn answer(mut stream: BufReader<TcpStream>, tell: &mpsc::Sender<Request>, go: &Mutex<mpsc::Receiver<()>>) {
    while let Some(request) = read(&mut stream) {
        let fates = vec![r#""stored""#; request.members.len()].join(",");
        let reply = format!(r#"{{"fates":[{fates}]}}"#);
        let _ = (tell.send(request), go.lock().unwrap().recv());
        let length = reply.len();
        if write!(stream.get_mut(), "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{reply}").is_err() {
            break;
        }
    }
}

fn read(stream: &mut BufReader<TcpStream>) -> Option<Request> {
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
    let first_line = lines.remove(0);
    let headers: BTreeMap<String, String> = lines
        .iter()
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let mut body = vec![0; headers["content-length"].parse().unwrap()];
    stream.read_exact(&mut body).ok()?;
    let body = String::from_utf8(body).unwrap();
    let members = |line: &str| {
        let line: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
        line.keys().cloned().collect()
    };
    Some(Request { first_line, headers, members: body.lines().map(members).collect() })
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
    let (own, simulated) = (own(), simulated());
    let find = |all: &[Request], is_batch| all.iter().find(|request| request.is_like_own(is_batch)).cloned().unwrap();
    for is_batch in [false, true] {
        compare(&find(&own, is_batch), &find(&simulated, is_batch));
    }
}

fn compare(own: &Request, simulated: &Request) {
    assert_eq!((&simulated.first_line, &simulated.members), (&own.first_line, &own.members));
    let names = |request: &Request| request.headers.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(simulated), names(own));
    for name in ["accept", "content-type", "telemetry-age", "user-agent"] {
        assert_eq!(simulated.headers.get(name), own.headers.get(name), "{name}");
    }
}

/// One event alone, and two together that were published before the first one was answered.
fn own() -> Vec<Request> {
    let (go, wait) = mpsc::channel();
    let (port, told) = receiver(wait);
    let consent = Consent::new("COLLECTOR_TEST", "collector-test").skip_test_check();
    let endpoint = format!("http://127.0.0.1:{port}/v1/events");
    let builder = Telemetry::builder(consent).configured(Some(true)).endpoint(&endpoint);
    let telemetry = builder.batches(true).build();
    telemetry.publish(&Init { by_hand: true });
    let single = told.recv_timeout(Duration::from_secs(60)).unwrap();
    telemetry.publish(&Init { by_hand: true });
    telemetry.publish(&Init { by_hand: false });
    drop(go);
    // What it returns lacks an event that was answered before it was called.
    telemetry.shutdown(Duration::from_secs(60));
    assert_eq!(telemetry.counts().delivered(), 3);
    vec![single, told.recv_timeout(Duration::from_secs(60)).unwrap()]
}

/// Those of some installations: some send events one by one, and others in batches.
fn simulated() -> Vec<Request> {
    let (port, told) = receiver(mpsc::channel().1);
    let address = format!("127.0.0.1:{port}").parse().unwrap();
    demo::run(&Plan::new(8, 1), address, &Calendar::default(), |_, _| {}).unwrap();
    told.try_iter().collect()
}
