//! A receiver on a loopback port that takes everything.

use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

/// The ids of the events that were answered.
#[derive(Clone, Default)]
pub struct Answered(Arc<Mutex<BTreeSet<String>>>);

impl Answered {
    /// Those until now.
    pub fn ids(&self) -> BTreeSet<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, id: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
    }
}

/// Starts one whose threads end with the process. Each answer takes so long.
///
/// # Errors
///
/// If no port can be had.
pub fn start(latency: Duration) -> io::Result<SocketAddr> {
    listen(latency, None)
}

/// Starts one that answers at once, and notes what it has answered.
///
/// # Errors
///
/// If no port can be had.
pub fn start_noting(answered: &Answered) -> io::Result<SocketAddr> {
    listen(Duration::ZERO, Some(answered.clone()))
}

fn listen(latency: Duration, answered: Option<Answered>) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answered = answered.clone();
            thread::spawn(move || serve(&stream, latency, answered.as_ref()));
        }
    });
    Ok(address)
}

/// Answers one request after the other, until the connection ends.
fn serve(stream: &TcpStream, latency: Duration, answered: Option<&Answered>) -> io::Result<()> {
    let (mut reader, mut writer) = (BufReader::new(stream), stream);
    loop {
        let (mut length, mut id) = (0, None);
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            } else if let Some(value) = line.strip_prefix("idempotency-key:") {
                id = Some(value.trim().to_owned());
            }
        }
        io::copy(&mut reader.by_ref().take(length), &mut io::sink())?;
        thread::sleep(latency);
        writer.write_all(ANSWER)?;
        if let (Some(answered), Some(id)) = (answered, id) {
            answered.note(id);
        }
    }
}
