//! A receiver on a loopback port that behaves as it is told, and writes down every event that arrives.

use std::io::{self, BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::behavior::{Behavior, Verdict};
use super::program::{NUMBER, RUN_HEADER};

/// A request that was read to its end.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The number of the event.
    pub number: u32,
    /// Its id, from the header `Idempotency-Key`.
    pub id: String,
    /// The run that sent it, or that started the uploader that did.
    pub run: u32,
    /// When the request began to arrive.
    pub at: Instant,
    pub behavior: Behavior,
    pub verdict: Verdict,
}

/// A receiver whose threads end with the process.
#[derive(Clone)]
pub struct Receiver {
    address: SocketAddr,
    /// How long it takes before it answers.
    latency: Duration,
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    behavior: Behavior,
    arrivals: Vec<Arrival>,
    /// Connections that were closed before their request was read.
    unread: usize,
    /// Requests that hold no event of ours.
    strange: Vec<String>,
}

impl Receiver {
    /// One that answers at once.
    ///
    /// # Errors
    ///
    /// If no port can be had.
    pub fn start() -> io::Result<Self> {
        Self::start_with(Duration::ZERO)
    }

    /// One with some latency, like one on another machine.
    ///
    /// # Errors
    ///
    /// If no port can be had.
    pub fn start_with(latency: Duration) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let shared = Shared { behavior: Behavior::NoContent, arrivals: Vec::new(), unread: 0, strange: Vec::new() };
        let receiver = Self { address: listener.local_addr()?, latency, shared: Arc::new(Mutex::new(shared)) };
        let accepting = receiver.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let receiver = accepting.clone();
                thread::spawn(move || receiver.serve(stream));
            }
        });
        Ok(receiver)
    }

    pub fn endpoint(&self) -> String {
        format!("http://{}/v1/events", self.address)
    }

    /// Changes its behaviour for all requests from now on.
    pub fn behave(&self, behavior: Behavior) {
        self.lock().behavior = behavior;
    }

    pub fn arrivals(&self) -> Vec<Arrival> {
        self.lock().arrivals.clone()
    }

    /// How many requests it met with this behaviour.
    pub fn met(&self, behavior: Behavior) -> usize {
        let shared = self.lock();
        match behavior {
            Behavior::CloseBeforeReading => shared.unread,
            _ => shared.arrivals.iter().filter(|arrival| arrival.behavior == behavior).count(),
        }
    }

    /// Requests that hold no event of the soak.
    pub fn strange(&self) -> Vec<String> {
        self.lock().strange.clone()
    }

    fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        let mut reader = BufReader::new(stream.try_clone()?);
        loop {
            if reader.fill_buf()?.is_empty() {
                return Ok(());
            }
            let at = Instant::now();
            let behavior = self.lock().behavior;
            if behavior == Behavior::CloseBeforeReading {
                self.lock().unread += 1;
                return Ok(());
            }
            let request = Request::read(&mut reader)?;
            self.note(&request, at, behavior);
            thread::sleep(self.latency);
            if !behavior.answer(&mut stream)? {
                return Ok(());
            }
            if behavior == Behavior::Surplus {
                // A client that sends another event here takes the second answer for that event's. It must not.
                return self.note_after_surplus(&mut reader);
            }
        }
    }

    fn note_after_surplus(&self, reader: &mut impl BufRead) -> io::Result<()> {
        if reader.fill_buf()?.is_empty() {
            return Ok(());
        }
        let at = Instant::now();
        let request = Request::read(reader)?;
        self.note(&request, at, Behavior::CloseAfterReading);
        Ok(())
    }

    fn note(&self, request: &Request, at: Instant, behavior: Behavior) {
        let mut shared = self.lock();
        match request.number() {
            Some(number) => {
                let Request { id, run, .. } = request;
                shared.arrivals.push(Arrival {
                    number,
                    id: id.clone(),
                    run: *run,
                    at,
                    behavior,
                    verdict: behavior.verdict(),
                });
            }
            None => shared.strange.push(request.body.clone()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Default)]
struct Request {
    id: String,
    run: u32,
    body: String,
}

impl Request {
    fn read(reader: &mut impl BufRead) -> io::Result<Self> {
        let (mut request, mut length) = (Self::default(), 0);
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            let Some((name, value)) = line.split_once(':') else { continue };
            match (name.to_ascii_lowercase().as_str(), value.trim()) {
                ("content-length", value) => length = value.parse().unwrap_or(0),
                ("idempotency-key", value) => value.clone_into(&mut request.id),
                (RUN_HEADER, value) => request.run = value.parse().unwrap_or(0),
                _ => {}
            }
        }
        let mut body = Vec::new();
        if reader.take(length).read_to_end(&mut body)? as u64 != length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        request.body = String::from_utf8_lossy(&body).into_owned();
        Ok(request)
    }

    fn number(&self) -> Option<u32> {
        let body: serde_json::Value = serde_json::from_str(&self.body).ok()?;
        body["payload"][NUMBER].as_u64()?.try_into().ok()
    }
}
