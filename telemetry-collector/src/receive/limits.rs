//! How much a client may send, and how long it may take.

use std::time::Duration;

use telemetry_spec::batch;

use crate::check::LONGEST_PAYLOAD;
use crate::check::envelope::LONGEST_ENVELOPE;

/// The largest body of a single event, and the longest line of a batch, in bytes.
pub const MAX_EVENT: usize = LONGEST_PAYLOAD + LONGEST_ENVELOPE;

// The text of the answer names both.
const _: () = assert!(MAX_LINES == 100 && MAX_BATCH == 1 << 20);

/// The most lines of a batch.
pub const MAX_LINES: usize = batch::LINES;

/// The largest body of a batch, in bytes. Clients fill a batch up to 64 KiB.
pub const MAX_BATCH: usize = 1024 * 1024;

/// The largest head of a request, in bytes. It may have up to 100 headers. Larger ones are answered with 431.
pub const MAX_HEAD: usize = 16 * 1024;

/// How long a request waits for the store, which answers within milliseconds unless its disk hangs.
pub(crate) const STORE_TIME: Duration = Duration::from_secs(30);

/// The limits of a collector. The program has settings for all but [`held_bytes`](Self::held_bytes) and
/// [`connection_time`](Self::connection_time).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most connections. One more closes the one that has waited longest for its client.
    pub connections: usize,
    /// The most bytes of bodies that are held at once, over all connections.
    pub held_bytes: usize,
    /// How long a client may take for the head of a request. It is also how long an idle connection is kept.
    pub head_time: Duration,
    /// How long a client may take for the body of a request.
    pub body_time: Duration,
    /// How long a connection lives. A request that is being answered then is finished.
    pub connection_time: Duration,
    /// How long requests that have begun may take after the order to stop.
    pub stop_time: Duration,
    /// How many events a second each address may send on average.
    pub events_per_second: u32,
    /// How many events an address may send at once.
    pub burst: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1024,
            held_bytes: 16 * 1024 * 1024,
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(10),
            connection_time: Duration::from_secs(300),
            stop_time: Duration::from_secs(10),
            events_per_second: 50,
            burst: 1000,
        }
    }
}
