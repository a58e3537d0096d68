use telemetry::client::Loss;
use telemetry::consent::ChoiceError;
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
    #[error(transparent)]
    Choice(#[from] ChoiceError),
    #[error("the event cannot be created: {0}")]
    Event(#[from] Loss),
    #[error("the output cannot be written: {0}")]
    Output(#[from] std::io::Error),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}
