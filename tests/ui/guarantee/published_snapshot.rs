use telemetry::Telemetry;

fn publish(telemetry: &Telemetry) {
    telemetry.publish(&telemetry::Snapshot::of(&true).unwrap());
}

fn main() {}
