use telemetry::schema::{Kind, Words};

fn main() {
    let _ = Kind { node: Words::new(&["a"]), required: true };
}
