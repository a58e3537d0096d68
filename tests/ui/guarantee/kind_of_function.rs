use telemetry::schema::{Kind, Schema};

fn leaked() -> &'static Schema {
    Box::leak(Box::new(Schema::of(Kind::flag())))
}

fn main() {
    let _ = Kind::group(leaked);
}
