use telemetry::Telemetry;

fn publish(telemetry: &Telemetry) {
    telemetry.publish(&serde_json::json!({ "token": "hunter2" }));
}

fn main() {}
