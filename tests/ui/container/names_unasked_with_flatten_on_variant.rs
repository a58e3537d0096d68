use telemetry::TelemetrySnapshot;

#[derive(clap::Subcommand, TelemetrySnapshot)]
#[telemetry(tag = "name")]
enum Command {
    #[command(flatten)]
    Common(Common),
}

#[derive(clap::Subcommand, TelemetrySnapshot)]
#[telemetry(tag = "common")]
enum Common {
    Status {
        #[arg(long)]
        short: bool,
    },
}

fn main() {}
