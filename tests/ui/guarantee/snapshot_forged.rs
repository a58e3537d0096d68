use telemetry::Snapshot;

fn main() {
    let _ = Snapshot { json: String::from("hunter2") };
}
