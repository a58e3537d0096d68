//! Publishes the outcome of a command, and lets the user inspect telemetry and switch it off.

use std::io::{self, ErrorKind, Write as _};
use std::process::ExitCode;

use telemetry::auth::{self, AuthOptions, CONSENT, CliGenerate, CliMigrate, GenerateOutcome, MigrateOutcome};
use telemetry::client::{Durability, Upload};
use telemetry::{Telemetry, TelemetryEvent};

use crate::config::Configuration;
use crate::failure::Failure;

/// The subcommands of `telemetry`.
pub(crate) enum TelemetryCommand {
    Status,
    Preview,
    Last,
    Enable,
    Disable,
}

impl TelemetryCommand {
    pub(crate) fn run(&self, configuration: &Configuration) -> Result<(), Failure> {
        let text = self.text(configuration)?;
        match io::stdout().write_all(text.as_bytes()) {
            // The reader has closed the pipe.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            printed => Ok(printed?),
        }
    }

    /// The lines that it prints.
    fn text(&self, configuration: &Configuration) -> Result<String, Failure> {
        let telemetry = client(&configuration.options);
        Ok(match self {
            Self::Status => format!("{}\n", serde_json::to_string_pretty(&telemetry.status())?),
            Self::Preview => format!("{}\n", telemetry.preview(&generated(configuration, GenerateOutcome::Generated))?),
            Self::Last => {
                let sent = telemetry.last_sent();
                let lines = sent.iter().map(|sent| Ok(format!("{}\n", serde_json::to_string(sent)?)));
                lines.collect::<serde_json::Result<_>>()?
            }
            Self::Enable => {
                CONSENT.enable(auth::disclosure().scope())?;
                "Telemetry is on from now on, unless the configuration or the environment says no.\n".to_owned()
            }
            Self::Disable => {
                CONSENT.disable()?;
                "Telemetry is off, and everything it stored on this machine is deleted.\n".to_owned()
            }
        })
    }
}

/// Publishes the outcome of `generate` and returns the exit code.
pub(crate) fn generate(configuration: &Configuration, outcome: GenerateOutcome) -> ExitCode {
    publish(configuration, &generated(configuration, outcome));
    match outcome {
        GenerateOutcome::Aborted => ExitCode::FAILURE,
        _ => ExitCode::SUCCESS,
    }
}

/// Publishes the outcome of `migrate` and returns the exit code.
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
    // `telemetry status` shows what becomes of the event; this command does not.
    client(&configuration.options).publish(event);
}

/// The event is on disk before the command ends, and another process sends it, so the user does not wait for the receiver.
fn client(options: &AuthOptions) -> Telemetry {
    auth::builder(options, auth::TelemetryContext::default())
        .durability(Durability::WriteAhead)
        .upload(Upload::Detached)
        .build()
}
