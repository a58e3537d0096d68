use telemetry::{Telemetry, TelemetrySnapshot};

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
}

fn publish(telemetry: &Telemetry, options: &Options) {
    telemetry.publish(options);
}

fn main() {}
