//! Checks the ownership of files.

use std::fs::{File, Metadata};
#[cfg(unix)]
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

/// The bits of a mode by which the group and all others can write.
#[cfg(unix)]
const OF_OTHERS: u32 = 0o022;

/// Whether only this user can have written the file.
#[cfg(unix)]
pub(super) fn is_ours(found: &Metadata) -> bool {
    found.uid() == nix::unistd::geteuid().as_raw() && found.mode() & OF_OTHERS == 0
}

/// On this platform, a user's own directories are closed to others by default.
#[cfg(not(unix))]
pub(super) const fn is_ours(_: &Metadata) -> bool {
    true
}

/// Who can have written a file in the configuration directory, which a user may keep elsewhere, and link to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Author {
    /// Only this user, or root. For root, anybody: root reads the choice of the user in whose home it runs.
    Trusted,
    /// Another user, too.
    Anybody,
}

impl Author {
    #[cfg(unix)]
    pub(crate) fn of(file: &File) -> Self {
        let user = nix::unistd::geteuid().as_raw();
        file.metadata().map_or(Self::Anybody, |found| Self::by(found.uid(), found.mode(), user))
    }

    #[cfg(unix)]
    const fn by(owner: u32, mode: u32, user: u32) -> Self {
        let is_trusted = user == 0 || owner == user || owner == 0;
        if is_trusted && mode & OF_OTHERS == 0 { Self::Trusted } else { Self::Anybody }
    }

    #[cfg(not(unix))]
    pub(crate) const fn of(_: &File) -> Self {
        Self::Trusted
    }
}

/// Whether a directory is there and is this user's, or one in which this user may write. Root may write anywhere.
#[cfg(unix)]
pub(super) fn may_be_used(directory: &Path) -> bool {
    use rustix::fs::{Access, access};
    let user = nix::unistd::geteuid();
    std::fs::metadata(directory).is_ok_and(|found| {
        let is_writable = || access(directory, Access::WRITE_OK | Access::EXEC_OK).is_ok();
        found.uid() == user.as_raw() || !user.is_root() && is_writable()
    })
}

#[cfg(not(unix))]
pub(super) const fn may_be_used(_: &Path) -> bool {
    true
}

/// Whether root would leave files of its own in another user's home here, which would lock that user out. This examines all existing
/// ancestor directories.
#[cfg(unix)]
pub(super) fn is_another_users(path: &Path) -> bool {
    nix::unistd::geteuid().is_root() && path.ancestors().any(belongs_to_a_user)
}

#[cfg(unix)]
fn belongs_to_a_user(directory: &Path) -> bool {
    /// The owner shown in a user namespace for files of users outside of it (user_namespaces(7)).
    const OVERFLOW: u32 = 65_534;
    std::fs::metadata(directory).is_ok_and(|found| found.uid() != 0 && found.uid() != OVERFLOW)
}

#[cfg(not(unix))]
pub(super) const fn is_another_users(_: &Path) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use super::Author::{self, Anybody, Trusted};

    #[test]
    fn only_the_user_and_root_are_trusted() {
        for (owner, mode, user, author) in [
            (1000, 0o600, 1000, Trusted),
            (1000, 0o644, 1000, Trusted),
            (1000, 0o664, 1000, Anybody),
            (1000, 0o602, 1000, Anybody),
            (0, 0o444, 1000, Trusted),
            (0, 0o666, 1000, Anybody),
            (3000, 0o644, 1000, Anybody),
            (3000, 0o644, 0, Trusted),
            (3000, 0o666, 0, Anybody),
        ] {
            assert_eq!(Author::by(owner, mode, user), author, "{owner} {mode:o} {user}");
        }
    }
}
