use telemetry::TelemetrySnapshot;

const PORT: &str = "tcp-port";

#[derive(clap::Args, TelemetrySnapshot)]
#[telemetry(names = "clap")]
struct Options {
    #[arg(long = PORT)]
    tls: bool,
}

fn main() {}
