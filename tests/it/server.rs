//! A collector on a loopback port, which records requests and answers as the test demands.

use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use flate2::read::GzDecoder;

/// A request as it was received.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// Method, path and version.
    pub(crate) line: String,
    /// Names in lower case, in the order of the request.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map_or("", |(_, value)| value)
    }

    /// The event's id.
    pub(crate) fn id(&self) -> &str {
        self.header("idempotency-key")
    }

    fn read(stream: &mut impl BufRead) -> io::Result<Self> {
        let line = read_line(stream)?;
        let mut headers = Vec::new();
        loop {
            let header = read_line(stream)?;
            if header.is_empty() {
                break;
            }
            let (name, value) = header.split_once(':').ok_or(io::ErrorKind::InvalidData)?;
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut request = Self { line, headers, body: String::new() };
        let length = request.header("content-length").parse().unwrap_or(0);
        let mut body = stream.take(length);
        if request.header("content-encoding") == "gzip" {
            GzDecoder::new(body).read_to_string(&mut request.body)?;
        } else {
            body.read_to_string(&mut request.body)?;
        }
        Ok(request)
    }
}

fn read_line(stream: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end().to_owned())
}

/// Writes the answer to the request with this number, counted from 1. The connection is closed unless it returns `true`.
pub(crate) trait Answer:
    Fn(usize, &Request, &mut TcpStream) -> io::Result<bool> + Send + Sync + 'static
{
}

impl<F: Fn(usize, &Request, &mut TcpStream) -> io::Result<bool> + Send + Sync + 'static> Answer for F {}

pub(crate) struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// A server whose thread ends with the process of the test.
    pub(crate) fn start(answer: impl Answer) -> io::Result<Self> {
        Self::start_at(SocketAddr::from(([127, 0, 0, 1], 0)), answer)
    }

    /// A server at a known address.
    pub(crate) fn start_at(address: SocketAddr, answer: impl Answer) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        let address = listener.local_addr()?;
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (kept, answer) = (Arc::clone(&requests), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (kept, answer) = (Arc::clone(&kept), Arc::clone(&answer));
                thread::spawn(move || serve(stream, &kept, &*answer));
            }
        });
        Ok(Self { address, requests })
    }

    /// A server that accepts every event.
    pub(crate) fn accepting() -> io::Result<Self> {
        Self::start(|_, _: &Request, stream: &mut TcpStream| status(stream, "204 No Content"))
    }

    pub(crate) fn url(&self) -> String {
        url(self.address)
    }

    /// The host and the port, as a status shows them.
    pub(crate) fn authority(&self) -> String {
        self.address.to_string()
    }

    /// The distinct ids of the received events.
    pub(crate) fn ids(&self) -> BTreeSet<String> {
        self.requests().iter().map(|request| request.id().to_owned()).collect()
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn serve(stream: TcpStream, kept: &Mutex<Vec<Request>>, answer: &impl Answer) -> io::Result<()> {
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    loop {
        let request = Request::read(&mut reader)?;
        let number = {
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.push(request.clone());
            kept.len()
        };
        if !answer(number, &request, &mut writer)? {
            return Ok(());
        }
    }
}

/// An address at which no server listens.
pub(crate) fn free_address() -> io::Result<SocketAddr> {
    TcpListener::bind("127.0.0.1:0")?.local_addr()
}

pub(crate) fn url(address: SocketAddr) -> String {
    format!("http://{address}/v1/events")
}

/// Answers with a status and without a body.
pub(crate) fn status(stream: &mut TcpStream, status: &str) -> io::Result<bool> {
    answer(stream, status, "")
}

/// Answers with a status and a body.
pub(crate) fn answer(stream: &mut TcpStream, status: &str, body: &str) -> io::Result<bool> {
    // In one write: after several, the rest would wait for the first to be acknowledged, which takes 40 ms.
    let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(answer.as_bytes())?;
    Ok(true)
}
