use telemetry::schema::Words;

fn main() {
    let secret = String::from("hunter2");
    let _ = Words { other: secret.leak(), ..Words::new(&["a"]) };
}
