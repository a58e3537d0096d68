use telemetry::snapshot::Recorder;

fn main() {
    let _ = Recorder::new;
}
