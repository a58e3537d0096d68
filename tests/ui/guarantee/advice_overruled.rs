use telemetry::snapshot::advice::TextNeedsPolicy;

fn main() {}
