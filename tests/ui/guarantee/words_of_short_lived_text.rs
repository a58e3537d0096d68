use telemetry::schema::Words;

fn main() {
    let secret = String::from("hunter2");
    let _ = Words::new(&[secret.as_str()]);
}
