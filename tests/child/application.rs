//! One application that is released in several versions, which share a home. Each version is a program of its own, or a part of one.

use std::error::Error;
use std::io::{self, BufRead as _};
use std::process::ExitCode;
use std::time::Duration;

use telemetry::client::{Builder, Durability};
use telemetry::consent::{Question, Scope};
use telemetry::{Consent, Telemetry, TelemetryEvent};

/// Longer than any wait takes unless something is wrong.
const PATIENCE: Duration = Duration::from_secs(60);

const CONSENT: Consent = Consent::new("ACME", "acme");

const QUESTION: Question<'_> = Question {
    receiver: "Acme Inc. (telemetry.acme.dev)",
    categories: &["what was built"],
    preview: "acme telemetry preview",
    disable: "acme telemetry disable",
};

/// Declares the event of the application. Its versions differ in how far they count the files, and in the fields that came later.
macro_rules! build_event {
    ($max:literal $(, $later:ident)*) => {
        #[derive(telemetry::TelemetryEvent, Default)]
        #[telemetry(event = "build")]
        pub(crate) struct Build {
            release: bool,
            #[telemetry(count(max = $max))]
            files: Vec<u8>,
            $($later: bool,)*
        }
    };
}

pub(crate) use build_event;

/// What one version can publish.
pub(crate) struct Version {
    pub(crate) scope: Scope,
    pub(crate) publish: fn(&Telemetry) -> String,
}

pub(crate) fn publish<E: TelemetryEvent>(telemetry: &Telemetry, event: &E) -> String {
    format!("{}={:?}", E::NAME, telemetry.publish(event))
}

/// Does what the arguments say, in this version.
pub(crate) fn run(version: Version, arguments: &[&str]) -> ExitCode {
    match act(version, arguments) {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn act(version: Version, arguments: &[&str]) -> Result<String, Box<dyn Error>> {
    let Version { scope, publish } = version;
    Ok(match arguments {
        ["ask"] => format!("{:?}", CONSENT.ask(&QUESTION, &scope)?),
        ["enable"] => format!("{:?}", CONSENT.enable(&scope)?),
        ["coverage"] => serde_json::to_string(&CONSENT.coverage(&scope))?,
        ["publish", endpoint] => {
            let telemetry = client(endpoint);
            let outcomes = publish(&telemetry);
            telemetry.flush(PATIENCE);
            format!("{outcomes} {}", counts(&telemetry)?)
        }
        ["configured", endpoint] => {
            let telemetry = builder(endpoint).configured(Some(true)).build();
            let outcomes = publish(&telemetry);
            telemetry.flush(PATIENCE);
            format!("{outcomes} {}", counts(&telemetry)?)
        }
        // Leaves the events on disk, accepted by a yes of the operator. It ends once the receiver has asked for a pause.
        ["leave", endpoint] => {
            let builder = builder(endpoint).configured(Some(true)).durability(Durability::WriteAhead);
            publish(&builder.exit_wait(PATIENCE).build())
        }
        ["status", endpoint] => {
            let telemetry = client(endpoint);
            publish(&telemetry);
            telemetry.flush(PATIENCE);
            serde_json::to_string(&telemetry.status())?
        }
        // Publishes again whenever a line comes in.
        ["live", endpoint] => {
            let telemetry = client(endpoint);
            println!("{}", publish(&telemetry));
            for line in io::stdin().lock().lines() {
                line?;
                println!("{}", publish(&telemetry));
            }
            telemetry.flush(PATIENCE);
            counts(&telemetry)?
        }
        _ => return Err("no such action".into()),
    })
}

fn counts(telemetry: &Telemetry) -> serde_json::Result<String> {
    serde_json::to_string(&telemetry.counts())
}

fn builder(endpoint: &str) -> Builder {
    Telemetry::builder(CONSENT).endpoint(endpoint)
}

fn client(endpoint: &str) -> Telemetry {
    builder(endpoint).build()
}
