//! Log records over real HTTP, to a receiver that answers as a test says.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use flate2::read::GzDecoder;

use super::*;
use crate::sink::outgoing::tests::outgoing;
use crate::sink::{Otlp, Sent, send};

/// Status, further headers and body of an answer, each of which is sent as it is.
type Says = (u16, &'static str, &'static str);

/// The header of an answer whose body comes a while after its head.
const LATE: &str = "x-late: yes\r\n";

const DONE: Says = (200, "", "{}");

struct Receiver {
    http: Http,
    /// Headers and body of each request.
    requests: Arc<Mutex<Vec<(String, String)>>>,
}

impl Receiver {
    /// Answers with these one after the other, and then as one that takes everything.
    fn new<const N: usize>(script: [Says; N]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/v1/logs", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&requests);
        // It ends with the process.
        thread::spawn(move || {
            let mut script = script.into_iter();
            for stream in listener.incoming().flatten() {
                let _ = serve(stream, &mut script, &shared);
            }
        });
        let http = Http::new(Endpoint::parse(&address).unwrap(), Headers::default()).with_form(Otlp::new().into());
        Self { http, requests }
    }

    fn sends(&mut self, events: u64) -> Sent {
        let body = format!(r#"{{"type":"started","payload":{{"by_hand":true}},"anonymousId":"{}"}}"#, "=".repeat(44));
        let events: Vec<Outgoing> = (1..=events).map(|number| outgoing(&body).with_number(number)).collect();
        send(&mut self.http, &events)
    }

    /// How many records each request had.
    fn records(&self) -> Vec<usize> {
        self.requests.lock().unwrap().iter().map(|(_, body)| body.matches("eventName").count()).collect()
    }
}

fn serve(
    stream: TcpStream,
    script: &mut impl Iterator<Item = Says>,
    requests: &Mutex<Vec<(String, String)>>,
) -> io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    loop {
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let start = head.len();
            if reader.read_line(&mut head)? == 0 {
                return Ok(());
            }
            let line = head[start..].trim_end();
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.parse().map_err(io::Error::other)?;
            }
            if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let mut text = String::new();
        GzDecoder::new(&*body).read_to_string(&mut text)?;
        requests.lock().unwrap().push((head, text));
        let (status, headers, body) = script.next().unwrap_or(DONE);
        let length = if headers.contains("content-length") {
            String::new()
        } else {
            format!("content-length: {}\r\n", body.len())
        };
        writer.write_all(format!("HTTP/1.1 {status} x\r\n{length}{headers}\r\n").as_bytes())?;
        if headers == LATE {
            thread::sleep(DRAIN_TIMEOUT * 4);
        }
        writer.write_all(body.as_bytes())?;
        if length.is_empty() {
            return Ok(());
        }
    }
}

fn outcomes<const N: usize>(outcomes: [Result<(), SendError>; N]) -> Sent {
    Sent::Outcomes(outcomes.into())
}

const REFUSED: Result<(), SendError> = Err(SendError::Refused);

#[test]
fn events_are_one_request_with_no_header_of_the_other_form() {
    let mut receiver = Receiver::new([]);
    assert_eq!(receiver.sends(1), outcomes([Ok(())]));
    assert_eq!(receiver.sends(3), outcomes([Ok(()); 3]));
    assert_eq!(receiver.sends(101), outcomes([Ok(()); 100]));
    assert_eq!(receiver.records(), [1, 3, 100]);
    for (head, _) in receiver.requests.lock().unwrap().iter() {
        assert!(head.starts_with("POST /v1/logs HTTP/1.1\r\n"), "{head}");
        let mut names: Vec<&str> = head.lines().skip(1).filter_map(|line| Some(line.split_once(':')?.0)).collect();
        names.sort_unstable();
        assert_eq!(names, ["accept", "content-encoding", "content-length", "content-type", "host", "user-agent"]);
        assert!(head.contains("content-type: application/json\r\n"), "{head}");
    }
}

#[test]
fn as_many_are_refused_as_the_receiver_says_and_none_is_sent_again() {
    let partial = r#"{"partialSuccess":{"rejectedLogRecords":"1","errorMessage":"no"}}"#;
    let all = r#"{"partialSuccess":{"rejectedLogRecords":7}}"#;
    let mut receiver = Receiver::new([(200, "", partial), (200, "", all), (200, LATE, partial)]);
    assert_eq!(receiver.sends(3), outcomes([Ok(()), Ok(()), REFUSED]));
    assert_eq!(receiver.sends(2), outcomes([REFUSED; 2]));
    assert_eq!(receiver.sends(1), outcomes([REFUSED]));
}

#[test]
fn a_success_is_one_whatever_the_rest_of_the_answer_is() {
    // The last one ends before its announced length, so the connection is closed.
    for says in
        [(200, "", ""), (204, "", ""), (202, "", "ok"), (200, "content-length: 100\r\n", "{\"partialSuccess\":")]
    {
        let mut receiver = Receiver::new([says, says]);
        assert_eq!(receiver.sends(2), outcomes([Ok(()); 2]), "{says:?}");
        assert_eq!(receiver.http.obstacle(), None);
    }
}

#[test]
fn four_statuses_are_for_a_while_and_the_others_until_somebody_mends_it() {
    for status in [429, 502, 503, 504] {
        let mut receiver = Receiver::new([(status, "", ""), (status, "retry-after: 7\r\n", "")]);
        assert_eq!(receiver.sends(2), outcomes([Err(SendError::Retry); 2]), "{status}");
        let asked = SendError::RetryAfter(Duration::from_secs(7));
        assert_eq!(receiver.sends(1), outcomes([Err(asked)]), "{status}");
    }
    for status in [302, 401, 403, 404, 408, 415, 500, 501] {
        let mut receiver = Receiver::new([(status, "", ""), (status, "", "")]);
        assert_eq!(receiver.sends(2), Sent::NoBatches, "{status}");
        assert_eq!(receiver.sends(1), outcomes([Err(SendError::NotNow)]), "{status}");
        assert_eq!(receiver.http.obstacle(), Some(Obstacle::Answer(status)));
    }
}

#[test]
fn only_an_event_that_was_sent_alone_is_refused_for_itself() {
    for status in [400, 413, 422] {
        let mut receiver = Receiver::new([(status, "", ""), (status, "", "")]);
        let expected = if status == 413 { Sent::TooLarge } else { Sent::NoBatches };
        assert_eq!(receiver.sends(2), expected, "{status}");
        assert_eq!(receiver.sends(1), outcomes([REFUSED]), "{status}");
    }
}
