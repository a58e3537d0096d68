use std::fs::{self, DirBuilder};
use std::io;
use std::path::Path;

use super::owner;
use super::paths::Location;

impl Location {
    /// Makes the directory and those above it, with the mode 0700 on Unix, unless it is not ours to make anything here.
    pub(crate) fn make(&self) -> io::Result<()> {
        if self.is_another_users() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        if let Some(base) = &self.base
            && !is_home(base)
        {
            return Err(io::ErrorKind::NotFound.into());
        }
        make_directory(&self.path)
    }

    /// Whether this is root in the home of another user, where it makes nothing.
    pub(crate) fn is_another_users(&self) -> bool {
        owner::is_another_users(&self.path)
    }
}

/// The root of all directories is given as a home to those who have none, and a home that was removed is not made again.
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
