//! `hooks` and `databaseHooks`.

use super::callback::{Callback, Record, Request};
use telemetry_derive::TelemetrySnapshot;

/// What runs around each request.
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

/// What runs around each change in the database.
#[derive(Clone, Default, TelemetrySnapshot)]
#[telemetry(crate = crate)]
pub struct DatabaseHooks {
    /// Around changes of users.
    pub user: ModelHooks,
    /// Around changes of sessions.
    pub session: ModelHooks,
    /// Around changes of accounts.
    pub account: ModelHooks,
    /// Around changes of verifications.
    pub verification: ModelHooks,
}

/// What runs around each change of a table.
#[derive(Clone, Default, TelemetrySnapshot)]
#[telemetry(crate = crate)]
pub struct ModelHooks {
    /// Around new rows.
    pub create: RecordHooks,
    /// Around changes of rows.
    pub update: RecordHooks,
    /// Around the end of rows.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub delete: RecordHooks,
}

/// What runs around a change of a row.
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
