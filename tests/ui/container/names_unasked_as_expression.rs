use telemetry::TelemetrySnapshot;

const PORT: &str = "tcp-port";

#[derive(clap::Args, TelemetrySnapshot)]
struct Options {
    #[arg(long = PORT)]
    tls: bool,
}

#[derive(clap::Args, TelemetrySnapshot)]
#[telemetry(names = "rust")]
struct Followed {
    #[arg(long = PORT)]
    tls: bool,
}

#[derive(clap::Args, TelemetrySnapshot)]
struct FollowedToo {
    #[arg(long = PORT)]
    #[telemetry(rename = "tls")]
    tls: bool,
}

fn main() {}
