//! Batches over real HTTP, to a receiver that answers as a test says.

use std::collections::BTreeSet;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use proptest::prelude::*;

use super::*;
use crate::sink::outgoing::tests::outgoing;
use crate::sink::{Sent, send};

/// What a receiver does with a request.
#[derive(Clone, Copy, Debug)]
enum Does {
    /// As the collector does, with every third event refused, and the one after it to be sent again.
    Judges,
    /// Stores everything, and answers with this text.
    Says(&'static str),
    /// Answers with one fate too few.
    SaysTooLittle,
    Status(u16),
    /// Stores everything, and ends the connection in the middle of the answer.
    Breaks,
    /// Asks for a pause of an hour, and ends the connection in the middle of the answer.
    BreaksOff,
    /// Ends the connection without an answer.
    Closes,
}

/// What the receiver has said of events, by their ids.
#[derive(Default)]
struct Told {
    taken: BTreeSet<String>,
    refused: BTreeSet<String>,
    /// How many events each request had.
    requests: Vec<usize>,
}

struct Receiver {
    http: Http,
    told: Arc<Mutex<Told>>,
}

impl Receiver {
    fn new(script: impl IntoIterator<Item = Does>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        let script: Vec<Does> = script.into_iter().collect();
        let told = Arc::new(Mutex::new(Told::default()));
        let shared = Arc::clone(&told);
        // It ends with the process.
        thread::spawn(move || {
            let mut script = script.into_iter();
            for stream in listener.incoming().flatten() {
                let _ = serve(stream, &mut script, &shared);
            }
        });
        let http = Http::new(Endpoint::parse(&address).unwrap(), Headers::default()).with_batches(true);
        Self { http, told }
    }

    /// Sends these events until each is delivered or refused, and returns the ids of both. Fewer are sent at once as the answers ask for it.
    fn settles(&mut self, mut waiting: Vec<Outgoing>) -> [BTreeSet<String>; 2] {
        let [mut delivered, mut refused] = [(); 2].map(|()| BTreeSet::new());
        let mut most = waiting.len();
        while !waiting.is_empty() {
            most = most.min(waiting.len());
            let outcomes = match send(&mut self.http, &waiting[..most]) {
                Sent::Outcomes(outcomes) => outcomes,
                Sent::TooLarge => {
                    most /= 2;
                    continue;
                }
                Sent::NoBatches => {
                    most = 1;
                    continue;
                }
            };
            assert!(!outcomes.is_empty() && outcomes.len() <= most);
            let rest = waiting.split_off(outcomes.len());
            let mut again = Vec::new();
            for (event, outcome) in waiting.into_iter().zip(outcomes) {
                match outcome {
                    Ok(()) => assert!(delivered.insert(event.id().to_owned())),
                    Err(SendError::Refused) => assert!(refused.insert(event.id().to_owned())),
                    Err(_) => again.push(event),
                }
            }
            waiting = rest;
            waiting.extend(again);
        }
        [delivered, refused]
    }

    /// The outcomes of these events, all of which the sink took at once.
    fn outcomes(&mut self, events: u64) -> Vec<Result<(), SendError>> {
        match send(&mut self.http, &self::events(events)) {
            Sent::Outcomes(outcomes) => outcomes,
            other => panic!("{other:?}"),
        }
    }

    fn requests(&self) -> Vec<usize> {
        self.told.lock().unwrap().requests.clone()
    }
}

fn serve(stream: TcpStream, script: &mut impl Iterator<Item = Does>, told: &Mutex<Told>) -> io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    loop {
        let (ids, is_batch) = read(&mut reader)?;
        let does = script.next().unwrap_or(Does::Judges);
        let mut told = told.lock().unwrap();
        told.requests.push(ids.len());
        let (status, body) = match does {
            Does::Judges => judge(&ids, is_batch, &mut told),
            Does::Says(text) => {
                told.taken.extend(ids);
                (200, text.to_owned())
            }
            Does::SaysTooLittle => {
                let fates = vec!["\"stored\""; ids.len() - 1].join(",");
                told.taken.extend(ids);
                (200, format!("{{\"fates\":[{fates}]}}"))
            }
            Does::Status(status) => {
                if !is_batch && matches!(status, 400 | 413 | 422) {
                    told.refused.extend(ids);
                }
                (status, String::new())
            }
            Does::Breaks => {
                // The status of a single event is all that counts.
                told.taken.extend(ids);
                writer.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"fates\":[")?;
                return Ok(());
            }
            Does::BreaksOff => {
                let head = b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 3600\r\ncontent-length: 100\r\n\r\n";
                return writer.write_all(head);
            }
            Does::Closes => return Ok(()),
        };
        drop(told);
        let head = format!("HTTP/1.1 {status} x\r\ncontent-length: {}\r\n\r\n", body.len());
        writer.write_all((head + &body).as_bytes())?;
    }
}

fn judge(ids: &[String], is_batch: bool, told: &mut Told) -> (u16, String) {
    let mut fates = Vec::new();
    for (id, at) in ids.iter().zip(1..) {
        let word = match at % 3 {
            0 if is_batch => "rejected",
            1 if is_batch && at > 1 => "retry",
            _ => "stored",
        };
        match word {
            "rejected" => _ = told.refused.insert(id.clone()),
            "stored" => _ = told.taken.insert(id.clone()),
            _ => {}
        }
        fates.push(format!("\"{word}\""));
    }
    (200, format!("{{\"fates\":[{}]}}", fates.join(",")))
}

/// The ids in a request, and whether it is a batch.
fn read(reader: &mut impl io::BufRead) -> io::Result<(Vec<String>, bool)> {
    let (mut length, mut key, mut is_batch) = (0, None, false);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim_end();
        match line.split_once(": ") {
            Some(("content-length", value)) => length = value.parse().map_err(io::Error::other)?,
            Some(("idempotency-key", value)) => key = Some(value.to_owned()),
            Some(("content-type", value)) => is_batch = value == "application/x-ndjson",
            _ if line.is_empty() => break,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let ids = body.lines().map_while(io::Result::ok).filter_map(|line| {
        let (_, rest) = line.split_once(r#"{"id":""#)?;
        Some(rest.split_once('"')?.0.to_owned())
    });
    Ok((key.map_or_else(|| ids.collect(), |key| vec![key]), is_batch))
}

fn events(count: u64) -> Vec<Outgoing> {
    let body = format!(r#"{{"type":"started","payload":{{}},"anonymousId":"{}"}}"#, "=".repeat(44));
    (1..=count).map(|number| outgoing(&body).with_number(number)).collect()
}

#[test]
fn each_line_has_the_fate_that_the_receiver_says() {
    let mut receiver = Receiver::new([]);
    let outcomes = receiver.outcomes(7);
    let [taken, refused, again] = [Ok(()), Err(SendError::Refused), Err(SendError::Retry)];
    assert_eq!(outcomes, [taken, taken, refused, again, taken, refused, again]);
    assert_eq!(receiver.http.obstacle(), None);
}

#[test]
fn one_event_is_sent_in_the_single_form() {
    let mut receiver = Receiver::new([Does::Status(422)]);
    assert_eq!(receiver.outcomes(1), [Err(SendError::Refused)]);
    assert_eq!(receiver.requests(), [1]);
}

#[test]
fn a_receiver_that_takes_no_batches_gets_each_event_alone_and_none_is_lost() {
    for does in [
        Does::Says("ok"),
        Does::Says(""),
        Does::Says(r#"{"fates":[]}"#),
        Does::SaysTooLittle,
        Does::Status(204),
        Does::Status(302),
        Does::Status(400),
        Does::Status(401),
        Does::Status(404),
        Does::Status(415),
        Does::Status(422),
    ] {
        let mut receiver = Receiver::new([does]);
        let [delivered, refused] = receiver.settles(events(4));
        assert_eq!((delivered.len(), refused.len()), (4, 0), "{does:?}");
        assert_eq!(receiver.requests(), [4, 1, 1, 1, 1], "{does:?}");
    }
}

#[test]
fn a_batch_that_is_too_large_is_told_apart_and_a_single_event_is_refused() {
    let mut receiver = Receiver::new([Does::Status(413), Does::Status(413)]);
    assert_eq!(send(&mut receiver.http, &events(64)), Sent::TooLarge);
    assert_eq!(receiver.outcomes(1), [Err(SendError::Refused)]);
    assert_eq!(receiver.requests(), [64, 1]);
}

#[test]
fn what_is_no_judgement_of_events_keeps_them_all() {
    for does in [408, 429, 500, 503].map(Does::Status).into_iter().chain([Does::Breaks, Does::Closes]) {
        let mut receiver = Receiver::new([does]);
        assert_eq!(receiver.outcomes(3), [Err(SendError::Retry); 3], "{does:?}");
        assert!(receiver.http.obstacle().is_some());
        assert_eq!(receiver.outcomes(2), [Ok(()); 2], "{does:?}");
        assert_eq!(receiver.requests(), [3, 2]);
    }
}

#[test]
fn the_status_of_a_failure_counts_whatever_becomes_of_the_rest_of_the_answer() {
    let mut receiver = Receiver::new([Does::BreaksOff]);
    let asked = SendError::RetryAfter(std::time::Duration::from_secs(3600));
    assert_eq!(receiver.outcomes(3), [Err(asked); 3]);
}

fn does() -> impl Strategy<Value = Does> {
    let status = proptest::sample::select(vec![302, 400, 401, 404, 408, 413, 415, 422, 429, 500, 503]);
    prop_oneof![
        6 => Just(Does::Judges),
        6 => status.prop_map(Does::Status),
        1 => Just(Does::Says("ok")),
        1 => Just(Does::Says(r#"{"fates":["stored"]}"#)),
        1 => Just(Does::SaysTooLittle),
        1 => Just(Does::Breaks),
        1 => Just(Does::Closes),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(40) })]

    #[test]
    fn whatever_is_answered_each_event_is_delivered_or_refused_once_and_as_the_receiver_said(
        script in proptest::collection::vec(does(), 0..20),
        count in 1..60_u64,
    ) {
        let mut receiver = Receiver::new(script);
        let [delivered, refused] = receiver.settles(events(count));
        prop_assert_eq!(delivered.len() + refused.len(), usize::try_from(count).unwrap());
        prop_assert!(delivered.is_disjoint(&refused));
        let told = receiver.told.lock().unwrap();
        prop_assert!(delivered.is_subset(&told.taken) && refused.is_subset(&told.refused));
    }
}
