use serde::Deserialize;

use super::config::Config;
use super::vocabulary::ADAPTERS;
use telemetry_derive::{TelemetryEvent, TelemetrySnapshot};

/// The library was started. The event carries the [context](crate::context): runtime, environment, system and so on.
#[derive(Clone, Copy, TelemetryEvent)]
#[telemetry(crate = crate, event = "init", context, budget_bits = 4_096)]
pub struct Init<'a> {
    /// The configuration.
    pub config: Config<'a>,
}

/// A command line was asked to write the schema of the database.
#[derive(Clone, Copy, TelemetryEvent)]
#[telemetry(crate = crate, event = "cli_generate", budget_bits = 3_600)]
pub struct CliGenerate<'a> {
    /// The outcome.
    pub outcome: GenerateOutcome,
    /// The configuration.
    pub config: Config<'a>,
}

/// The outcome of writing the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "snake_case")]
#[telemetry(crate = crate)]
pub enum GenerateOutcome {
    /// The schema was written to a new file.
    Generated,
    /// The schema replaced a file.
    Overwritten,
    /// The schema was added to a file.
    Appended,
    /// The file was already up to date.
    NoChanges,
    /// The user said no.
    Aborted,
}

/// A command line was asked to migrate the database.
#[derive(Clone, Copy, TelemetryEvent)]
#[telemetry(crate = crate, event = "cli_migrate", budget_bits = 3_600)]
pub struct CliMigrate<'a> {
    /// The outcome.
    pub outcome: MigrateOutcome,
    /// The adapter, if the command cannot migrate it.
    #[telemetry(one_of(ADAPTERS))]
    pub adapter: Option<&'a str>,
    /// The configuration.
    pub config: Config<'a>,
}

/// The outcome of a migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "snake_case")]
#[telemetry(crate = crate)]
pub enum MigrateOutcome {
    /// The database was changed.
    Migrated,
    /// The database was already up to date.
    NoChanges,
    /// The user said no.
    Aborted,
    /// The command cannot migrate a database behind this adapter.
    UnsupportedAdapter,
    /// The change would have lost data.
    UnsafeChange,
}
