use telemetry::schema::Kind;

const CONSTANT: Kind = Kind::number(10, 1);

fn main() {
    let _ = CONSTANT;
}
