use telemetry::Telemetry;
use telemetry::schema::Released;

fn publish(telemetry: &Telemetry, released: &Released) {
    telemetry.publish(released);
}

fn main() {}
