//! Where events go.
//!
//! A [`Sink`] is called on the client's worker thread, never on a thread of the application. A slow sink delays only the events behind the
//! current one. A failure or panic is counted, and a panic in its destructor is also caught.
//!
//! Most applications need no custom sink: an [endpoint](crate::client::Builder::endpoint) has its own. Receivers of OpenTelemetry and
//! PostHog get events from an endpoint in other forms, `Otlp` and `PostHog`.
//!
//! # Testing a sink
//!
//! A sink can be tested without a client: [`testing::outgoing`](crate::testing::outgoing) creates the value that a client would pass to it.
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

mod batches;
mod console;
mod debug;
mod file;
pub(crate) mod form;
mod function;
mod guarded;
#[cfg(feature = "http")]
pub(crate) mod http;
mod memory;
#[cfg(feature = "otlp")]
mod otlp;
mod outgoing;
#[cfg(feature = "posthog")]
mod posthog;
pub(crate) mod request;

pub(crate) use self::batches::{Batches, Sent, send};
pub use self::console::Console;
pub(crate) use self::debug::Debug;
pub use self::file::File;
pub use self::function::{Function, from_fn};
pub(crate) use self::guarded::Guarded;
pub use self::memory::Memory;
#[cfg(feature = "otlp")]
pub use self::otlp::Otlp;
pub use self::outgoing::Outgoing;
pub(crate) use self::outgoing::{example, name_of};
#[cfg(feature = "posthog")]
pub use self::posthog::PostHog;

use std::time::Duration;

/// Receives events, one at a time, usually in the order in which they were published: after a failure, an event waits longer than those
/// behind it, and events that earlier processes left come first.
pub trait Sink: Send + 'static {
    /// Receives one event.
    ///
    /// # Errors
    ///
    /// [`SendError`] says whether the sink may take the event later.
    fn send(&mut self, event: &Outgoing) -> Result<(), SendError>;

    /// Names the place to which this sink delivers, so that events kept on disk for one place are never delivered to another.
    ///
    /// It is needed only for [`Durability::WriteAhead`](crate::client::Durability::WriteAhead), where a sink without a destination is [an
    /// error](crate::client::ConfigError::SinkWithoutDestination). Sinks of one application that deliver to different places must have
    /// different names, across all of its releases. The name is requested once, when the client is built, and is never sent.
    fn destination(&self) -> Option<String> {
        None
    }

    /// Called when no events are left to send for now. Here a sink closes resources that an idle program should not hold, such as a
    /// connection.
    fn rest(&mut self) {}

    /// Why the last event was not taken, for [`Status`](crate::Status). `None` if it was taken, or if the sink does not report a reason.
    fn obstacle(&self) -> Option<Obstacle> {
        None
    }

    /// This sink, if it takes several events at once.
    #[doc(hidden)]
    fn batches(&mut self) -> Option<&mut dyn Batches> {
        None
    }
}

/// A program that chooses its sink at run time gives it as a `Box<dyn Sink>`.
impl<S: Sink + ?Sized> Sink for Box<S> {
    fn send(&mut self, event: &Outgoing) -> Result<(), SendError> {
        (**self).send(event)
    }

    fn destination(&self) -> Option<String> {
        (**self).destination()
    }

    fn rest(&mut self) {
        (**self).rest();
    }

    fn obstacle(&self) -> Option<Obstacle> {
        (**self).obstacle()
    }

    fn batches(&mut self) -> Option<&mut dyn Batches> {
        (**self).batches()
    }
}

/// Why a sink did not take an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// The sink may take the event later. It is retried after a delay that grows from a second to an hour.
    #[error("the event was not taken, and may be later")]
    Retry,
    /// The sink may take the event after this duration, of which an hour counts at most. It is retried after that, or up to half as long
    /// again: a receiver that asks all programs to wait until one moment would otherwise get all of them then.
    #[error("the event was not taken, and may be in {} seconds", .0.as_secs())]
    RetryAfter(Duration),
    /// The sink currently takes no events, for example because a token is wrong, and someone must fix this. Events are kept, and are
    /// retried after a delay that grows from a minute to an hour.
    #[error("no event is taken for now")]
    NotNow,
    /// The sink will never take this event. The event is kept for the user to read among [those that were
    /// sent](crate::Telemetry::last_sent), as its receiver may have it.
    #[error("the event was refused")]
    Refused,
    /// The sink can never send this event, for example because the event is too large for it, and has sent no part of it. The event is lost as
    /// one that is [refused](Self::Refused).
    #[error("the event cannot be sent")]
    Unsendable,
}

/// The obstacle to delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Obstacle {
    /// No certificate could be loaded, so no receiver can be trusted. Install the platform's certificates (Debian's package `ca-certificates`), or
    /// correct `SSL_CERT_FILE` and `SSL_CERT_DIR` if they are set: where certificates are files, as on Linux, they take the place of the
    /// platform's.
    NoCertificates,
    /// The name of the receiver or the proxy has no address, or could not be looked up in time.
    NoAddress,
    /// No connection to the receiver or the proxy could be established, or the proxy refused to pass it on. Without the feature `rustls`, also
    /// what is [`Tls`](Self::Tls) with it.
    NoConnection,
    /// The certificate of the receiver or the proxy is not trusted, or the two sides share no TLS version. With the feature `rustls` only.
    Tls,
    /// No answer came in time.
    TimedOut,
    /// The connection ended before the response, or the response was not HTTP or had too large a header.
    NoAnswer,
    /// The receiver responded with this status.
    Answer(u16),
    /// The clock shows a time before 1970.
    Clock,
    /// The system ran out of memory, threads or descriptors.
    Shortage,
    /// The user's choice cannot be read now, so nothing is sent.
    ChoiceUnreadable,
    /// A no could be stored, but the anonymous id could not be written down, so no [request for
    /// deletion](crate::consent#the-request-for-deletion) could follow it: the file `telemetry-deletion` beside the choice cannot be read or
    /// written, for example because it is a directory or the disk is full.
    DeletionUnprepared,
    /// A reason that the sink does not report.
    Other,
}

impl Obstacle {
    /// Whether no part of any request can have left this machine for the receiver.
    pub(crate) const fn is_before_any_request(self) -> bool {
        matches!(self, Self::NoCertificates | Self::NoAddress | Self::NoConnection | Self::Clock)
    }
}
