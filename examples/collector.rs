//! A collector for a single request. It stands in for an author's server.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread::JoinHandle;

/// The largest body that is read, in bytes. Events are smaller.
const MAX_BODY: u64 = 1024 * 1024;

/// Listens for one request on a free port of this machine.
pub struct Collector {
    address: SocketAddr,
    worker: JoinHandle<io::Result<Request>>,
}

/// A request as it was received.
pub struct Request {
    /// Method, path and headers, one per line.
    pub head: String,
    /// The body.
    pub body: String,
}

impl Collector {
    /// Starts listening.
    ///
    /// # Errors
    ///
    /// If no port is free.
    pub fn start() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        Ok(Self { address, worker: std::thread::spawn(move || answer(&listener)) })
    }

    /// The address to which events are sent.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/v1/events", self.address)
    }

    /// Waits for the request.
    ///
    /// # Errors
    ///
    /// If the connection broke.
    pub fn received(self) -> io::Result<Request> {
        self.worker.join().unwrap_or_else(|_| Err(io::Error::other("the collector panicked")))
    }
}

fn answer(listener: &TcpListener) -> io::Result<Request> {
    let (stream, _) = listener.accept()?;
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.by_ref().take(MAX_BODY).read_line(&mut head)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    let head = head.trim_end().replace("\r\n", "\n");
    let mut body = String::new();
    stream.by_ref().take(length(&head).min(MAX_BODY)).read_to_string(&mut body)?;
    stream.get_mut().write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")?;
    Ok(Request { head, body })
}

fn length(head: &str) -> u64 {
    let length = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    length.and_then(|(_, value)| value.trim().parse().ok()).unwrap_or(0)
}
