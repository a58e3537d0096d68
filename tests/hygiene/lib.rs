//! A library of a strict author: the dependency has another name, nothing is in scope that is not named, every lint is on. What
//! the derive writes must not be noticed.

#![no_implicit_prelude]
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub, unused, unused_qualifications)]
#![deny(elided_lifetimes_in_paths, explicit_outlives_requirements, single_use_lifetimes, trivial_casts)]
#![deny(let_underscore_drop, non_ascii_idents, unused_results, variant_size_differences)]
#![deny(clippy::all, clippy::pedantic, clippy::nursery, clippy::cargo)]
#![allow(clippy::cargo_common_metadata, clippy::multiple_crate_versions, reason = "these are about the manifest")]

pub mod app;
pub mod enums;
pub mod events;
pub mod foreign;
pub mod generics;
pub mod policies;
pub mod shadowed;
pub mod shapes;
pub mod structs;

#[cfg(test)]
mod tests;
