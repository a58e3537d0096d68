use std::sync::{Arc, Mutex, PoisonError};

use super::{Outgoing, SendError, Sink};

/// Keeps events in memory, for tests. Clones share the events.
///
/// Events arrive on the worker thread: call [`flush`](crate::Telemetry::flush) before you look, also where you expect none.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    events: Arc<Mutex<Vec<Outgoing>>>,
}

impl Memory {
    /// Creates an empty sink.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The events so far, in order of arrival.
    #[must_use]
    pub fn events(&self) -> Vec<Outgoing> {
        self.lock().clone()
    }

    /// The bodies of the events so far.
    #[must_use]
    pub fn bodies(&self) -> Vec<String> {
        self.lock().iter().map(|event| event.body.clone()).collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Outgoing>> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink for Memory {
    fn send(&mut self, event: &Outgoing) -> Result<(), SendError> {
        self.lock().push(event.clone());
        Ok(())
    }

    fn destination(&self) -> Option<String> {
        Some("memory".to_owned())
    }
}
