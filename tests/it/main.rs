//! Integration tests: one binary, one module for each topic.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "that is how a test fails")]

mod allocations;
#[cfg(unix)]
mod app;
mod attacks;
mod auth;
#[cfg(target_os = "linux")]
mod compiled_out;
mod consent;
#[cfg(unix)]
mod context;
mod delivery;
mod derive;
mod documents;
#[cfg(unix)]
mod examples;
#[cfg(unix)]
mod files;
#[cfg_attr(not(unix), allow(dead_code, reason = "some tests need Unix"))]
mod home;
mod layers;
mod properties;
mod real;
mod schema;
mod seal;
#[cfg_attr(not(unix), allow(dead_code, reason = "some tests need Unix"))]
mod server;
mod sinks;
#[cfg(target_os = "linux")]
mod trace;
mod ui;
mod workspace;
