//! The machine and process that the program runs in. No other file of this module reads the environment, the disk or the
//! system.

use std::env;
use std::ffi::OsString;
use std::io::{IsTerminal, stdout};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::available_parallelism;

use super::machine::Machine;
use crate::storage::read_regular;

/// The real machine.
pub(super) struct ThisMachine;

impl Machine for ThisMachine {
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
        read_regular(Path::new(path), most).ok()
    }

    fn exists(&self, path: &str) -> bool {
        Path::new(path).exists()
    }

    /// `std` offers no release on Windows, where it would have been 10.0 for years.
    fn release(&self) -> Option<String> {
        #[cfg(unix)]
        {
            Some(nix::sys::utsname::uname().ok()?.release().to_string_lossy().into_owned())
        }
        #[cfg(not(unix))]
        {
            None
        }
    }

    fn parallelism(&self) -> Option<usize> {
        available_parallelism().ok().map(usize::from)
    }

    /// macOS has no file with these facts, and calling its function needs `unsafe`. Its program does not.
    fn sysctl(&self, names: &[&str]) -> Option<Vec<u8>> {
        if !cfg!(target_os = "macos") {
            return None;
        }
        let mut program = Command::new("/usr/sbin/sysctl");
        program.args(names).env_clear().stdin(Stdio::null()).stderr(Stdio::null());
        // It fails when one of the names is unknown, but still prints the others.
        program.output().ok().map(|output| output.stdout)
    }

    fn is_terminal(&self) -> bool {
        stdout().is_terminal()
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, io};

    use super::*;

    fn read(path: &Path) -> Option<Vec<u8>> {
        ThisMachine.file(path.to_str()?, 8)
    }

    #[test]
    fn at_most_the_first_bytes_of_a_file_are_read() -> io::Result<()> {
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
        #[cfg(target_os = "linux")]
        {
            use rustix::fs::{CWD, FileType, Mode, mknodat};
            mknodat(CWD, &path, FileType::Fifo, Mode::RUSR, 0)?;
            assert_eq!(read(&path), None);
        }
        Ok(())
    }

    #[test]
    fn only_macos_answers_sysctl() {
        assert_eq!(ThisMachine.sysctl(&["hw.memsize"]).is_some(), cfg!(target_os = "macos"));
    }
}
