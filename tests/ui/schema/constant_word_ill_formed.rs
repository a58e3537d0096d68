use telemetry::schema::Words;

const CONSTANT: Words = Words::new(&["a\"b"]);

fn main() {
    let _ = CONSTANT;
}
