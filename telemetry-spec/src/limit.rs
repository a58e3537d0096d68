//! How much a schema and a snapshot can hold.

/// How many items of a list are sent when its author does not say.
pub const LIST_MAX: u32 = 64;

/// How high a count goes when its author does not say.
pub const COUNT_MAX: u32 = 1_000;

/// How many words a table holds, and how many variants an enum has.
pub const WORDS: usize = 255;

/// How many edges a bucket has.
pub const EDGES: usize = 64;

/// Largest magnitude of a number: every JSON reader keeps integers up to here (RFC 8259, section 6).
pub const NUMBER: i64 = (1 << 53) - 1;

/// How many bits an event may reveal when its author does not say.
pub const EVENT_BITS: u64 = 1_024;

/// Largest body of an event, in bytes.
pub const BODY_BYTES: usize = 64 * 1_024;

/// How deep a snapshot may nest.
pub const DEPTH: u8 = 16;
