use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(tagged = "type")]
enum Store {
    #[telemetry(rename = "")]
    Memory,
    Redis {
        #[telemetry(secret)]
        url: String,
        #[telemetry(bucket(10, 5))]
        pool: u32,
    },
}

fn main() {}
