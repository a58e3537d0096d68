use telemetry::TelemetrySnapshot;

#[derive(clap::Subcommand, TelemetrySnapshot)]
#[telemetry(names = "clap", tag = "name")]
enum Command {
    #[command(flatten)]
    Common(Common),
}

#[derive(clap::Subcommand, TelemetrySnapshot)]
#[telemetry(names = "clap", tag = "common")]
enum Common {
    Status { short: bool },
}

fn main() {}
