use telemetry::Snapshot;

fn main() {
    let _ = Snapshot { json: Vec::from("hunter2") };
}
