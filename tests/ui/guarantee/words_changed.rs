use telemetry::schema::Words;

fn main() {
    let secret = String::from("hunter2");
    let mut words = Words::new(&["a"]);
    words.other = secret.leak();
}
