//! Where a program runs, and what it is built with.
//!
//! An event that declares `context` carries it. Every value is bounded like any other: a word of a table, a version, a
//! number within bounds, or a flag. What cannot be bounded is left out.

#![expect(dead_code, reason = "events do not carry it yet")]

mod app;

pub use self::app::App;

use crate::TelemetrySnapshot;

/// All that is found out about where a program runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, TelemetrySnapshot)]
#[telemetry(crate = crate, rename_all = "camelCase")]
pub(crate) struct Context {
    /// Whether the anonymous id is drawn anew for each process, since there is nowhere to keep it.
    pub(crate) ephemeral: Option<bool>,
}

/// Finds out where the program runs. It reads the environment and files of the system, and may take its time, so it runs on the worker.
pub(crate) fn detect(app: Option<&App>) -> Context {
    let _ = app;
    Context::default()
}

/// The name of the JavaScript project in the working directory, which goes into the anonymous id and nowhere else.
pub(crate) fn javascript_project_name() -> Option<String> {
    None
}
