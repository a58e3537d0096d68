//! The event of one run of a command line, to be sent alone or counted.

use telemetry::{TelemetryEvent, TelemetrySnapshot};

#[derive(Clone, Copy, TelemetrySnapshot)]
pub enum Name {
    Build,
    Check,
    Run,
    Test,
}

/// One request a run.
#[derive(TelemetryEvent)]
#[telemetry(event = "command_alone")]
pub struct Alone {
    pub name: Name,
    pub failed: bool,
    #[telemetry(bucket(10, 100, 1_000, 10_000, unit = "ms"))]
    pub took: u32,
}

/// One request a day.
#[derive(TelemetryEvent)]
#[telemetry(event = "command", counted)]
pub struct Counted {
    pub name: Name,
    pub failed: bool,
    #[telemetry(bucket(10, 100, 1_000, 10_000, unit = "ms"))]
    pub took: u32,
}

/// The kinds of a day, up to 40.
pub fn kinds() -> impl Iterator<Item = Counted> {
    let names = [Name::Build, Name::Check, Name::Run, Name::Test];
    let took = [1, 20, 300, 4_000, 50_000];
    let named =
        move |name| [false, true].into_iter().flat_map(move |failed| took.map(|took| Counted { name, failed, took }));
    names.into_iter().flat_map(named)
}
