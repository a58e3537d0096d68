use telemetry::Telemetry;

#[derive(serde::Serialize)]
struct Options {
    token: String,
}

fn publish(telemetry: &Telemetry, options: &Options) {
    telemetry.publish(options);
}

fn main() {}
