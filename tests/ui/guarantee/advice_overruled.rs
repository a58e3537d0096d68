use telemetry::snapshot::advice::{Text, TextNeedsPolicy};

impl TextNeedsPolicy for Text<'_> {}

fn main() {}
