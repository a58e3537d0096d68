use std::io::{self, Write};

use super::{Outgoing, SendError, Sink};

/// Prints each event to standard error, one per line.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Console;

impl Console {
    /// A sink that prints.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }
}

impl Sink for Console {
    fn send(&mut self, event: &Outgoing) -> Result<(), SendError> {
        // Writes each line in one call, so that lines of several writers do not interleave.
        let line = format!("{}\n", event.body());
        io::stderr().write_all(line.as_bytes()).map_err(|_| SendError::Unsendable)
    }

    fn destination(&self) -> Option<String> {
        Some("console".to_owned())
    }
}
