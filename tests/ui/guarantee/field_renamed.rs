use telemetry::schema::{Field, Kind};

fn main() {
    let secret = String::from("hunter2");
    let mut field = Field::new("name", Kind::flag());
    field.key = secret.leak();
}
