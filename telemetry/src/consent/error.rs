use std::io::ErrorKind;

use super::names::NameError;

/// Why a choice could not be stored. It names no path, since a path names its user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChoiceError {
    /// The application gave a prefix or a name that cannot be used.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The user has no configuration directory.
    #[error(
        "there is no configuration directory to keep the choice in; set HOME, or set <PREFIX>_TELEMETRY to 0 or 1 instead"
    )]
    NoDirectory,
    /// The configuration directory, or the file in it, cannot be written.
    #[error(
        "the choice could not be stored ({0}); make the configuration directory writable, or set <PREFIX>_TELEMETRY to 0 \
         or 1 instead"
    )]
    Write(ErrorKind),
    /// The no is stored, and something that telemetry had kept on this machine could not be deleted.
    #[error("the choice is stored, but not all that telemetry kept could be deleted ({0}); delete its state directory")]
    Erase(ErrorKind),
    /// The anonymous id, or events under it, could not be deleted.
    #[error("the anonymous id could not be forgotten ({0}); delete the application's state directory")]
    Reset(ErrorKind),
}
