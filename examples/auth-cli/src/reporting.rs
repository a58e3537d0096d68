//! Publishes the outcome of a command, and lets the user inspect telemetry and switch it off.

use std::process::ExitCode;

use telemetry::auth::{self, AuthOptions, CliGenerate, CliMigrate, GenerateOutcome, MigrateOutcome};
use telemetry::client::{Durability, Upload};
use telemetry::{Telemetry, TelemetryEvent, user};

use crate::config::Configuration;

/// Shows telemetry to the user, or switches it on or off.
pub(crate) fn telemetry(command: user::Command, configuration: &Configuration) -> ExitCode {
    let page = auth::disclosure().commands("auth-cli telemetry");
    command.run(&client(&configuration.options), &page, || generated(configuration, GenerateOutcome::Generated))
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

#[cfg(test)]
mod tests {
    /// This program publishes the library's events, whose files are the library's.
    #[test]
    fn what_is_sent_changes_only_in_a_reviewed_diff() {
        telemetry::testing::assert_schemas(telemetry::auth::disclosure().scope(), "../../telemetry/schemas");
    }
}
