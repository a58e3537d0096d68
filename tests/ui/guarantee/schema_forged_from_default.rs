use telemetry::schema::Schema;

fn main() {
    let _ = Schema::default();
}
