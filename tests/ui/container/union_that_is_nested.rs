use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
union Bits {
    whole: u32,
    flag: bool,
}

#[derive(TelemetrySnapshot)]
struct Options {
    bits: Bits,
}

fn main() {}
