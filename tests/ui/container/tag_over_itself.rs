use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "op")]
enum Expression {
    Leaf { on: bool },
    Not(Box<Expression>),
}

fn main() {}
