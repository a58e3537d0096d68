use serde::Deserialize;

use super::config::Config;
use super::vocabulary::ADAPTERS;
use telemetry_derive::{TelemetryEvent, TelemetrySnapshot};

/// The library was started. It carries the context: runtime, environment, system and so on.
#[derive(Clone, Copy, TelemetryEvent)]
#[telemetry(crate = crate, event = "init", context, budget_bits = 4_096)]
pub struct Init<'a> {
    /// The configuration.
    pub config: Config<'a>,
}

/// The command line wrote the schema of the database.
#[derive(Clone, Copy, TelemetryEvent)]
#[telemetry(crate = crate, event = "cli_generate", budget_bits = 3_600)]
pub struct CliGenerate<'a> {
    /// What became of it.
    pub outcome: GenerateOutcome,
    /// The configuration.
    pub config: Config<'a>,
}

/// What became of a schema that was to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "snake_case")]
#[telemetry(crate = crate, rename_all = "snake_case")]
pub enum GenerateOutcome {
    /// It was written to a new file.
    Generated,
    /// It took the place of a file.
    Overwritten,
    /// It was added to a file.
    Appended,
    /// The file was as it should be.
    NoChanges,
    /// The user said no.
    Aborted,
}

/// The command line brought the database up to date.
#[derive(Clone, Copy, TelemetryEvent)]
#[telemetry(crate = crate, event = "cli_migrate", budget_bits = 3_600)]
pub struct CliMigrate<'a> {
    /// What became of it.
    pub outcome: MigrateOutcome,
    /// The adapter, when it is one that the command cannot migrate.
    #[telemetry(one_of(ADAPTERS))]
    pub adapter: Option<&'a str>,
    /// The configuration.
    pub config: Config<'a>,
}

/// What became of a migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "snake_case")]
#[telemetry(crate = crate, rename_all = "snake_case")]
pub enum MigrateOutcome {
    /// The database was changed.
    Migrated,
    /// The database was as it should be.
    NoChanges,
    /// The user said no.
    Aborted,
    /// The adapter has a migration of its own.
    UnsupportedAdapter,
    /// The change would have lost data.
    UnsafeChange,
}
