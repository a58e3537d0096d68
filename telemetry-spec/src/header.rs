//! What the headers of a request tell of the single event in it. The names are in lower case, as HTTP compares them in any case.

/// The event's id.
pub const ID: &str = "idempotency-key";

/// How many whole days the event has waited.
pub const AGE: &str = "telemetry-age";

/// The hash of the event's schema.
pub const SCHEMA: &str = "telemetry-schema";

/// What is to be known of the anonymous id: [`EPHEMERAL`], or the header is missing.
pub const ANONYMOUS_ID: &str = "telemetry-id";

/// The anonymous id lasts only as long as the process.
pub const EPHEMERAL: &str = "ephemeral";
