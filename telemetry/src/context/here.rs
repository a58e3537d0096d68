//! The surroundings of this process: the one file of this module that touches the environment, the disk and the system.

use std::env;
use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{IsTerminal, Read, stdout};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::available_parallelism;

use super::surroundings::Surroundings;

/// Where this process runs.
pub(super) struct Here;

impl Surroundings for Here {
    fn system(&self) -> &'static str {
        env::consts::OS
    }

    fn architecture(&self) -> &'static str {
        env::consts::ARCH
    }

    fn variable(&self, name: &str) -> Option<OsString> {
        env::var_os(name)
    }

    fn file(&self, path: &str, most: u64) -> Option<Vec<u8>> {
        // To open a device can do something, and to open a pipe can take for ever.
        if !fs::metadata(path).ok()?.is_file() {
            return None;
        }
        let mut options = OpenOptions::new();
        options.read(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            // It may have become a pipe meanwhile.
            options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
        }
        let mut bytes = Vec::new();
        options.open(path).ok()?.take(most).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    fn exists(&self, path: &str) -> bool {
        Path::new(path).exists()
    }

    /// On Windows there is no release that `std` can ask for, and it would be 10.0 for years past and to come.
    fn release(&self) -> Option<String> {
        #[cfg(unix)]
        {
            Some(rustix::system::uname().release().to_string_lossy().into_owned())
        }
        #[cfg(not(unix))]
        {
            None
        }
    }

    fn parallelism(&self) -> Option<usize> {
        available_parallelism().ok().map(usize::from)
    }

    /// macOS has no file that tells it, and its function cannot be called without `unsafe`; its program can.
    fn sysctl(&self, names: &[&str]) -> Option<Vec<u8>> {
        if !cfg!(target_os = "macos") {
            return None;
        }
        let mut program = Command::new("/usr/sbin/sysctl");
        program.args(names).env_clear().stdin(Stdio::null()).stderr(Stdio::null());
        // It fails when one of the names is unknown, and tells the others all the same.
        program.output().ok().map(|output| output.stdout)
    }

    fn is_terminal(&self) -> bool {
        stdout().is_terminal()
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    fn read(path: &Path) -> Option<Vec<u8>> {
        Here.file(path.to_str()?, 8)
    }

    #[test]
    fn of_a_file_the_beginning_is_read() -> io::Result<()> {
        let home = tempfile::tempdir()?;
        let path = home.path().join("file");
        fs::write(&path, b"0123456789")?;
        assert_eq!(read(&path).as_deref(), Some(b"01234567".as_slice()));
        fs::write(&path, b"")?;
        assert_eq!(read(&path).as_deref(), Some(b"".as_slice()));
        assert_eq!(read(&home.path().join("missing")), None);
        assert_eq!(read(&path.join("below")), None);
        assert_eq!(read(home.path()), None);
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn neither_a_loop_nor_a_pipe_nor_a_device_is_read() -> io::Result<()> {
        use rustix::fs::{CWD, FileType, Mode, mknodat};
        use std::os::unix::fs::symlink;

        let home = tempfile::tempdir()?;
        let path = home.path().join("package.json");
        symlink(&path, &path)?;
        assert_eq!(read(&path), None);
        for device in ["/dev/zero", "/dev/null", "/dev/tty"] {
            fs::remove_file(&path)?;
            symlink(device, &path)?;
            assert_eq!(read(&path), None, "{device}");
        }
        fs::remove_file(&path)?;
        if cfg!(target_os = "linux") {
            mknodat(CWD, &path, FileType::Fifo, Mode::RUSR, 0)?;
            assert_eq!(read(&path), None);
        }
        Ok(())
    }

    #[test]
    fn only_macos_has_the_program() {
        assert_eq!(Here.sysctl(&["hw.memsize"]).is_some(), cfg!(target_os = "macos"));
    }
}
