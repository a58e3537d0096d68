use serde::Serialize;

use super::decide::{Decision, Inputs, Reading, decide};
use super::reason::Source;

/// The decision, and what each input said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// Whether telemetry is on, and the input that won.
    pub decision: Decision,
    /// The name of the variable that the application's users set, `<PREFIX>_TELEMETRY`.
    pub variable: String,
    /// Each input, in the order in which they are asked.
    pub inputs: [Input; 7],
}

/// One input, and what it said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Input {
    /// Where it comes from.
    pub source: Source,
    /// What it said, and why.
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
}
