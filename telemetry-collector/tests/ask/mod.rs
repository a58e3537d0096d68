//! Reports, compared with a count over the same rows in the test.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "that is how a test fails")]

mod bounds;
mod counted;
mod differences;
mod edition;
mod filters;
pub(crate) mod fixture;
mod hidden;
mod json;
mod kinds;
pub(crate) mod naive;
mod published;
mod removed;
mod solver;
pub(crate) mod sql;
pub(crate) mod truth;
mod weekly;
