use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(budget_bits = 1_000)]
struct Node {
    leaf: bool,
    next: Option<Box<Node>>,
}

fn main() {}
