//! The collector from outside: over HTTP, and as a program.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "that is how a test fails")]

mod ask;
mod check;
mod clickhouse;
mod demo;
// It sends signals.
#[cfg(unix)]
mod receive;
#[cfg(unix)]
mod show;
mod store;
