use telemetry::Telemetry;

fn publish(telemetry: &Telemetry) {
    telemetry.publish(&String::from("hunter2"));
}

fn main() {}
