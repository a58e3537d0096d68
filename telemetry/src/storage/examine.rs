//! Whether files could be made, found out without making any.

use std::fs;
use std::io;
use std::path::Path;

use super::StateDirectory;
use super::location::Location;
use super::make::may_make;

impl StateDirectory {
    /// Whether files could be made in the directory now, as far as that can be seen. If it does not exist, whether it could be made.
    pub(crate) fn examine(&self) -> io::Result<()> {
        let location = self.location();
        match fs::symlink_metadata(&location.path) {
            Ok(_) => self.check().and_then(|()| check_writable(&location.path)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => examine_above(location),
            Err(error) => Err(error),
        }
    }
}

impl Location {
    /// The directory, or else the nearest one above it that exists, if this process may not make files in it.
    pub(crate) fn unwritable(&self) -> Option<&Path> {
        let nearest = self.path.ancestors().find(|above| fs::symlink_metadata(above).is_ok())?;
        let refused = check_writable(nearest).err()?.kind();
        matches!(refused, io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem).then_some(nearest)
    }
}

/// Whether a directory that does not exist could be made in the nearest one above it that does.
fn examine_above(location: &Location) -> io::Result<()> {
    may_make(location)?;
    for above in location.path.ancestors().skip(1) {
        match fs::symlink_metadata(above) {
            Ok(_) if fs::metadata(above)?.is_dir() => return check_writable(above),
            Ok(_) => return Err(io::ErrorKind::NotADirectory.into()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::NotFound.into())
}

/// Whether this process may make files in a directory, whose disk may be read-only.
#[cfg(unix)]
fn check_writable(directory: &Path) -> io::Result<()> {
    use rustix::fs::{Access, AtFlags, CWD, accessat};
    match accessat(CWD, directory, Access::WRITE_OK | Access::EXEC_OK, AtFlags::EACCESS) {
        // A process under another user's identity cannot ask everywhere.
        Err(rustix::io::Errno::NOSYS | rustix::io::Errno::INVAL) => Ok(()),
        answer => Ok(answer?),
    }
}

/// On this platform, only an attempt shows it.
#[cfg(not(unix))]
const fn check_writable(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn examined(prepare: impl Fn(&Path)) -> Option<ErrorKind> {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("state/acme");
        prepare(&path);
        let before: Vec<_> = fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        let found = StateDirectory::at(path.clone()).examine().err().map(|error| error.kind());
        let after: Vec<_> = fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(before, after, "nothing is made");
        assert_eq!(StateDirectory::at(path).make().is_ok(), found.is_none(), "it says what an attempt shows");
        found
    }

    #[test]
    fn what_keeps_a_directory_from_being_used_is_found() {
        let make = |path: &Path, mode| {
            fs::create_dir_all(path).unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        assert_eq!(examined(|_| {}), None);
        assert_eq!(examined(|path| make(path, 0o700)), None);
        assert_eq!(examined(|path| make(path.parent().unwrap(), 0o770)), None, "only its own mode matters");
        assert_eq!(examined(|path| make(path, 0o770)), Some(ErrorKind::PermissionDenied));
        assert_eq!(examined(|path| make(path, 0o707)), Some(ErrorKind::PermissionDenied));
        let file = |path: &Path| {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        };
        assert_eq!(examined(file), Some(ErrorKind::PermissionDenied));
        assert_eq!(examined(|path| file(path.parent().unwrap())), Some(ErrorKind::NotADirectory));
        let link = |path: &Path, target: &str| {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            symlink(target, path).unwrap();
        };
        assert_eq!(examined(|path| link(path, "/")), Some(ErrorKind::PermissionDenied));
        assert_eq!(examined(|path| link(path.parent().unwrap(), "nowhere")), Some(ErrorKind::NotFound));
    }

    #[test]
    fn a_home_that_is_not_there_is_not_made() {
        let home = tempfile::tempdir().unwrap();
        let base = home.path().join("nobody");
        let state = |base: &Path| StateDirectory::of(Location { path: base.join("acme"), base: Some(base.to_owned()) });
        assert_eq!(state(&base).examine().unwrap_err().kind(), ErrorKind::NotFound);
        fs::create_dir(&base).unwrap();
        assert!(state(&base).examine().is_ok());
    }

    #[test]
    fn a_directory_that_cannot_be_written_is_found() {
        // The kernel's own directories cannot be written by anybody.
        let Ok(directory) = Path::new("/proc/self").canonicalize() else { return };
        let can_write = fs::File::create(directory.join("acme")).is_ok();
        assert!(check_writable(&directory).is_err() || can_write);
        let location = Location { path: directory.join("acme/telemetry"), base: None };
        assert!(location.unwritable() == Some(&directory) || can_write);
        let home = tempfile::tempdir().unwrap();
        assert_eq!(Location { path: home.path().join("acme"), base: None }.unwritable(), None);
    }
}
