use telemetry::schema::Words;

const CONSTANT: Words = Words::new(&["a", "b", "a"]);

fn main() {
    let _ = CONSTANT;
}
