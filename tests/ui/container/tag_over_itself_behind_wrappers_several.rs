use std::borrow::Cow;
use std::pin::Pin;

use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot, Clone)]
#[telemetry(tag = "type")]
enum Pinned {
    Leaf,
    Not(Pin<Box<Self>>),
}

#[derive(TelemetrySnapshot, Clone)]
#[telemetry(tag = "type")]
enum Borrowed<'a> {
    Leaf,
    Not(&'a Cow<'a, Borrowed<'a>>),
}

macro_rules! wrapped {
    ($ty:ty) => {
        #[derive(TelemetrySnapshot)]
        #[telemetry(tag = "type")]
        enum Wrapped {
            Leaf,
            Not($ty),
        }
    };
}

wrapped!(Box<Wrapped>);

fn main() {}
