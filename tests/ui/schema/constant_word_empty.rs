use telemetry::schema::Words;

const CONSTANT: Words = Words::new(&["a", ""]);

fn main() {
    let _ = CONSTANT;
}
