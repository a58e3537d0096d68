use telemetry::schema::Kind;

const CONSTANT: Kind = Kind::bucket(&[10, 1]);

fn main() {
    let _ = CONSTANT;
}
