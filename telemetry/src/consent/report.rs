use serde::Serialize;

use super::coverage::Coverage;
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
    pub inputs: Vec<Input>,
    /// What the yes covers, whether or not something denies. `None` if no input says yes.
    ///
    /// In the [status](crate::Status) of a client, [`needs_consent`](Coverage::needs_consent) lists the events that it was asked to publish
    /// and did not accept. In the report of [`Consent::report`](super::Consent::report) it is empty, since that knows no events; see
    /// [`Consent::coverage`](super::Consent::coverage).
    pub coverage: Option<Coverage>,
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
    pub(crate) fn of(inputs: &Inputs, prefix: &str, coverage: Option<Coverage>) -> Self {
        Self {
            decision: decide(inputs),
            variable: format!("{prefix}_TELEMETRY"),
            coverage,
            inputs: inputs.readings().map(|(source, reading)| Input { source, reading }).into(),
        }
    }

    /// What this input said.
    pub(crate) fn reading(&self, source: Source) -> Reading {
        let input = self.inputs.iter().find(|input| input.source == source);
        input.map_or(Reading::NotRead, |input| input.reading)
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
