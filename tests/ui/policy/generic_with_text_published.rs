use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Section<T> {
    value: T,
}

fn main() {
    let section = Section { value: String::from("hunter2") };
    let _ = telemetry::Snapshot::of(&section);
}
