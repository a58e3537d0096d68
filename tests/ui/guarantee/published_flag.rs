use telemetry::Telemetry;

fn publish(telemetry: &Telemetry) {
    telemetry.publish(&true);
}

fn main() {}
