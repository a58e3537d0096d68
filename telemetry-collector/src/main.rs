//! The program: see `telemetry-collector --help`.

fn main() {}
