use telemetry::schema::{Kind, Schema};

fn main() {
    let _ = Schema { ..Schema::of(Kind::flag()) };
}
