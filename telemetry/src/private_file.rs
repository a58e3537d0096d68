//! Small files that only their user may read.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Writes a file whole: whoever reads it sees the old bytes or the new ones, also after a crash. Directories that are
/// missing are made. On Unix the file has the mode 0600, and each directory made 0700.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let directory = make_parent(path)?;
    let mut file = tempfile::Builder::new().prefix(".telemetry-").tempfile_in(directory)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    sync(directory)
}

/// Appends to a file, and makes it and its directories as [`replace`] does.
pub(crate) fn append(path: &Path, bytes: &[u8]) -> io::Result<()> {
    make_parent(path)?;
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(bytes)
}

fn make_parent(path: &Path) -> io::Result<&Path> {
    let directory = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)?;
    Ok(directory)
}

/// The rename itself must survive a crash too, or a withdrawn consent could come back.
fn sync(directory: &Path) -> io::Result<()> {
    if cfg!(unix) { std::fs::File::open(directory)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_else_stays() -> io::Result<()> {
        let home = tempfile::tempdir()?;
        let path = home.path().join("a/b/file");
        replace(&path, b"long before")?;
        replace(&path, b"after")?;
        assert_eq!(fs::read(&path)?, b"after");
        assert_eq!(fs::read_dir(home.path().join("a/b"))?.count(), 1);
        Ok(())
    }

    #[test]
    fn what_is_appended_comes_after_what_is_there() -> io::Result<()> {
        let home = tempfile::tempdir()?;
        let path = home.path().join("a/file");
        append(&path, b"one")?;
        append(&path, b"two")?;
        assert_eq!(fs::read(&path)?, b"onetwo");
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn only_the_user_may_read_it() -> io::Result<()> {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let mode = |path: &Path| -> io::Result<u32> { Ok(fs::metadata(path)?.permissions().mode() & 0o777) };
        let home = tempfile::tempdir()?;
        let path = home.path().join("a/b/file");
        append(&path, b"x")?;
        assert_eq!(mode(&path)?, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644))?;
        replace(&path, b"x")?;
        assert_eq!(mode(&path)?, 0o600);
        assert_eq!(mode(&home.path().join("a/b"))?, 0o700);
        assert_eq!(mode(&home.path().join("a"))?, 0o700);

        let elsewhere = home.path().join("elsewhere");
        fs::write(&elsewhere, b"untouched")?;
        fs::remove_file(&path)?;
        symlink(&elsewhere, &path)?;
        replace(&path, b"x")?;
        assert_eq!(fs::read(&elsewhere)?, b"untouched");
        Ok(())
    }
}
