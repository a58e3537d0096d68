//! One application in several versions, which share a home: each publishes an event of the same name.

use std::error::Error;
use std::io::{self, BufRead as _};
use std::process::ExitCode;

use telemetry::client::Builder;
use telemetry::consent::{Question, Scope};
use telemetry::{Consent, Telemetry, TelemetryEvent};

use crate::acme::PATIENCE;

const CONSENT: Consent = Consent::new("ACME", "acme");

const QUESTION: Question<'_> = Question {
    receiver: "Acme Inc. (telemetry.acme.dev)",
    categories: &["what was built"],
    preview: "acme telemetry preview",
    disable: "acme telemetry disable",
};

mod old {
    use super::*;

    #[derive(TelemetryEvent, Default)]
    #[telemetry(event = "build")]
    pub(super) struct Build {
        release: bool,
        #[telemetry(count(max = 9))]
        files: Vec<u8>,
    }
}

/// Counts further, has two more fields, and a second event.
mod new {
    use super::*;

    #[derive(TelemetryEvent, Default)]
    #[telemetry(event = "build")]
    pub(super) struct Build {
        release: bool,
        #[telemetry(count(max = 20))]
        files: Vec<u8>,
        offline: bool,
    }

    #[derive(TelemetryEvent, Default)]
    #[telemetry(event = "check")]
    pub(super) struct Check {
        by_hand: bool,
    }
}

/// Counts less far than the old version.
mod narrowed {
    use super::*;

    #[derive(TelemetryEvent, Default)]
    #[telemetry(event = "build")]
    pub(super) struct Build {
        release: bool,
        #[telemetry(count(max = 5))]
        files: Vec<u8>,
    }
}

/// Has more new fields than a question can show.
mod large {
    use super::*;

    #[derive(TelemetryEvent, Default)]
    #[telemetry(event = "build")]
    pub(super) struct Build {
        release: bool,
        #[telemetry(count(max = 9))]
        files: Vec<u8>,
        first: bool,
        second: bool,
        third: bool,
        fourth: bool,
        fifth: bool,
    }
}

/// What one version can publish.
struct Version {
    scope: Scope,
    publish: fn(&Telemetry) -> String,
}

impl Version {
    fn find(name: &str) -> Option<Self> {
        let scope = Scope::new();
        Some(match name {
            "old" => Self {
                scope: scope.event::<old::Build>(),
                publish: |telemetry| publish(telemetry, &old::Build::default()),
            },
            "new" => Self {
                scope: scope.event::<new::Build>().event::<new::Check>(),
                publish: |telemetry| {
                    let build = publish(telemetry, &new::Build::default());
                    format!("{build} {}", publish(telemetry, &new::Check::default()))
                },
            },
            "narrowed" => Self {
                scope: scope.event::<narrowed::Build>(),
                publish: |telemetry| publish(telemetry, &narrowed::Build::default()),
            },
            "large" => Self {
                scope: scope.event::<large::Build>(),
                publish: |telemetry| publish(telemetry, &large::Build::default()),
            },
            // Nothing is left of the events.
            "none" => Self { scope, publish: |_| String::new() },
            _ => return None,
        })
    }
}

fn publish<E: TelemetryEvent>(telemetry: &Telemetry, event: &E) -> String {
    format!("{}={:?}", E::NAME, telemetry.publish(event))
}

pub(crate) fn run(arguments: &[&str]) -> ExitCode {
    match act(arguments) {
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

fn act(arguments: &[&str]) -> Result<String, Box<dyn Error>> {
    let [version, rest @ ..] = arguments else { return Err("which version?".into()) };
    let Version { scope, publish } = Version::find(version).ok_or("no such version")?;
    Ok(match rest {
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
        ["status", endpoint] => {
            let telemetry = client(endpoint);
            publish(&telemetry);
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
