//! To a receiver of OpenTelemetry instead of a collector.
//!
//! ```text
//! ACME_TELEMETRY=1 cargo run --example otlp -- http://127.0.0.1:4318/v1/logs
//! ACME_TELEMETRY_DEBUG=1 cargo run --example otlp -- http://127.0.0.1:4318/v1/logs
//! ```
//!
//! The second command prints the request that the first one sends. `tests/otlp/run` sends to a real receiver, and compares what that has read.

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use telemetry::page::Disclosure;
use telemetry::sink::Otlp;
use telemetry::{Consent, Telemetry, TelemetryEvent, TelemetrySnapshot};

const CONSENT: Consent = Consent::new("ACME", "acme-otlp");

/// The name by which the receiver groups what it gets. It is the same for all users.
const OTLP: Otlp = Otlp::new().service_name("acme");

/// A start of the program.
#[derive(TelemetryEvent)]
#[telemetry(event = "started")]
struct Started {
    /// Whether a person did it.
    by_hand: bool,
    /// How many workers there are.
    #[telemetry(number(max = 64))]
    workers: u32,
    /// Where data is stored.
    store: Store,
    /// What is switched on.
    #[telemetry(each(one_of("cache", "search"), max = 4))]
    parts: Vec<String>,
    /// Where it listens.
    #[telemetry(each(max = 4))]
    listeners: Vec<Listener>,
}

#[derive(TelemetrySnapshot)]
#[telemetry(rename_all = "lowercase")]
enum Kind {
    #[expect(dead_code, reason = "this example keeps its data")]
    Memory,
    Sqlite,
}

#[derive(TelemetrySnapshot)]
struct Store {
    kind: Kind,
    /// The key that encrypts it.
    #[telemetry(presence)]
    key: String,
}

#[derive(TelemetrySnapshot)]
struct Listener {
    tls: bool,
}

fn started() -> Started {
    Started {
        by_hand: true,
        workers: 8,
        store: Store { kind: Kind::Sqlite, key: "hunter2".to_owned() },
        parts: vec!["search".to_owned(), "jane's part".to_owned()],
        listeners: vec![Listener { tls: true }, Listener { tls: false }],
    }
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let Some(endpoint) = std::env::args().nth(1) else {
        println!("{}", Disclosure::new(CONSENT).otlp(OTLP).event::<Started>().to_markdown());
        println!("Give the address of a receiver's logs, such as http://127.0.0.1:4318/v1/logs.");
        return Ok(ExitCode::FAILURE);
    };
    let builder = Telemetry::builder(CONSENT).endpoint(&endpoint).otlp(OTLP);
    builder.check()?;
    let telemetry = builder.build();
    for _ in 0..3 {
        telemetry.publish(&started());
    }
    telemetry.flush(Duration::from_secs(10));
    let counts = telemetry.counts();
    println!("{} of {} events were delivered.", counts.delivered(), counts.published());
    Ok(if counts.delivered() == counts.published() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
