use serde::Serialize;

use super::decide::{Decision, Inputs, Reading, decide};
use super::reason::{Reason, Source};

/// The decision, and the result of each input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// Whether telemetry is on, and the input that decided. In the [status](crate::Status) of a client, this is what holds for that client.
    pub decision: Decision,
    /// The name of the variable that the application's users set, `<PREFIX>_TELEMETRY`.
    pub variable: String,
    /// All inputs, in the order in which they are read.
    pub inputs: [Input; 7],
}

/// One input, and its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Input {
    /// The source of the input.
    pub source: Source,
    /// What the input said, and why.
    pub reading: Reading,
}

impl Report {
    pub(crate) fn of(inputs: &Inputs, prefix: &str) -> Self {
        Self {
            decision: decide(inputs),
            variable: format!("{prefix}_TELEMETRY"),
            inputs: inputs.readings().map(|(source, reading)| Input { source, reading }),
        }
    }

    /// The report of a client that is off, whatever the inputs say now.
    pub(crate) fn of_client_that_is_off(self) -> Self {
        if !self.decision.enabled {
            return self;
        }
        let decision = Decision { enabled: false, reason: Reason::YesForLaterPrograms, ..self.decision };
        Self { decision, ..self }
    }
}
