use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

use super::reason::{Reason, Source};
use super::spelling::{self, Switch};
use super::test_path;

/// Whether telemetry is on, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Decision {
    /// Whether events may be sent.
    pub enabled: bool,
    /// Whether `<PREFIX>_TELEMETRY_DEBUG` asks for events to be printed instead of sent. This is independent of `enabled`.
    pub debug: bool,
    /// The input that decided.
    pub reason: Reason,
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.enabled { "on" } else { "off" };
        write!(f, "{state}: {}", self.reason)
    }
}

/// The result of reading one input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reading {
    /// The input was not read, because an earlier one had already denied.
    NotRead,
    /// The input said neither yes nor no.
    Silent,
    /// The input said yes.
    Yes(Reason),
    /// The input said no.
    No(Reason),
}

/// Every input of the decision, unprocessed: variables are raw, so only the decision interprets their spelling. It is not `Debug`, because
/// the environment is private to the user.
#[derive(Clone, Default)]
pub(crate) struct Inputs {
    pub(crate) compiled_out: bool,
    pub(crate) unusable_names: bool,
    pub(crate) variable: Option<OsString>,
    pub(crate) debug: Option<OsString>,
    pub(crate) do_not_track: Option<OsString>,
    pub(crate) tests: Tests,
    pub(crate) configured: Option<bool>,
    pub(crate) stored: StoredChoice,
}

/// The signs of a test run.
#[derive(Clone, Default)]
pub(crate) struct Tests {
    /// The application asked to ignore these signs.
    pub(crate) skip: bool,
    pub(crate) node_env: Option<OsString>,
    pub(crate) rust_env: Option<OsString>,
    pub(crate) test: Option<OsString>,
    pub(crate) nextest: Option<OsString>,
    /// At least one variable is named `CARGO_BIN_EXE_*`.
    pub(crate) cargo_bin_exe: bool,
    pub(crate) executable: Option<Executable>,
}

/// The running executable.
#[derive(Clone)]
pub(crate) struct Executable {
    pub(crate) path: PathBuf,
    /// The parent of the executable's directory contains `.fingerprint` or `incremental`.
    pub(crate) in_build_directory: bool,
}

/// The user's stored choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum StoredChoice {
    #[default]
    NotRead,
    Absent,
    Enabled,
    Disabled,
    Corrupt,
    /// A yes that another user can have written.
    Foreign,
    Unreadable,
}

/// Decides from the inputs alone: the first denial wins, then the first yes; otherwise telemetry is off.
pub(crate) fn decide(inputs: &Inputs) -> Decision {
    let readings = inputs.readings().map(|(_, reading)| reading);
    let no = readings.iter().find_map(|reading| match reading {
        Reading::No(reason) => Some(*reason),
        _ => None,
    });
    let yes = readings.iter().find_map(|reading| match reading {
        Reading::Yes(reason) => Some(*reason),
        _ => None,
    });
    Decision {
        enabled: no.is_none() && yes.is_some(),
        debug: inputs.debug(),
        reason: no.or(yes).unwrap_or(Reason::NothingSaidYes),
    }
}

impl Inputs {
    /// The result for each input, in the order in which the inputs are read.
    pub(crate) fn readings(&self) -> [(Source, Reading); 7] {
        [
            (Source::Build, no_if(self.compiled_out, Reason::CompiledOut)),
            (Source::Names, no_if(self.unusable_names, Reason::UnusableNames)),
            (Source::Variable, self.variable()),
            (Source::DoNotTrack, self.do_not_track()),
            (Source::Tests, self.tests.reading()),
            (Source::Configured, self.configured()),
            (Source::Stored, self.stored()),
        ]
    }

    pub(crate) fn denied(&self) -> bool {
        self.readings().iter().any(|(_, reading)| matches!(reading, Reading::No(_)))
    }

    /// Whether the operator has said yes, by the variable or the configuration.
    pub(crate) fn is_operators_yes(&self) -> bool {
        [self.variable(), self.configured()].iter().any(|reading| matches!(reading, Reading::Yes(_)))
    }

    fn variable(&self) -> Reading {
        match spelling::switch(self.variable.as_deref()) {
            Switch::Unset => Reading::Silent,
            Switch::On => Reading::Yes(Reason::VariableOn),
            Switch::Off => Reading::No(Reason::VariableOff),
            Switch::Unrecognized => Reading::No(Reason::VariableUnrecognized),
        }
    }

    fn debug(&self) -> bool {
        !self.compiled_out && spelling::switch(self.debug.as_deref()) == Switch::On
    }

    fn do_not_track(&self) -> Reading {
        let set = spelling::is_none_of(self.do_not_track.as_deref(), &["", "0", "false"]);
        no_if(set, Reason::DoNotTrack)
    }

    fn configured(&self) -> Reading {
        match self.configured {
            None => Reading::Silent,
            Some(true) => Reading::Yes(Reason::ConfiguredOn),
            Some(false) => Reading::No(Reason::ConfiguredOff),
        }
    }

    fn stored(&self) -> Reading {
        match self.stored {
            StoredChoice::NotRead => Reading::NotRead,
            StoredChoice::Absent => Reading::Silent,
            StoredChoice::Enabled => Reading::Yes(Reason::StoredOn),
            StoredChoice::Disabled => Reading::No(Reason::StoredOff),
            StoredChoice::Corrupt => Reading::No(Reason::StoredCorrupt),
            StoredChoice::Foreign => Reading::No(Reason::StoredForeign),
            StoredChoice::Unreadable => Reading::No(Reason::StoredUnreadable),
        }
    }
}

impl Tests {
    fn reading(&self) -> Reading {
        if self.skip {
            Reading::Silent
        } else if self.environment() {
            Reading::No(Reason::TestEnvironment)
        } else {
            no_if(self.executable.as_ref().is_some_and(Executable::is_test), Reason::TestExecutable)
        }
    }

    fn environment(&self) -> bool {
        spelling::is(self.node_env.as_deref(), "test")
            || spelling::is(self.rust_env.as_deref(), "test")
            || spelling::is_none_of(self.test.as_deref(), &["", "false"])
            || self.nextest.is_some()
            || self.cargo_bin_exe
    }
}

impl Executable {
    fn is_test(&self) -> bool {
        test_path::is_beyond_doubt(&self.path) || (self.in_build_directory && test_path::is_named_as_test(&self.path))
    }
}

const fn no_if(denies: bool, reason: Reason) -> Reading {
    if denies { Reading::No(reason) } else { Reading::Silent }
}

#[cfg(test)]
mod tests;
