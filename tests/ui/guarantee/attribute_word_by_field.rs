use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(one_of(self.token))]
    token: String,
}

fn main() {}
