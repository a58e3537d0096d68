use crate::consent::{ChoicePlace, Reading, Reason, Report, Source};

/// One step on the way to switch telemetry on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step<'a> {
    /// Remove this variable from the environment, since it says no.
    Unset {
        /// The name of the variable.
        variable: &'a str,
    },
    /// Run the program where nothing indicates a test run.
    LeaveTests,
    /// Change the operator's configuration, since it says no.
    Configure,
    /// Delete the file of the stored choice, since no yes can replace it.
    Delete {
        /// The file.
        file: &'a str,
    },
    /// Say yes, in one of these ways. At least one is given.
    SayYes {
        /// The command of the application that stores a yes.
        command: Option<&'a str>,
        /// The variable to set to 1.
        variable: Option<&'a str>,
    },
}

/// How the user switches telemetry on: every input that says no has to end, and one has to say yes. There are no steps if nothing that the user
/// does here can switch it on, or if nothing is left to do.
pub(super) fn to_switch_on<'a>(
    report: &'a Report,
    place: Option<&ChoicePlace>,
    file: Option<&'a str>,
    enable: Option<&'a str>,
) -> Vec<Step<'a>> {
    let no = |source| match report.reading(source) {
        Reading::No(reason) => Some(reason),
        _ => None,
    };
    let is_for_good = no(Source::Build).is_some() || no(Source::Names).is_some();
    if is_for_good || no(Source::Tests) == Some(Reason::TestExecutable) {
        return Vec::new();
    }
    let can_store = place.is_some_and(|place| place.yes.is_ok());
    let command = enable.filter(|_| can_store);
    let stored = no(Source::Stored);
    let is_replaced =
        command.is_some() && matches!(stored, Some(Reason::StoredOff | Reason::StoredCorrupt | Reason::StoredForeign));
    let variable = Some(&*report.variable);
    let mut steps = Vec::new();
    steps.extend(no(Source::DoNotTrack).map(|_| Step::Unset { variable: "DO_NOT_TRACK" }));
    steps.extend(no(Source::Variable).filter(|_| is_replaced).map(|_| Step::Unset { variable: &report.variable }));
    steps.extend(no(Source::Tests).map(|_| Step::LeaveTests));
    steps.extend(no(Source::Configured).map(|_| Step::Configure));
    if stored.is_some() && !is_replaced {
        // Where the file has no place, the user is told so, and what to do about it.
        match file.filter(|_| can_store) {
            Some(file) => steps.push(Step::Delete { file }),
            None => return Vec::new(),
        }
    }
    if is_replaced {
        steps.push(Step::SayYes { command, variable: None });
    } else if no(Source::Variable).is_some() {
        steps.push(Step::SayYes { command: None, variable });
    } else if !report.inputs.iter().any(|input| matches!(input.reading, Reading::Yes(_))) {
        steps.push(Step::SayYes { command, variable });
    }
    steps
}

#[cfg(test)]
mod tests;
