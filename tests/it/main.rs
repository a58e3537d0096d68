//! Integration tests: one binary, one module for each topic.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "that is how a test fails")]
#![cfg_attr(not(target_os = "linux"), allow(unused_imports, reason = "some tests need Linux, or Unix"))]

mod allocations;
// A compiler that is a script.
#[cfg(unix)]
mod app;
mod attacks;
mod auth;
mod by_hand;
// Assembly of Linux.
#[cfg(target_os = "linux")]
mod compiled_out;
mod consent;
mod context;
mod delivery;
mod derive;
mod documents;
// Signals and pseudo-terminals.
#[cfg(unix)]
mod examples;
// Modes and owners of files, and links.
#[cfg(unix)]
mod files;
#[cfg_attr(not(unix), allow(dead_code, reason = "some tests need Unix"))]
mod home;
mod layers;
mod properties;
mod real;
mod schema;
mod schemas;
mod seal;
#[cfg_attr(not(unix), allow(dead_code, reason = "some tests need Unix"))]
mod server;
mod sinks;
// For the modules that show programs another time.
#[cfg(unix)]
mod time;
// For the modules that use strace.
#[cfg(target_os = "linux")]
mod trace;
mod ui;
// Pseudo-terminals, and modes of files.
#[cfg(unix)]
mod user;
mod workspace;
