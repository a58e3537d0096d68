use std::io::ErrorKind;
use std::path::PathBuf;

use super::names::NameError;

/// Why a choice could not be stored, or stored data could not be deleted. The only paths it contains are those of telemetry's own files.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChoiceError {
    /// The application gave an unusable prefix or name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The user has no configuration directory.
    #[error(
        "there is no configuration directory to keep the choice in; set HOME, or set <PREFIX>_TELEMETRY to 0 or 1 instead"
    )]
    NoDirectory,
    /// The configuration directory, or the file in it, is not writable.
    #[error(
        "the choice could not be stored ({0}); make the configuration directory writable, or set <PREFIX>_TELEMETRY to 0 \
         or 1 instead"
    )]
    Write(ErrorKind),
    /// The process runs as root in another user's home. Files created there would belong to root.
    #[error(
        "this home belongs to another user, so root stores nothing in it; run this as that user, or set <PREFIX>_TELEMETRY to 0 or 1 instead"
    )]
    AnotherUsersHome,
    /// A choice is stored that cannot be read now, so a yes does not replace it: it may be a no, after which nothing may be kept.
    #[error(
        "the stored choice cannot be read, so no yes is stored in its place; try again, or delete the file telemetry-consent"
    )]
    Unreadable,
    /// The stored choice is a no, and remains: a telemetry file from before it could not be deleted.
    #[error(
        "the yes is not stored, because {} remains from before the no and could not be deleted ({kind}); delete it", .file.display()
    )]
    Leftover {
        /// The first file that remains, or the directory if it cannot be read.
        file: PathBuf,
        /// Why it could not be deleted.
        kind: ErrorKind,
    },
    /// The no is stored, but a telemetry file on this machine could not be deleted.
    #[error("the no is stored, but {} could not be deleted ({kind}); delete it", .file.display())]
    Erase {
        /// The first file that remains, or the directory if it cannot be read.
        file: PathBuf,
        /// Why it could not be deleted.
        kind: ErrorKind,
    },
    /// The anonymous id, or events that carry it, could not be deleted.
    #[error("the anonymous id is not forgotten, because {} could not be deleted ({kind}); delete it", .file.display())]
    Reset {
        /// The first file that remains, or the directory if it cannot be read.
        file: PathBuf,
        /// Why it could not be deleted.
        kind: ErrorKind,
    },
}
