use telemetry::schema::{Field, Kind};

const CONSTANT: Field = Field::new("", Kind::flag());

fn main() {
    let _ = CONSTANT;
}
