//! A connection to the collector.

use std::io;
use std::net::SocketAddr;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, Response, StatusCode, body::Incoming};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::runtime::{self, Runtime};

use crate::receive::PATH;

/// A connection that is opened when it is needed, and again when the collector has closed it.
pub(super) struct Wire {
    address: SocketAddr,
    open: Option<SendRequest<Full<Bytes>>>,
    /// It drives the connection while a request is under way.
    runtime: Runtime,
}

impl Wire {
    pub(super) fn new(address: SocketAddr) -> io::Result<Self> {
        let runtime = runtime::Builder::new_current_thread().enable_io().build()?;
        Ok(Self { address, open: None, runtime })
    }

    /// Sends a body, and returns the answer.
    pub(super) fn post(&mut self, headers: &[(&str, &str)], body: String) -> io::Result<(StatusCode, Bytes)> {
        let body = Bytes::from(body);
        // A connection that has been idle may be closed by now.
        let was_open = self.open.is_some();
        match self.try_post(headers, &body) {
            Err(_) if was_open => self.try_post(headers, &body),
            answer => answer,
        }
    }

    fn try_post(&mut self, headers: &[(&str, &str)], body: &Bytes) -> io::Result<(StatusCode, Bytes)> {
        let (address, open) = (self.address, self.open.take());
        let request = request(address, headers, body)?;
        let (open, answer) = self.runtime.block_on(async {
            let mut open = match open {
                Some(open) => open,
                None => connect(address).await?,
            };
            open.ready().await.map_err(io::Error::other)?;
            let answer = read(open.send_request(request).await.map_err(io::Error::other)?).await?;
            Ok::<_, io::Error>((open, answer))
        })?;
        self.open = Some(open);
        Ok(answer)
    }
}

async fn connect(address: SocketAddr) -> io::Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (open, connection) = handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
    tokio::spawn(connection);
    Ok(open)
}

async fn read(response: Response<Incoming>) -> io::Result<(StatusCode, Bytes)> {
    let status = response.status();
    let body = response.into_body().collect().await.map_err(io::Error::other)?;
    Ok((status, body.to_bytes()))
}

fn request(address: SocketAddr, headers: &[(&str, &str)], body: &Bytes) -> io::Result<Request<Full<Bytes>>> {
    let mut request = Request::post(PATH);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.header("accept", "*/*").header("host", address.to_string());
    request.body(Full::new(body.clone())).map_err(io::Error::other)
}
