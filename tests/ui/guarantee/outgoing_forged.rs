use telemetry::sink::Outgoing;

fn main() {
    let _ = Outgoing { id: String::new(), schema: String::new(), body: String::from("hunter2") };
}
