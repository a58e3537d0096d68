use telemetry_examples::SettingsError;

use crate::generate::GenerateError;
use crate::migrate::MigrateError;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("{0}")]
    Usage(#[from] lexopt::Error),
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error(transparent)]
    Generate(#[from] GenerateError),
    #[error(transparent)]
    Migrate(#[from] MigrateError),
}
