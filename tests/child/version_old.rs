//! The application in its first version.

mod application;

use std::process::ExitCode;

use application::{Version, publish};
use telemetry::consent::Scope;

application::build_event!(9);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let version =
        Version { scope: Scope::new().event::<Build>(), publish: |telemetry| publish(telemetry, &Build::default()) };
    application::run(version, &arguments.iter().map(String::as_str).collect::<Vec<_>>())
}
