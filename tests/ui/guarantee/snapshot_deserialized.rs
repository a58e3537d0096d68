use telemetry::Snapshot;

fn main() {
    let _: Snapshot = serde_json::from_str("{}").unwrap();
}
