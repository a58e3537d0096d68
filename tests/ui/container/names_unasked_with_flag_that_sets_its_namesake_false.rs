use telemetry::TelemetrySnapshot;

#[derive(clap::Args, TelemetrySnapshot)]
struct Options {
    #[arg(long, action(clap::ArgAction::SetFalse))]
    #[telemetry(flag)]
    offline: Option<bool>,
}

#[derive(clap::Args, TelemetrySnapshot)]
struct Followed {
    #[arg(long, action(clap::ArgAction::SetFalse))]
    #[telemetry(flag, with = |offline| !offline)]
    offline: Option<bool>,
}

fn main() {}
