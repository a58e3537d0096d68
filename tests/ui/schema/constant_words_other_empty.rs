use telemetry::schema::Words;

const CONSTANT: Words = Words::new(&["a"]).other("");

fn main() {
    let _ = CONSTANT;
}
