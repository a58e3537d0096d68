//! The protocols by which threads of a program share counters, the queue and counted events, run in all orders of the threads
//! with at most three preemptions.
//!
//! The files of `telemetry` are compiled here once more. In place of the standard library's locks and atomic integers they get those of
//! loom, which runs a model again and again: each time in another order of threads, and with another of the values that a load may return.
//! A thread that nobody wakes is an error. A wait with a time-out never times out here, so a missing notification shows.
//!
//! Of a fork there is a model only of what the child lets go of: the child has one thread, and asks whether it is one before it takes any
//! lock. It does so by a number that the system has it raise, before any code of the child runs. `tests/it/delivery/forks.rs` forks.

#![allow(
    dead_code,
    unexpected_cfgs,
    unused_imports,
    reason = "the files are those of another package, which uses more of them"
)]
#![allow(missing_docs, reason = "as there")]
#![allow(clippy::modulo_one, reason = "one slot is enough here")]

/// In place of the standard library's, in all files below.
#[cfg(not(test))]
macro_rules! thread_local {
    ($($(#[$meta:meta])* static $name:ident: $type:ty = $value:expr;)+) => {
        loom::thread_local! { $($(#[$meta])* static $name: $type = ($value);)+ }
    };
}

// The unit tests of the files belong to their package.
#[cfg(not(test))]
mod counters;
#[cfg(not(test))]
mod delivery;
mod surroundings;
mod sync;

use self::surroundings::{clock, diagnostics, event, sink, storage};
#[cfg(not(test))]
pub use self::{
    counters::{one_slot_two_owners, shared_slots, taken_and_given_back, taken_twice, windows},
    delivery::counted,
    delivery::{close_beside_publish, flush_beside_publish, two_publish, withdraw},
};
