//! Checks the ownership of files.

use std::fs::Metadata;
#[cfg(unix)]
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

/// Whether only this user can have written the file.
#[cfg(unix)]
pub(super) fn is_ours(found: &Metadata) -> bool {
    found.uid() == rustix::process::geteuid().as_raw() && found.mode() & 0o022 == 0
}

/// On this platform, a user's own directories are closed to others by default.
#[cfg(not(unix))]
pub(super) const fn is_ours(_: &Metadata) -> bool {
    true
}

/// Whether root would leave files of its own in another user's home here, which would lock that user out. This examines all existing
/// ancestor directories.
#[cfg(unix)]
pub(super) fn is_another_users(path: &Path) -> bool {
    rustix::process::geteuid().is_root() && path.ancestors().any(belongs_to_a_user)
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
