//! Tells what became of a command, and lets the user look and say no.

use std::process::ExitCode;

use telemetry::auth::{self, AuthOptions, CONSENT, CliGenerate, CliMigrate, GenerateOutcome, MigrateOutcome};
use telemetry::client::{Durability, Upload};
use telemetry::{Telemetry, TelemetryEvent};

use crate::config::Configuration;
use crate::failure::Failure;

/// What the user wants of telemetry.
pub(crate) enum Wish {
    Status,
    Preview,
    Last,
    Enable,
    Disable,
}

impl Wish {
    pub(crate) fn fulfil(&self, configuration: &Configuration) -> Result<(), Failure> {
        let telemetry = client(&configuration.options);
        match self {
            Self::Status => println!("{}", serde_json::to_string_pretty(&telemetry.status())?),
            Self::Preview => println!("{}", telemetry.preview(&generated(configuration, GenerateOutcome::Generated))?),
            Self::Last => {
                for sent in telemetry.last_sent() {
                    println!("{}", serde_json::to_string(&sent)?);
                }
            }
            Self::Enable => {
                CONSENT.enable()?;
                println!("Telemetry is on from now on, unless the configuration or the environment says no.");
            }
            Self::Disable => {
                CONSENT.disable()?;
                println!("Telemetry is off, and what was kept of it on this machine is deleted.");
            }
        }
        Ok(())
    }
}

/// Tells what became of `generate`, and gives the exit code.
pub(crate) fn generate(configuration: &Configuration, outcome: GenerateOutcome) -> ExitCode {
    publish(configuration, &generated(configuration, outcome));
    match outcome {
        GenerateOutcome::Aborted => ExitCode::FAILURE,
        _ => ExitCode::SUCCESS,
    }
}

/// Tells what became of `migrate`, and gives the exit code.
pub(crate) fn migrate(configuration: &Configuration, outcome: MigrateOutcome) -> ExitCode {
    let unsupported = (outcome == MigrateOutcome::UnsupportedAdapter).then(|| configuration.adapter());
    publish(configuration, &CliMigrate { outcome, adapter: unsupported, config: configuration.told() });
    match (outcome, unsupported) {
        (_, Some("prisma" | "drizzle")) => ExitCode::SUCCESS,
        (MigrateOutcome::UnsupportedAdapter | MigrateOutcome::UnsafeChange, _) => ExitCode::FAILURE,
        _ => ExitCode::SUCCESS,
    }
}

fn generated(configuration: &Configuration, outcome: GenerateOutcome) -> CliGenerate<'_> {
    let config = match outcome {
        GenerateOutcome::NoChanges => configuration.told_with_adapter(),
        _ => configuration.told(),
    };
    CliGenerate { outcome, config }
}

fn publish(configuration: &Configuration, event: &impl TelemetryEvent) {
    // What becomes of the event is for `telemetry status` to tell, not for this command.
    client(&configuration.options).publish(event);
}

/// The event is on disk before the command ends, and another process sends it: nobody waits for the receiver.
fn client(options: &AuthOptions) -> Telemetry {
    auth::builder(options, auth::TelemetryContext::default())
        .durability(Durability::WriteAhead)
        .upload(Upload::Detached)
        .build()
}
