//! Batches: several events in one request, and the answer that tells what became of each.

/// The content type of a request with several events: one JSON object a line.
pub const CONTENT_TYPE: &str = "application/x-ndjson";

/// The most lines of a request.
pub const LINES: usize = 100;

/// The most bytes that a client puts into a request with several events. A receiver that takes less answers 413, and gets smaller requests.
pub const BYTES: usize = 64 * 1024;

/// An event of a batch was stored. The other words follow in the order in which a receiver comes to them.
pub const STORED: &str = "stored";

/// It had been stored before.
pub const DUPLICATE: &str = "duplicate";

/// It was kept until its schema is known.
pub const QUARANTINED: &str = "quarantined";

/// It is not what its schema allows, and never will be.
pub const REJECTED: &str = "rejected";

/// It could not be stored, and is to be sent again after a pause. A word that a client does not know has the same meaning.
pub const RETRY: &str = "retry";
