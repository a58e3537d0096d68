//! The same program with telemetry, as its author would write it: one event a run, and nothing that waits for it.

use telemetry::client::Builder;
use telemetry::{Consent, Telemetry, TelemetryEvent};

const CONSENT: Consent = Consent::new("HELLO", "hello");

/// How the program was used.
#[derive(TelemetryEvent)]
#[telemetry(event = "greeted", rename_all = "camelCase")]
struct Greeted {
    #[telemetry(one_of("world", other = "somebody"))]
    whom: String,
    in_color: bool,
}

fn main() {
    let telemetry = destination(Telemetry::builder(CONSENT)).build();
    hello::greet();
    telemetry.publish(&Greeted { whom: "world".into(), in_color: false });
    drop(telemetry);
    hello::print_peak_if_asked();
}

/// The benchmark says where to.
#[cfg(feature = "http")]
fn destination(builder: Builder) -> Builder {
    let endpoint = std::env::var("HELLO_ENDPOINT");
    builder.endpoint(endpoint.as_deref().unwrap_or("https://telemetry.hello.example/v1/events"))
}

/// Without HTTP, to a file.
#[cfg(not(feature = "http"))]
fn destination(builder: Builder) -> Builder {
    let file = std::env::var_os("HELLO_FILE");
    builder.sink(telemetry::sink::File::new(file.unwrap_or_else(|| "hello.ndjson".into())))
}
