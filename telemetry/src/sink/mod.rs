//! Where events go.
//!
//! A [`Sink`] is called on the client's worker thread, never on a thread of the application. The time that it takes for an event delays
//! the events behind it, and nothing else. When it fails or panics, that is counted; a panic in its destructor is caught as well.
//!
//! Most applications need none of these: an [endpoint](crate::client::Builder::endpoint) is a sink of its own.
//!
//! # Testing a sink
//!
//! A sink can be tested without a client: [`testing::outgoing`](crate::testing::outgoing) makes what a client would hand to it.
//!
//! ```
//! use telemetry::TelemetryEvent;
//! use telemetry::sink::{Outgoing, SendError, Sink};
//! use telemetry::testing::outgoing;
//!
//! /// Counts events by their name.
//! #[derive(Default)]
//! struct Counting {
//!     counts: std::collections::BTreeMap<String, u32>,
//! }
//!
//! impl Sink for Counting {
//!     fn send(&mut self, event: &Outgoing) -> Result<(), SendError> {
//!         *self.counts.entry(event.name().to_owned()).or_default() += 1;
//!         Ok(())
//!     }
//! }
//!
//! #[derive(TelemetryEvent)]
//! #[telemetry(event = "started")]
//! struct Started {
//!     by_hand: bool,
//! }
//!
//! let event = outgoing(&Started { by_hand: true });
//! let mut sink = Counting::default();
//! sink.send(&event)?;
//! sink.send(&event.with_number(2).with_age_days(3))?;
//! assert_eq!(sink.counts["started"], 2);
//! # Ok::<(), SendError>(())
//! ```

mod console;
mod debug;
mod file;
mod function;
mod guarded;
#[cfg(feature = "http")]
pub(crate) mod http;
mod memory;
mod outgoing;
pub(crate) mod request;

pub use self::console::Console;
pub(crate) use self::debug::Debug;
pub use self::file::File;
pub use self::function::{Function, from_fn};
pub(crate) use self::guarded::Guarded;
pub use self::memory::Memory;
pub use self::outgoing::Outgoing;

use std::time::Duration;

/// Takes events, one at a time and in the order in which they were published.
pub trait Sink: Send + 'static {
    /// Takes one event.
    ///
    /// # Errors
    ///
    /// [`SendError`] says whether it can be taken later.
    fn send(&mut self, event: &Outgoing) -> Result<(), SendError>;

    /// Names the place to which this sink delivers, so that events that are kept on disk for one place are never delivered to another.
    ///
    /// It is needed for [`Durability::WriteAhead`](crate::client::Durability::WriteAhead) alone, with which a sink without a destination is
    /// [an error](crate::client::ConfigError::SinkWithoutDestination). Two sinks of one application that deliver to different places, in any
    /// of its releases, must not have the same name. It is asked once, when the client is built, and is never sent.
    fn destination(&self) -> Option<String> {
        None
    }

    /// Called when nothing is left to be sent for now. A sink closes here what an idle program should not hold, such as a connection.
    fn rest(&mut self) {}

    /// Why the last event was not taken, for [`Status`](crate::Status). `None` when it was, or when the sink does not tell.
    fn obstacle(&self) -> Option<Obstacle> {
        None
    }
}

/// Why a sink did not take an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// It may take it later. It is asked again after a while that grows from a second to five minutes.
    #[error("the event was not taken, and may be later")]
    Retry,
    /// It may take it when so much time has passed. It is asked again after an hour at the latest.
    #[error("the event was not taken, and may be in {} seconds", .0.as_secs())]
    RetryAfter(Duration),
    /// It takes no event as things are, for example since a token is wrong, and somebody has to mend that. Events are kept. It is asked
    /// again after a while that grows from a minute to an hour.
    #[error("no event is taken for now")]
    NotNow,
    /// It will never take this event.
    #[error("the event was refused")]
    Refused,
}

/// What stands in the way of delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Obstacle {
    /// None of the platform's certificates could be loaded, so no receiver can be trusted. Set `SSL_CERT_FILE`, or install
    /// them (Debian's package `ca-certificates`).
    NoCertificates,
    /// The receiver's name has no address, or could not be looked up in time.
    NoAddress,
    /// No connection to the receiver, or to the proxy, could be made.
    NoConnection,
    /// The receiver's certificate is not trusted, or the two sides have no version of TLS in common.
    Tls,
    /// The receiver did not answer in time.
    TimedOut,
    /// The connection ended before the answer, or what came was not HTTP.
    NoAnswer,
    /// The receiver answered with this status.
    Answer(u16),
    /// The clock shows a time before 1970.
    Clock,
    /// The system lacked memory, threads or descriptors.
    Shortage,
    /// The user's choice cannot be read now, so nothing is sent.
    ChoiceUnreadable,
    /// A reason that the sink does not tell.
    Other,
}
