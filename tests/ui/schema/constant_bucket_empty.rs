use telemetry::schema::Kind;

const CONSTANT: Kind = Kind::bucket(&[]);

fn main() {
    let _ = CONSTANT;
}
