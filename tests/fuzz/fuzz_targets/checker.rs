//! The checker of the collector. Its oracle is one of the collector's tests, since the library does not depend on `jsonschema`.

#![no_main]
#![allow(dead_code, reason = "the tests use more of these files")]

#[path = "../../../telemetry-collector/tests/check/rebuild.rs"]
mod rebuild;
#[macro_use]
#[path = "../../it/properties/shapes.rs"]
mod shapes;
#[path = "../../it/properties/source.rs"]
mod source;
#[path = "../../it/properties/variants.rs"]
mod variants;
// After the macro that it uses.
#[path = "../../../telemetry-collector/tests/check/fuzz.rs"]
mod fuzz;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::checker(bytes));
