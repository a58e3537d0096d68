//! A receiver that speaks TLS, with a certificate that only these tests trust.

use std::collections::BTreeSet;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::home::Result;

const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/tls/localhost.key");

pub(super) struct Tls {
    address: SocketAddr,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    ids: Mutex<BTreeSet<String>>,
    answering: AtomicUsize,
    most: AtomicUsize,
}

impl Tls {
    /// The certificate that the server presents. Trust in it does not extend to the authority that signed it.
    pub(super) const CERTIFICATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/tls/localhost.pem");

    /// The authority that signed the server's certificate.
    pub(super) const AUTHORITY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/tls/authority.pem");

    /// A server that accepts everything. Each of its answers, including the handshake, takes `latency`.
    pub(super) fn start(latency: Duration) -> Result<Self> {
        Self::start_with(latency, |_| true)
    }

    /// A server that calls `goes_on` after each answer to decide whether to keep the connection or to end it.
    pub(super) fn start_with(latency: Duration, goes_on: fn(&TcpStream) -> bool) -> Result<Self> {
        let certificates = vec![CertificateDer::from_pem_file(Self::CERTIFICATE)?];
        let key = PrivateKeyDer::from_pem_file(KEY)?;
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(certificates, key)?;
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let seen = Arc::new(Seen::default());
        let kept = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (config, kept) = (Arc::clone(&config), Arc::clone(&kept));
                thread::spawn(move || serve(stream, config, latency, goes_on, &kept));
            }
        });
        Ok(Self { address, seen })
    }

    pub(super) fn url(&self) -> String {
        format!("https://localhost:{}/v1/events", self.address.port())
    }

    /// The ids of the received events, each once.
    pub(super) fn ids(&self) -> BTreeSet<String> {
        self.seen.ids.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The maximum number of requests that were answered at the same time.
    pub(super) fn most_at_a_time(&self) -> usize {
        self.seen.most.load(Ordering::SeqCst)
    }
}

fn serve(
    stream: TcpStream,
    config: Arc<ServerConfig>,
    latency: Duration,
    goes_on: fn(&TcpStream) -> bool,
    seen: &Seen,
) -> io::Result<()> {
    thread::sleep(latency);
    let connection = ServerConnection::new(config).map_err(io::Error::other)?;
    let mut stream = BufReader::new(StreamOwned::new(connection, stream));
    loop {
        let (mut length, mut id) = (0, None);
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line)? == 0 {
                return Ok(());
            }
            match line.trim_end().to_ascii_lowercase().split_once(": ") {
                Some(("content-length", text)) => length = text.parse().unwrap_or(0),
                Some(("idempotency-key", text)) => id = Some(text.to_owned()),
                _ if line.trim_end().is_empty() => break,
                _ => {}
            }
        }
        stream.by_ref().take(length).read_to_end(&mut Vec::new())?;
        seen.most.fetch_max(seen.answering.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        thread::sleep(latency);
        seen.ids.lock().unwrap_or_else(PoisonError::into_inner).extend(id);
        seen.answering.fetch_sub(1, Ordering::SeqCst);
        stream.get_mut().write_all(b"HTTP/1.1 204 No Content\r\n\r\n")?;
        if !goes_on(&stream.get_ref().sock) {
            return Ok(());
        }
    }
}
