use telemetry::schema::Words;

const CONSTANT: Words = Words::new(&[]);

fn main() {
    let _ = CONSTANT;
}
