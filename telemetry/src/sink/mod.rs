//! Where events go.
//!
//! A [`Sink`] is called on the client's worker thread, never on a thread of the application. What it does with an
//! event, and how long that takes, holds up nobody but the events behind it; when it fails or panics, that is counted.
//!
//! Most applications need none of these: an [endpoint](crate::client::Builder::endpoint) is a sink of its own.

mod console;
mod debug;
mod file;
mod function;
#[cfg(feature = "http")]
pub(crate) mod http;
mod memory;
pub(crate) mod request;

pub use self::console::Console;
pub(crate) use self::debug::Debug;
pub use self::file::File;
pub use self::function::{Function, from_fn};
pub use self::memory::Memory;

use std::time::Duration;

/// Takes events, one at a time and in the order in which they were published.
pub trait Sink: Send + 'static {
    /// Takes one event.
    ///
    /// # Errors
    ///
    /// [`SendError`] says whether it can be taken later.
    fn send(&mut self, event: &Outgoing) -> Result<(), SendError>;
}

/// An event on its way: exactly what is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    pub(crate) id: String,
    pub(crate) schema: String,
    pub(crate) body: String,
}

impl Outgoing {
    /// The event's id. An event that is sent twice has the same one, so that the receiver can count it once.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The [hash](crate::schema::Schema::hash) of the schema of what the event tells, in hexadecimal.
    #[must_use]
    pub fn schema(&self) -> &str {
        &self.schema
    }

    /// The event: one JSON object.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
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
