use telemetry::schema::{Kind, Schema};

fn main() {
    let kind = Kind::flag();
    let _ = Schema { node: kind.node, required: true };
}
