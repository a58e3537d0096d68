//! The tests within the example programs, which cargo does not run there.

#![allow(dead_code, reason = "their tests are all that is needed")]

#[path = "../auth_events.rs"]
mod auth_events;
#[path = "../first_run.rs"]
mod first_run;
#[path = "../quickstart.rs"]
mod quickstart;
