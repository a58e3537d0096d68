use std::fs::{self, DirBuilder, File, Metadata, Permissions};
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

/// Makes the directory and its ancestors, whatever the process's umask takes away from them.
pub(super) fn make_directory(path: &Path) -> io::Result<()> {
    match (make_one(path), path.parent()) {
        (Err(error), Some(above)) if error.kind() == io::ErrorKind::NotFound && above != Path::new("") => {
            make_directory(above)?;
            make_one(path)
        }
        (made, _) => made,
    }
}

fn make_one(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(false);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Ok(()) => open_to_owner(&fs::symlink_metadata(path)?, |permissions| fs::set_permissions(path, permissions)),
        Err(_) if path.is_dir() => Ok(()),
        Err(error) => Err(error),
    }
}

/// Gives a file that was just created the mode 0600, whatever the process's umask takes away from it.
pub(super) fn own(file: File) -> io::Result<File> {
    open_to_owner(&file.metadata()?, |permissions| file.set_permissions(permissions))?;
    Ok(file)
}

#[cfg(unix)]
fn open_to_owner(found: &Metadata, set: impl FnOnce(Permissions) -> io::Result<()>) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let (mode, owner) = (found.permissions().mode(), if found.is_dir() { 0o700 } else { 0o600 });
    if mode & owner == owner { Ok(()) } else { set(Permissions::from_mode(mode | owner)) }
}

/// Other systems have no umask.
#[cfg(not(unix))]
fn open_to_owner(_: &Metadata, _: impl FnOnce(Permissions) -> io::Result<()>) -> io::Result<()> {
    Ok(())
}
