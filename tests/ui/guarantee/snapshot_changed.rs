use telemetry::Snapshot;

fn main() {
    let mut snapshot = Snapshot::of(&true).unwrap();
    snapshot.json.push_str("hunter2");
}
