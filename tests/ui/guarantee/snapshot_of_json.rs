use telemetry::Snapshot;

fn main() {
    let _ = Snapshot::of(&serde_json::json!({ "token": "hunter2" }));
}
