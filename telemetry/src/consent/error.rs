use std::io::ErrorKind;
use std::path::PathBuf;

use super::names::NameError;
use super::place::{INSTEAD, NoPlace};
use crate::storage::shown;

/// Why a choice could not be stored, or stored data could not be deleted. The only paths it contains are those of telemetry's own files, and
/// of the directories above them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChoiceError {
    /// The application gave an unusable prefix or name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// There is no place where the choice can be stored.
    #[error("the choice could not be stored: {why}{or}", why = .0, or = .0.alternative())]
    NoPlace(NoPlace),
    /// The system refused to write the file, or the directory in which it is.
    #[error("the choice could not be stored ({kind}); {remedy}{INSTEAD}", kind = .0, remedy = remedy(*.0))]
    Write(ErrorKind),
    /// A choice is stored that cannot be read now, so a yes does not replace it: it may be a no, after which nothing may be kept.
    #[error(
        "the stored choice cannot be read, so no yes is stored in its place; try again, or delete the file telemetry-consent"
    )]
    Unreadable,
    /// The stored choice is a no, and remains: a telemetry file from before it could not be deleted.
    #[error(
        "the yes is not stored, because {} remains from before the no and could not be deleted ({kind}); delete it", shown(.file)
    )]
    Leftover {
        /// The first file that remains, or the directory if it cannot be read.
        file: PathBuf,
        /// Why it could not be deleted.
        kind: ErrorKind,
    },
    /// The no is stored, but a telemetry file on this machine could not be deleted.
    #[error("the no is stored, but {} could not be deleted ({kind}); delete it", shown(.file))]
    Erase {
        /// The first file that remains, or the directory if it cannot be read.
        file: PathBuf,
        /// Why it could not be deleted.
        kind: ErrorKind,
    },
    /// The anonymous id, or events that carry it, could not be deleted.
    #[error("the anonymous id is not forgotten, because {} could not be deleted ({kind}); delete it", shown(.file))]
    Reset {
        /// The first file that remains, or the directory if it cannot be read.
        file: PathBuf,
        /// Why it could not be deleted.
        kind: ErrorKind,
    },
}

/// Its message is a part of this one, so it is not the source as well.
impl From<NoPlace> for ChoiceError {
    fn from(why: NoPlace) -> Self {
        Self::NoPlace(why)
    }
}

/// What to do about an error of the system.
const fn remedy(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => "make the configuration directory writable",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "free some space on its disk",
        _ => "try again",
    }
}
