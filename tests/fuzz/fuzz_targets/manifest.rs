//! How `app!` reads Cargo.toml and Cargo.lock. A crate of macros exports nothing else, so its files are read here as well.

#![no_main]
#![allow(dead_code, unused_imports, reason = "the macro uses more of these files")]

#[path = "../../../telemetry-derive/src/app/mod.rs"]
mod app;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| app::fuzz::manifest(bytes));
