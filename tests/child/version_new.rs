//! The application in a later version: it counts further, and has a further field and a second event.

mod application;

use std::process::ExitCode;

use application::{Version, publish};
use telemetry::TelemetryEvent;
use telemetry::consent::Scope;

application::build_event!(20, offline);

#[derive(TelemetryEvent, Default)]
#[telemetry(event = "check")]
struct Check {
    by_hand: bool,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let version = Version {
        scope: Scope::new().event::<Build>().event::<Check>(),
        publish: |telemetry| {
            let build = publish(telemetry, &Build::default());
            format!("{build} {}", publish(telemetry, &Check::default()))
        },
    };
    application::run(version, &arguments.iter().map(String::as_str).collect::<Vec<_>>())
}
