use telemetry::TelemetrySnapshot;

#[derive(clap::Args, serde::Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase")]
struct Options {
    #[arg(long)]
    dry_run: bool,
}

fn main() {}
