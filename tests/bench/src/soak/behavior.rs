//! Twelve ways in which a receiver behaves.

use std::io::{self, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use socket2::SockRef;

/// How a receiver treats a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Behavior {
    NoContent,
    SlowBody,
    SlowStatus,
    /// Two answers to one request.
    Surplus,
    BadRequest,
    Unauthorized,
    TooMany,
    Unavailable,
    CloseBeforeReading,
    CloseAfterReading,
    Reset,
    Hang,
}

/// What an answer means for an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Taken,
    /// Judged as not acceptable: it is not sent again.
    Refused,
    /// Neither: the event must be sent again.
    Failed,
}

/// How long a slow answer takes: longer than the end of a program waits.
const SLOW: Duration = Duration::from_millis(200);

impl Behavior {
    pub const ALL: [Self; 12] = [
        Self::NoContent,
        Self::SlowBody,
        Self::SlowStatus,
        Self::Surplus,
        Self::BadRequest,
        Self::Unauthorized,
        Self::TooMany,
        Self::Unavailable,
        Self::CloseBeforeReading,
        Self::CloseAfterReading,
        Self::Reset,
        Self::Hang,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::NoContent => "204",
            Self::SlowBody => "200, its body 200 ms later",
            Self::SlowStatus => "204, half of the status line 200 ms later",
            Self::Surplus => "204, and an unsolicited second one",
            Self::BadRequest => "400",
            Self::Unauthorized => "401",
            Self::TooMany => "429 with Retry-After",
            Self::Unavailable => "503",
            Self::CloseBeforeReading => "closes before it has read the request",
            Self::CloseAfterReading => "reads and closes",
            Self::Reset => "reads and resets the connection",
            Self::Hang => "reads and never answers",
        }
    }

    pub const fn verdict(self) -> Verdict {
        match self {
            Self::NoContent | Self::SlowBody | Self::SlowStatus | Self::Surplus => Verdict::Taken,
            Self::BadRequest => Verdict::Refused,
            _ => Verdict::Failed,
        }
    }

    /// How long the receiver behaves so, from a number from 0 to 1. Those that make programs wait for a minute are short.
    pub fn lasts(self, chance: f64) -> Duration {
        let (least, most) = match self {
            Self::NoContent => (2_000, 4_000),
            Self::SlowBody | Self::SlowStatus | Self::Surplus => (800, 1_800),
            Self::Unauthorized => (100, 300),
            _ => (300, 1_000),
        };
        Duration::from_millis(least + ((most - least) as f64 * chance) as u64)
    }

    /// Answers a request that was read. The connection is closed unless this returns `true`.
    ///
    /// # Errors
    ///
    /// If the client is gone.
    pub fn answer(self, stream: &mut TcpStream) -> io::Result<bool> {
        let mut write = |text: &str| stream.write_all(text.as_bytes());
        let empty = |status: &str| format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
        match self {
            Self::NoContent => write("HTTP/1.1 204 No Content\r\n\r\n")?,
            Self::SlowBody => {
                write("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n")?;
                thread::sleep(SLOW);
                write("taken")?;
            }
            Self::SlowStatus => {
                write("HTTP/1.1 2")?;
                thread::sleep(SLOW);
                write("04 No Content\r\n\r\n")?;
            }
            Self::Surplus => write("HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n")?,
            Self::BadRequest => write(&empty("400 Bad Request"))?,
            Self::Unauthorized => write(&empty("401 Unauthorized"))?,
            Self::TooMany => write(&empty("429 Too Many Requests\r\nretry-after: 1"))?,
            Self::Unavailable => write(&empty("503 Service Unavailable"))?,
            Self::CloseBeforeReading | Self::CloseAfterReading => return Ok(false),
            Self::Reset => {
                // Closing a socket that lingers for no time resets the connection.
                SockRef::from(&*stream).set_linger(Some(Duration::ZERO))?;
                return Ok(false);
            }
            Self::Hang => {
                // The client gives up before that.
                thread::sleep(Duration::from_secs(15));
                return Ok(false);
            }
        }
        Ok(true)
    }
}
