use telemetry::schema::Words;

const CONSTANT: Words = Words::new(&["wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww"]);

fn main() {
    let _ = CONSTANT;
}
