use std::fmt;

use serde::{Serialize, Serializer};

/// Why telemetry is on or off: the input that decided, and what it said.
///
/// Every reason has a constant name ([`Reason::name`], also its serialized form) and a constant sentence (its `Display`). Neither contains
/// any input data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// Off: the program was compiled with `--cfg telemetry_off`.
    CompiledOut,
    /// Off: the prefix or the application's name is unusable, so no denial could be read under it.
    UnusableNames,
    /// Off: `<PREFIX>_TELEMETRY` is `0`, `false`, `no` or `off`.
    VariableOff,
    /// Off: `<PREFIX>_TELEMETRY` is set to an unknown spelling.
    VariableUnrecognized,
    /// Off: `DO_NOT_TRACK` is set, and is not empty, `0` or `false`.
    DoNotTrack,
    /// Off: the environment indicates a test run.
    TestEnvironment,
    /// Off: the executable is located where cargo or rustdoc puts tests.
    TestExecutable,
    /// Off: the operator's configuration says no.
    ConfiguredOff,
    /// Off: the user stored a no.
    StoredOff,
    /// Off: the stored choice was not written by this crate.
    StoredCorrupt,
    /// Off: the stored choice is a yes in a file that belongs to another user than this one and root, or that others can write to.
    StoredForeign,
    /// Off: a stored choice exists but cannot be read.
    StoredUnreadable,
    /// Off: the user has said yes too late for this client, which was built while telemetry was off, or has met a no since. Programs that
    /// start later are on.
    YesForLaterPrograms,
    /// Off: no input denied, and none said yes.
    NothingSaidYes,
    /// On: `<PREFIX>_TELEMETRY` is `1`, `true`, `yes` or `on`, and nothing denied.
    VariableOn,
    /// On: the operator's configuration says yes, and nothing denied.
    ConfiguredOn,
    /// On: the user stored a yes, and nothing denied.
    StoredOn,
}

impl Reason {
    /// Whether a request for deletion may be sent all the same: only the environment and the configuration are against it.
    pub(crate) const fn allows_deletion(self) -> bool {
        matches!(self, Self::StoredOff | Self::StoredForeign)
    }

    /// The constant name, in snake case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CompiledOut => "compiled_out",
            Self::UnusableNames => "unusable_names",
            Self::VariableOff => "variable_off",
            Self::VariableUnrecognized => "variable_unrecognized",
            Self::DoNotTrack => "do_not_track",
            Self::TestEnvironment => "test_environment",
            Self::TestExecutable => "test_executable",
            Self::ConfiguredOff => "configured_off",
            Self::StoredOff => "stored_off",
            Self::StoredCorrupt => "stored_corrupt",
            Self::StoredForeign => "stored_foreign",
            Self::StoredUnreadable => "stored_unreadable",
            Self::YesForLaterPrograms => "yes_for_later_programs",
            Self::NothingSaidYes => "nothing_said_yes",
            Self::VariableOn => "variable_on",
            Self::ConfiguredOn => "configured_on",
            Self::StoredOn => "stored_on",
        }
    }

    const fn sentence(self) -> &'static str {
        match self {
            Self::CompiledOut => "the program was compiled without telemetry (--cfg telemetry_off)",
            Self::UnusableNames => "the prefix or the application's name cannot be used",
            Self::VariableOff => "<PREFIX>_TELEMETRY says no",
            Self::VariableUnrecognized => {
                "<PREFIX>_TELEMETRY is none of 1, true, yes, on, 0, false, no, off, and counts as no"
            }
            Self::DoNotTrack => "DO_NOT_TRACK is set",
            Self::TestEnvironment => "the environment is that of a test run",
            Self::TestExecutable => "the executable is a test",
            Self::ConfiguredOff => "the configuration says no",
            Self::StoredOff => "the user's stored choice is no",
            Self::StoredCorrupt => "the user's stored choice is corrupt, and counts as no",
            Self::StoredForeign => {
                "the user's stored choice can have been written by another user, so its yes does not count"
            }
            Self::StoredUnreadable => "the user's stored choice cannot be read, and counts as no",
            Self::YesForLaterPrograms => {
                "telemetry was off while this program ran, so the yes counts from the next start"
            }
            Self::NothingSaidYes => "nobody has said yes",
            Self::VariableOn => "<PREFIX>_TELEMETRY says yes",
            Self::ConfiguredOn => "the configuration says yes",
            Self::StoredOn => "the user's stored choice is yes",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// The source of an input, in the order in which the inputs are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Source {
    /// The compilation flags of the program (`--cfg telemetry_off`).
    Build,
    /// The prefix and the name given by the application.
    Names,
    /// The environment variable `<PREFIX>_TELEMETRY`.
    Variable,
    /// The environment variable `DO_NOT_TRACK`.
    DoNotTrack,
    /// Signs that this is a test run.
    Tests,
    /// The operator's configuration.
    Configured,
    /// The user's stored choice.
    Stored,
}

impl Source {
    /// The constant name, in snake case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Build => "build",
            Self::Names => "names",
            Self::Variable => "variable",
            Self::DoNotTrack => "do_not_track",
            Self::Tests => "tests",
            Self::Configured => "configured",
            Self::Stored => "stored",
        }
    }

    const fn sentence(self) -> &'static str {
        match self {
            Self::Build => "the build",
            Self::Names => "the application's names",
            Self::Variable => "<PREFIX>_TELEMETRY",
            Self::DoNotTrack => "DO_NOT_TRACK",
            Self::Tests => "test detection",
            Self::Configured => "the configuration",
            Self::Stored => "the user's stored choice",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}

impl Serialize for Source {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
