use telemetry::schema::Field;
use telemetry::snapshot::Recorder;

fn fields() -> &'static [Field; 1] {
    unimplemented!()
}

fn main() {
    let _ = Recorder::new(fields(), &mut Vec::new());
}
