//! Small files that only their user may read.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;

/// Writes a file whole: whoever reads it sees the old bytes or the new ones, also after a crash. Directories that are
/// missing are made. On Unix the file has the mode 0600, and each directory made 0700.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let directory = make_parent(path)?;
    Temporary::holding(directory, bytes)?.replace(path)?;
    sync(directory)
}

/// A file that nobody knows yet. It is deleted unless it takes its place.
struct Temporary {
    path: PathBuf,
}

impl Temporary {
    /// A new file in this directory, whose bytes are on the disk.
    fn holding(directory: &Path, bytes: &[u8]) -> io::Result<Self> {
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let path = directory.join(format!(".telemetry-{}", HEXLOWER.encode(&random)));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path)?;
        let temporary = Self { path };
        file.write_all(bytes)?;
        file.sync_all()?;
        Ok(temporary)
    }

    /// Takes the place of whatever is there.
    fn replace(self, path: &Path) -> io::Result<()> {
        fs::rename(&self.path, path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // It is not there when it took the place of another.
        let _ = fs::remove_file(&self.path);
    }
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
