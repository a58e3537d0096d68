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
    /// It will never take it.
    #[error("the event was refused")]
    Refused,
}
