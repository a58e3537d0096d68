use telemetry::schema::{Field, Kind, Schema};

const CONSTANT: Schema = Schema::group(&[Field::new("a", Kind::flag()), Field::new("a", Kind::flag())]);

fn main() {
    let _ = CONSTANT;
}
