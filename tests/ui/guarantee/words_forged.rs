use telemetry::schema::Words;

fn main() {
    let secret = String::from("hunter2");
    let list: &'static [&'static str] = Vec::leak(vec![secret.leak()]);
    let _ = Words { list };
}
