use clap::ArgAction;
use telemetry::TelemetrySnapshot;

#[derive(clap::Args, TelemetrySnapshot)]
struct Options {
    #[arg(long = "no-cache", action = ArgAction::SetFalse)]
    cache: bool,
}

#[derive(clap::Args, TelemetrySnapshot)]
struct Followed {
    #[arg(long = "no-cache", action = ArgAction::SetFalse)]
    #[telemetry(rename = "cache")]
    cache: bool,
    #[arg(long = "no-color", action = ArgAction::SetFalse)]
    #[telemetry(flag, with = |color| !color)]
    color: bool,
    #[arg(short = 'q', action = ArgAction::SetFalse)]
    progress: bool,
}

fn main() {}
