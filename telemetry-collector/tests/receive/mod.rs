//! What clients see, friendly ones and others.

#![allow(clippy::unwrap_used, clippy::panic, reason = "that is how a test fails")]

mod answers;
mod batches;
pub(crate) mod events;
mod faults;
mod fixture;
mod hostile;
pub(crate) mod http;
mod limits;
mod live;
mod memory;
pub(crate) mod program;
mod stopping;
mod through;

pub(crate) use events::started;
pub(crate) use program::Place;
