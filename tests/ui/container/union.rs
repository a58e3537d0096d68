use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
union Bits {
    whole: u32,
    flag: bool,
}

fn main() {}
