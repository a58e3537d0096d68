//! `hooks` and `databaseHooks`.

use super::callback::{Callback, Record, Request};
use telemetry_derive::TelemetrySnapshot;

/// Functions that run before and after each request.
#[derive(Clone, Default, TelemetrySnapshot)]
#[telemetry(crate = crate)]
pub struct Hooks {
    /// Runs after each request.
    #[telemetry(presence)]
    pub after: Option<Callback<Request>>,
    /// Runs before each request.
    #[telemetry(presence)]
    pub before: Option<Callback<Request>>,
}

/// Functions that run before and after each change in the database.
#[derive(Clone, Default, TelemetrySnapshot)]
#[telemetry(crate = crate)]
pub struct DatabaseHooks {
    /// For users.
    pub user: ModelHooks,
    /// For sessions.
    pub session: ModelHooks,
    /// For accounts.
    pub account: ModelHooks,
    /// For verifications.
    pub verification: ModelHooks,
}

/// Functions that run before and after each change in a table.
#[derive(Clone, Default, TelemetrySnapshot)]
#[telemetry(crate = crate)]
pub struct ModelHooks {
    /// For new rows.
    pub create: RecordHooks,
    /// For changed rows.
    pub update: RecordHooks,
    /// For deleted rows.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub delete: RecordHooks,
}

/// Functions that run before and after a change of a row.
#[derive(Clone, Default, TelemetrySnapshot)]
#[telemetry(crate = crate)]
pub struct RecordHooks {
    /// Runs after the change.
    #[telemetry(presence)]
    pub after: Option<Callback<Record>>,
    /// Runs before the change, and may change the row.
    #[telemetry(presence)]
    pub before: Option<Callback<Record, Option<Record>>>,
}
