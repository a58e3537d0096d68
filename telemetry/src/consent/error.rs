use std::io::ErrorKind;
use std::path::PathBuf;

use super::names::NameError;

/// Why a choice could not be stored, or what was kept could not be deleted. The only paths that it names are those of telemetry's own files.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
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
    /// This is root in the home of another user, whose files would be root's afterwards.
    #[error(
        "this home belongs to another user, so root stores nothing in it; run this as that user, or set <PREFIX>_TELEMETRY to 0 or 1 instead"
    )]
    AnotherUsersHome,
    /// The no is stored, and a file that telemetry had kept on this machine could not be deleted.
    #[error("the choice is stored, but {} could not be deleted ({kind}); delete it", .file.display())]
    Erase {
        /// The first file that is still there, or the directory if it cannot be read.
        file: PathBuf,
        /// Why it could not be deleted.
        kind: ErrorKind,
    },
    /// The anonymous id, or events under it, could not be deleted.
    #[error("the anonymous id is not forgotten, because {} could not be deleted ({kind}); delete it", .file.display())]
    Reset {
        /// The first file that is still there, or the directory if it cannot be read.
        file: PathBuf,
        /// Why it could not be deleted.
        kind: ErrorKind,
    },
}
