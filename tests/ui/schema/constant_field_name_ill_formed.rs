use telemetry::schema::{Field, Kind};

const CONSTANT: Field = Field::new("api key", Kind::flag());

fn main() {
    let _ = CONSTANT;
}
