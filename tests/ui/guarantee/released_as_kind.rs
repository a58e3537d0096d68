use telemetry::schema::{Field, Kind, Released};

fn field() -> Field {
    Field::new("released", Kind::group::<Released>())
}

fn main() {}
