struct Options {
    #[telemetry(presence)]
    api_key: String,
}

fn main() {}
