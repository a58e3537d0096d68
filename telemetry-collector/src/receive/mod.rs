//! Takes requests: limits, the outer form of events, their day; what is durable is answered with what became of it.
//!
//! # The requests
//!
//! `POST /v1/events`, over HTTP/1.1. TLS is the task of a proxy in front.
//!
//! A single event is `application/json`: `{"type":…,"payload":…,"anonymousId":…}`, at most 72.5 KiB, with these headers:
//!
//! | header | meaning | without it |
//! |---|---|---|
//! | `Idempotency-Key` | the event's id: 32 hexadecimal digits, a hyphen, a number | the event gets an id, and is counted again when it is sent again |
//! | `Telemetry-Schema` | the hash of its schema: 64 hexadecimal digits | the event is rejected: no schema that comes later could be the one |
//! | `Telemetry-Age` | how many days ago it was published, from 0 to 7 | 0 |
//! | `Telemetry-Id` | `ephemeral`: the anonymous id is not that of an installation | it is |
//!
//! A request for deletion is `{"type":"deletion","anonymousId":…}`, with the header `Idempotency-Key`. All of this has no white space between values, and its
//! members in this order.
//!
//! A batch is `application/x-ndjson`: up to 100 lines, each as long as a single event, 1 MiB in total; a line is
//! `{"id":…,"schema":…,"age":…,"type":…,"payload":…,"anonymousId":…}`, whose first three are the headers of a single event. The
//! header `Telemetry-Id` holds for all lines.
//!
//! # The answers
//!
//! | status | meaning for the client |
//! |---|---|
//! | 200 | on disk: `{"fates":["stored"]}`; the fates of a batch are those of its lines, in their order |
//! | 202 | on disk, waits for its schema: `{"fates":["quarantined"]}` |
//! | 400 | a single event that is not one, or with a header that is not what clients send: `{"fates":["rejected"]}` |
//! | 422 | a single event that does not fit the schema that it names, or names none: `{"fates":["rejected"]}` |
//! | 413 | larger than any client sends |
//! | 408, 429, 503 | not now: send it again, after the time in `Retry-After` if it is there |
//! | 404, 405, 415, 431 | not a request of a client |
//!
//! The fates are `stored`, `duplicate` (stored before), `quarantined`, `rejected`, `deleted` and `retry`: it was not kept, and should be sent again later. A
//! client that does not know a fate keeps the event.
//! A batch is kept as a whole or not at all, except for lines to `retry`. A line that is malformed or too long is `rejected`, and the others are kept.
//! 400, 413 and 422 are for what no later version could take: a schema never changes under its hash, and another form of events would have
//! another path.

mod answer;
mod body;
mod clock;
mod connections;
mod events;
#[cfg(any(fuzzing, test))]
mod fuzz;
mod headers;
mod ids;
mod keep;
mod limits;
mod metrics;
mod peer;
mod rate;
mod router;
mod server;

pub use clock::Clock;
#[cfg(any(fuzzing, test))]
pub(crate) use fuzz::request as fuzz;
pub use keep::{Keep, Later};
pub(crate) use limits::STORE_TIME;
pub use limits::{Limits, MAX_BATCH, MAX_EVENT, MAX_HEAD, MAX_LINES};
pub use metrics::Metrics;
pub use peer::{Network, NotANetwork, Proxies, ProxyHeader};
pub use router::{PATH, Receiver};
pub use server::{Stop, Stopper, serve};
