use telemetry::schema::{Field, Kind};

fn main() {
    let secret = String::from("hunter2");
    let _ = Field { purpose: secret.leak(), kind: Kind::flag() };
}
