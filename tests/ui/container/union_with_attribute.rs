use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(rename_all = "camelCase")]
union Bits {
    whole: u32,
    flag: bool,
}

fn main() {}
