//! Batches of the client library, through the program into the database, with faults on the way.

use std::io::{self, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use telemetry::client::Loss;
use telemetry::{Consent, Telemetry};

use super::events::Started;
use super::http::Client;
use super::program::Place;

const ENDPOINT: &str = "COLLECTOR_TEST_BATCHES";
const PROGRAMS: usize = 4;
const EVENTS: u64 = 200;

/// Whether the event with this number is changed on its way to one that does not fit.
const fn is_damaged(number: u64) -> bool {
    number % 7 == 3
}

fn damaged() -> u64 {
    u64::try_from((1..=EVENTS).filter(|number| is_damaged(*number)).count()).unwrap()
}

/// An application, in a process of its own since its consent depends on the environment. By itself, this test does nothing.
#[test]
fn application() {
    let Ok(endpoint) = std::env::var(ENDPOINT) else { return };
    let consent = Consent::new("COLLECTOR_TEST", "collector-test").skip_test_check();
    let telemetry = Telemetry::builder(consent).configured(Some(true)).endpoint(&endpoint).batches(true).build();
    for _ in 0..EVENTS {
        telemetry.publish(&Started { by_hand: true });
    }
    telemetry.shutdown(Duration::from_secs(30));
    let counts = telemetry.counts();
    assert_eq!((counts.published(), counts.delivered()), (EVENTS, EVENTS - damaged()), "{counts:?}");
    assert_eq!(counts.dropped_for(Loss::Refused), damaged(), "{counts:?}");
}

#[test]
fn each_event_of_a_batch_is_stored_once_or_refused_whatever_happens_to_the_others() {
    let place = Place::new();
    let served = place.serve(&[]);
    let way = Way::to(served.address);
    let programs: Vec<_> = (0..PROGRAMS)
        .map(|number| {
            let home = place.path(&format!("home{number}"));
            std::fs::create_dir(&home).unwrap();
            let mut application = Command::new(std::env::current_exe().unwrap());
            application.args(["--exact", "receive::batches::application"]).env_clear().env("HOME", home);
            application.env(ENDPOINT, format!("http://{}/v1/events", way.address));
            application.stdout(std::process::Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for program in programs {
        let output = program.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    served.signal("TERM");
    assert_eq!(served.end().0.code(), Some(0));

    let programs = u64::try_from(PROGRAMS).unwrap();
    assert_eq!(u64::try_from(place.rows()).unwrap(), programs * (EVENTS - damaged()));
    let number = |sql: &str| -> u64 { place.database().query_row(sql, [], |row| row.get(0)).unwrap() };
    assert_eq!(number("SELECT count(*) FROM _install"), programs);
    assert!(number("SELECT sum(events) FROM _reject") >= programs * damaged(), "some were sent twice");
    assert!(way.seen().batches > 0 && way.seen().lost_answers > 0);
}

/// What happened between the applications and the program.
#[derive(Clone, Copy, Default)]
struct Seen {
    batches: u64,
    lost_answers: u64,
}

/// What is between the applications and the program: it damages some lines, and loses some answers.
struct Way {
    address: SocketAddr,
    seen: &'static Mutex<Seen>,
}

impl Way {
    fn to(program: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen: &'static Mutex<Seen> = Box::leak(Box::default());
        // It ends with the process.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                thread::spawn(move || pass(stream, program, seen));
            }
        });
        Self { address, seen }
    }

    fn seen(&self) -> Seen {
        *self.seen.lock().unwrap()
    }
}

fn pass(stream: TcpStream, program: SocketAddr, seen: &Mutex<Seen>) -> io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    let mut client = Client::connect(program)?;
    loop {
        let (head, body) = read(&mut reader)?;
        let reply = client.ask(&damage(&head, &body).into_bytes())?;
        let is_batch = body.lines().count() > 1;
        let mut seen = seen.lock().unwrap();
        seen.batches += u64::from(is_batch);
        if is_batch && seen.lost_answers < u64::try_from(PROGRAMS).unwrap() {
            seen.lost_answers += 1;
            return Ok(());
        }
        drop(seen);
        writer.write_all((reply.head + &reply.body).as_bytes())?;
    }
}

fn read(reader: &mut impl io::BufRead) -> io::Result<(String, String)> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).and_then(|text| text.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body)?;
    Ok((head, String::from_utf8(body).map_err(io::Error::other)?))
}

/// The request with some of its events changed, without a change of its length.
fn damage(head: &str, body: &str) -> String {
    let number = |id: &str| -> u64 { id.split_once('-').unwrap().1.parse().unwrap() };
    let of_head = head.lines().find_map(|line| line.strip_prefix("idempotency-key: ")).map(number);
    let damaged = body.split_inclusive('\n').map(|line| {
        let of_line = || number(line.strip_prefix(r#"{"id":""#).unwrap().split_once('"').unwrap().0);
        match is_damaged(of_head.unwrap_or_else(of_line)) {
            true => line.replace(r#""by_hand":true"#, r#""by_hand":1234"#),
            false => line.to_owned(),
        }
    });
    head.to_owned() + &damaged.collect::<String>()
}
