use telemetry::Snapshot;

fn main() {
    let _ = Snapshot::from(String::from("hunter2"));
}
