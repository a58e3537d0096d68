//! How much the store may take.

use std::time::Duration;

/// How much the store may take of memory, disk and time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The memory of arrivals that wait to be written. Beyond it, writes are refused at once.
    pub waiting_bytes: usize,
    /// The size of the file. Beyond it, writes are refused until something is deleted.
    pub file_bytes: Option<u64>,
    /// How many events may wait for their schemas. Those of unknown names may be half of them. Those of one name and hash may be a
    /// quarter of what the others leave of the room that is theirs.
    pub quarantine_rows: u64,
    /// How many bytes the payloads of these events may have in total, as they were sent. The parts are the same. On disk, a payload
    /// takes up to three times as much.
    pub quarantine_bytes: u64,
    /// How many rows of rejects are kept. Beyond it, rejects are counted without their paths.
    pub reject_rows: u64,
    /// How often the tables of anonymous ids are rewritten at most, after something was deleted. What was deleted is gone at once; the rewriting
    /// overwrites copies of ids that SQLite left in the free space of the file.
    pub rewrite_pause: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            waiting_bytes: 8 << 20,
            file_bytes: None,
            quarantine_rows: 100_000,
            quarantine_bytes: 64 << 20,
            reject_rows: 10_000,
            rewrite_pause: Duration::from_secs(60),
        }
    }
}
