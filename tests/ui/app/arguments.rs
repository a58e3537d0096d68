use telemetry::context::App;

const APP: App = telemetry::app!("acme", framework = "axum");

fn main() {
    let _ = APP;
}
