use telemetry::TelemetrySnapshot;
use telemetry::schema::Schema;

fn main() {
    let mut schema: Schema = <bool as TelemetrySnapshot>::SCHEMA;
    schema.required = false;
}
