//! The program: see `telemetry-collector --help`.

use std::env;
use std::process::ExitCode;

fn main() -> ExitCode {
    telemetry_collector::operate::program(env::args_os(), env::vars_os())
}
