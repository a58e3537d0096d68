use telemetry::TelemetrySnapshot;

#[derive(clap::Parser, TelemetrySnapshot)]
struct Options {
    #[arg(
        long = "no-d",
        num_args = 0,
        default_value = "true",
        default_missing_value = "false",
        action = clap::ArgAction::Set
    )]
    d: bool,
}

fn main() {}
