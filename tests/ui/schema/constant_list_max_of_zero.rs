use telemetry::schema::Kind;

const CONSTANT: Kind = Kind::list::<bool>(0);

fn main() {
    let _ = CONSTANT;
}
