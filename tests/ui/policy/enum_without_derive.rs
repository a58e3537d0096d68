use telemetry::TelemetrySnapshot;

enum SameSite {
    Lax,
    Strict,
}

#[derive(TelemetrySnapshot)]
struct Options {
    same_site: SameSite,
}

fn main() {}
