//! Where the choice is stored, and why it may have no place.

use std::path::PathBuf;

use super::inputs::ChoiceStore;
use crate::storage::shown;

/// Where the user's choice is stored, or would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChoicePlace {
    /// `None` if the user has no configuration directory.
    pub(crate) file: Option<PathBuf>,
    /// Whether a yes can be stored.
    pub(crate) yes: Result<(), NoPlace>,
    /// Whether a no can be stored.
    pub(crate) no: Result<(), NoPlace>,
}

impl ChoicePlace {
    pub(super) fn find(application: &str) -> Self {
        Self {
            file: ChoiceStore::find(application).map(|store| store.file()),
            yes: ChoiceStore::find_for_yes(application).and_then(|store| store.examine()),
            no: ChoiceStore::find_for_no(application).and_then(|store| store.examine()),
        }
    }
}

/// Why there is no place where a choice can be stored, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoPlace {
    /// `HOME` is not set. A no can be stored all the same, if the system knows the user's home; a yes is only read where a variable says.
    #[error("HOME is not set; set it")]
    HomeUnset,
    /// There is no home: `HOME` is `/`, is relative, or names nothing that exists.
    #[error("there is no home directory; set HOME to one")]
    NoHome,
    /// The process runs as root in another user's home. Files created there would belong to root.
    #[error("this home belongs to another user, so root stores nothing in it; run this as that user")]
    AnotherUsersHome,
    /// A file, or a link that leads nowhere, is in the place of the configuration directory or of one above it.
    #[error("{} is in the place of a directory, but is a file or a link that leads nowhere; move it away, or mount what it leads to", shown(.path))]
    NotADirectory {
        /// What is there.
        path: PathBuf,
    },
    /// This process may not write to the configuration directory, or to the one in which it would be made.
    #[error("{} cannot be written; make that directory writable", shown(.path))]
    NotWritable {
        /// The directory.
        path: PathBuf,
    },
    /// Others can write to every file in the configuration directory, as on a file system that has no modes. A yes that anybody can have
    /// written does not count; a no can be stored all the same.
    #[error("others can write to every file in {}, so a yes in it does not count; move it to a file system with permissions", shown(.path))]
    OpenToOthers {
        /// The directory.
        path: PathBuf,
    },
    /// A directory is in the place of the file in which the choice is stored.
    #[error("{} is a directory; delete it", shown(.path))]
    IsADirectory {
        /// The directory.
        path: PathBuf,
    },
}

/// What can be done instead of storing a choice.
pub(super) const INSTEAD: &str = ", or set <PREFIX>_TELEMETRY to 0, or to 1 unless a no is stored";

impl NoPlace {
    /// What else can be done. What is in the place of the choice may deny, and a variable does not change that.
    pub(super) const fn alternative(&self) -> &'static str {
        match self {
            Self::HomeUnset
            | Self::NoHome
            | Self::AnotherUsersHome
            | Self::NotWritable { .. }
            | Self::OpenToOthers { .. } => INSTEAD,
            Self::NotADirectory { .. } | Self::IsADirectory { .. } => "",
        }
    }
}
