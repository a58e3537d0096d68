//! Counters, gauges and histograms: fields of an event that a program counts while it runs.
//!
//! Each can be a `static`, and each clone is a handle to the same numbers. A field of an event holds such a handle:
//!
//! ```
//! use telemetry::counters::{Buckets, Counter, Gauge, Histogram};
//! use telemetry::schema::Edges;
//! use telemetry::{Snapshot, TelemetrySnapshot};
//!
//! static REQUESTS: Counter = Counter::new();
//! static CONNECTIONS: Gauge = Gauge::new();
//! static TIMES: Histogram<Milliseconds> = Histogram::new();
//!
//! struct Milliseconds;
//!
//! impl Buckets for Milliseconds {
//!     const EDGES: Edges = Edges::new(&[10, 100, 1_000]);
//! }
//!
//! #[derive(TelemetrySnapshot)]
//! #[telemetry(event = "usage")]
//! struct Usage {
//!     /// Requests since the last event.
//!     #[telemetry(number(max = 1_000_000, digits = 2))]
//!     requests: Counter,
//!     /// Connections that are open now.
//!     #[telemetry(bucket(1, 10, 100))]
//!     connections: Gauge,
//!     /// How long requests took, in milliseconds.
//!     times: Histogram<Milliseconds>,
//! }
//!
//! let usage = Usage { requests: REQUESTS.clone(), connections: CONNECTIONS.clone(), times: TIMES.clone() };
//! REQUESTS.add(1);
//! CONNECTIONS.set(12);
//! TIMES.observe(37);
//! assert_eq!(
//!     Snapshot::of(&usage)?.as_json(),
//!     r#"{"requests":1,"connections":"10-99","times":[{"range":"10-99","count":1}]}"#,
//! );
//! # Ok::<(), telemetry::snapshot::RecordError>(())
//! ```
//!
//! | type | policies |
//! |---|---|
//! | [`Counter`] | `number`, `bucket`, both also with a unit of time; `flag`: whether anything was counted |
//! | [`Gauge`] | `number`, `bucket`, both also with a unit of time |
//! | [`Histogram`] | none: it is sent as a list of its ranges with their counts |
//!
//! # Windows
//!
//! A counter tells how much was counted since the last event that was accepted with it. [`publish`](crate::Telemetry::publish) ends this
//! window when it [accepts](crate::client::Outcome) the event. What is counted meanwhile belongs to the next window. If the event is not
//! accepted, nothing is lost: the next event tells of both. What is more than the `max` of a field is not sent later.
//!
//! - Two events with the same counter share what is counted: each number goes to the one that is published first. Within one event, all
//!   fields with the same counter have the same number.
//! - A [`Snapshot`](crate::Snapshot), a [preview](crate::Telemetry::preview) and an event that is published while telemetry is off end no
//!   window.
//! - Counters are in memory. What was counted since the last event is lost when the process ends, unless it is published once more.
//! - Counting goes on while telemetry is off. A program that switches it on while it runs calls [`Counter::reset`] and
//!   [`Histogram::reset`] before, so that nothing is sent that was counted before the yes. So does a forked child, which begins with the
//!   numbers of its parent.
//!
//! # Costs
//!
//! [`Counter::add`] and [`Histogram::observe`] wait for no other thread, except that the first count of a counter allocates its memory, of about
//! one KiB for each counter and for each range of a histogram: others wait for that. Up to 16 threads at a time count in memory of their own;
//! a thread that begins to count beside 16 others shares it, with atomic additions.
//!
//! - A signal handler and an allocator must not count: they could interrupt the thread while it allocates, or in the middle of an addition, which is then lost.
//! - A program that forks while it has several threads counts once before, so that no child finds another thread in the middle of the first count.
//! - A counter is a `static` or a field, not a `const`, each use of which would be another counter.
//! - A `with` function that reads a counter does so on the thread that publishes: elsewhere, the number does not belong to the event.

#[cfg(target_has_atomic = "64")]
mod advice;
mod counter;
#[cfg(target_has_atomic = "64")]
mod gauge;
#[cfg(target_has_atomic = "64")]
mod histogram;
#[cfg(target_has_atomic = "64")]
mod policies;
#[cfg(target_has_atomic = "64")]
mod sharded;
#[cfg(target_has_atomic = "64")]
mod slot;
#[cfg_attr(not(target_has_atomic = "64"), path = "without_window.rs")]
mod window;

#[cfg(target_has_atomic = "64")]
pub use self::counter::Counter;
#[cfg(target_has_atomic = "64")]
pub use self::gauge::Gauge;
#[cfg(target_has_atomic = "64")]
pub use self::histogram::{Buckets, Histogram};
pub(crate) use self::window::Window;

/// How many threads at a time have a slot of their own, the same in every counter.
#[cfg(target_has_atomic = "64")]
const SLOTS: usize = 16;

#[cfg(all(test, target_has_atomic = "64"))]
mod tests;
