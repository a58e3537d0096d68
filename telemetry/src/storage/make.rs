use std::fs::{self, DirBuilder};
use std::io;
use std::path::Path;

use super::location::Location;
use super::owner;

impl Location {
    /// Creates the directory and its ancestors, with the mode 0700 on Unix, unless this crate may not create anything here.
    pub(crate) fn make(&self) -> io::Result<()> {
        may_make(self)?;
        make_directory(&self.path)
    }

    /// Whether the home exists in which the directory is, if it is in one.
    pub(crate) fn has_home(&self) -> bool {
        self.base.as_deref().is_none_or(is_home)
    }

    /// What is in the place of the directory, or of one above it: a file, or a link that leads nowhere.
    pub(crate) fn obstruction(&self) -> Option<&Path> {
        let there = self.path.ancestors().find(|above| fs::symlink_metadata(above).is_ok())?;
        let is_directory = match fs::metadata(there) {
            Ok(found) => found.is_dir(),
            Err(error) => error.kind() == io::ErrorKind::PermissionDenied,
        };
        (!is_directory).then_some(there)
    }

    /// Whether root runs in another user's home, where it creates nothing.
    pub(crate) fn is_another_users(&self) -> bool {
        owner::is_another_users(&self.path)
    }
}

/// Whether this crate may create something here.
pub(super) fn may_make(location: &Location) -> io::Result<()> {
    if location.is_another_users() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    if !location.has_home() {
        return Err(io::ErrorKind::NotFound.into());
    }
    Ok(())
}

/// Users without a home are assigned the root directory, and a removed home is not created again.
fn is_home(base: &Path) -> bool {
    base.parent().is_some() && fs::metadata(base).is_ok_and(|found| found.is_dir())
}

pub(super) fn make_directory(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
