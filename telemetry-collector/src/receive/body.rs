//! Reads bodies within limits of size, time and memory.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http_body_util::BodyExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::answer::Refusal;
use super::connections::Connections;
use super::limits::{Limits, MAX_BATCH};

/// How long a request waits for room until another one has to make room.
const PATIENCE: Duration = Duration::from_millis(20);

/// Room for the bodies of all requests together.
#[derive(Clone, Debug)]
pub(super) struct Room(Arc<Semaphore>);

/// A body, with the room that it takes.
pub(super) struct Held {
    pub(super) bytes: Vec<u8>,
    _room: Option<OwnedSemaphorePermit>,
}

impl Room {
    pub(super) fn new(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new(bytes.clamp(2 * MAX_BATCH, Semaphore::MAX_PERMITS))))
    }

    /// Reads a body of at most so many bytes.
    ///
    /// A body takes room as it arrives, so that a client that announces much and sends little takes little. When there is no room, the connection
    /// that has waited longest for its client is closed.
    pub(super) async fn read(
        &self,
        body: Body,
        max: usize,
        limits: &Limits,
        connections: &Connections,
    ) -> Result<Held, Refusal> {
        let all = self.read_all(body, max, connections);
        timeout(limits.body_time, all).await.unwrap_or(Err(Refusal::TooSlow))
    }

    async fn read_all(&self, mut body: Body, max: usize, connections: &Connections) -> Result<Held, Refusal> {
        let mut held = Held { bytes: Vec::new(), _room: None };
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| Refusal::Broken)?;
            // Trailers are not used.
            let Ok(data) = frame.into_data() else { continue };
            if held.bytes.len() + data.len() > max {
                return Err(Refusal::TooLarge);
            }
            let Some(room) = self.take(data.len(), connections).await else {
                return Err(Refusal::TooLarge);
            };
            held.bytes.extend_from_slice(&data);
            match &mut held._room {
                Some(all) => all.merge(room),
                none => *none = Some(room),
            }
        }
        Ok(held)
    }

    async fn take(&self, bytes: usize, connections: &Connections) -> Option<OwnedSemaphorePermit> {
        let bytes = u32::try_from(bytes).ok()?;
        loop {
            let room = Arc::clone(&self.0).acquire_many_owned(bytes);
            if let Ok(room) = timeout(PATIENCE, room).await {
                // The semaphore is never closed.
                return room.ok();
            }
            connections.close_oldest();
        }
    }
}
