//! Limits of schemas and snapshots.

/// Default maximum number of items sent of a list.
pub const LIST_MAX: u32 = 64;

/// Default maximum of a count.
pub const COUNT_MAX: u32 = 1_000;

/// In place of the maximum of a count: the items are bytes or characters, whose number is the length of a text.
pub const TEXT: u32 = 0;

/// Maximum number of words in a table, and of variants in an enum.
pub const WORDS: usize = 255;

/// Maximum number of edges of a bucket.
pub const EDGES: usize = 64;

/// Maximum number of leading digits that a number can be limited to; no number has more than one digit more.
pub const DIGITS: u8 = 15;

/// Largest magnitude of a number: every JSON reader represents integers up to this one exactly (RFC 8259, section 6).
pub const NUMBER: i64 = (1 << 53) - 1;

/// Default maximum number of bits that an event may reveal.
pub const EVENT_BITS: u64 = 1_024;

/// Largest body of an event, in bytes.
pub const BODY_BYTES: usize = 64 * 1_024;

/// Maximum nesting depth of a snapshot.
pub const DEPTH: u8 = 16;
