//! A client that can be as wrong as it likes.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::events::Sent;

/// Far more time than any answer needs.
const PATIENCE: Duration = Duration::from_secs(30);

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }
}

/// A connection.
pub(crate) struct Client(TcpStream);

impl Client {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self::connect(address).unwrap()
    }

    pub(crate) fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(Self(stream))
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    pub(crate) fn ask(&mut self, bytes: &[u8]) -> io::Result<Reply> {
        self.send(bytes)?;
        self.reply()
    }

    pub(crate) fn reply(&mut self) -> io::Result<Reply> {
        let mut read = Vec::new();
        let end = loop {
            if let Some(at) = read.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            self.more(&mut read)?;
        };
        let head = String::from_utf8_lossy(&read[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        let mut reply = Reply { status: status.unwrap_or_default(), head, body: String::new() };
        let length = reply.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        while read.len() < end + length {
            self.more(&mut read)?;
        }
        reply.body = String::from_utf8_lossy(&read[end..]).into_owned();
        Ok(reply)
    }

    /// Returns when the server has closed the connection, with what it sent before.
    pub(crate) fn read_to_end(&mut self) -> Vec<u8> {
        let mut read = Vec::new();
        // A reset is an end as well.
        while self.more(&mut read).is_ok() {}
        read
    }

    fn more(&mut self, read: &mut Vec<u8>) -> io::Result<()> {
        let mut chunk = [0; 4096];
        let length = self.0.read(&mut chunk)?;
        if length == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        read.extend_from_slice(&chunk[..length]);
        Ok(())
    }
}

/// A request over a connection of its own.
pub(crate) fn ask(address: SocketAddr, bytes: &[u8]) -> Reply {
    Client::new(address).ask(bytes).unwrap()
}

pub(crate) fn get(path: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    let mut head = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    (head + "\r\n").into_bytes()
}

pub(crate) fn post(headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut head = format!("POST /v1/events HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    [(head + "\r\n").as_bytes(), body].concat()
}

/// The request of the client for this event.
pub(crate) fn single(event: &Sent) -> Vec<u8> {
    single_with(event, &[], event.body())
}

/// The same with more headers and another body.
pub(crate) fn single_with(event: &Sent, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let age = event.age_days().to_string();
    let mut all = vec![
        ("content-type", "application/json"),
        ("idempotency-key", event.id()),
        ("telemetry-schema", event.schema()),
        ("telemetry-age", &age),
    ];
    all.retain(|(name, _)| !headers.iter().any(|(other, _)| other == name));
    all.extend(headers.iter().filter(|(_, value)| !value.is_empty()));
    post(&all, body)
}

pub(crate) fn batch(body: impl AsRef<[u8]>) -> Vec<u8> {
    post(&[("content-type", "application/x-ndjson")], body)
}
