use telemetry::Snapshot;

fn main() {
    let _ = Snapshot::of(&String::from("hunter2"));
}
