use telemetry::TelemetrySnapshot;

#[derive(serde::Deserialize, TelemetrySnapshot)]
#[serde(tag = "@type")]
enum Store {
    Memory,
    Disk { fast: bool },
}

fn main() {}
