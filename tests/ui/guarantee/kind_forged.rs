use telemetry::schema::Kind;

fn main() {
    let _ = Kind { ..Kind::flag() };
}
