//! A file that stays open as long as the host runs.

use std::fs::File;
use std::io;
use std::mem;
use std::ops::Deref;
use std::sync::Arc;

/// An open file, and which one it is.
///
/// A host that becomes a daemon may close all descriptors, and then open files of its own under their numbers. Such a file is not closed
/// here, and is to be left as it is.
pub(crate) struct Kept {
    file: Arc<File>,
    identity: Identity,
}

impl Kept {
    pub(crate) fn new(file: File) -> io::Result<Self> {
        let identity = identity(&file)?;
        Ok(Self { file: Arc::new(file), identity })
    }

    /// Fails with an error of the kind `NotFound` if the descriptor belongs to another file now, or to none.
    pub(crate) fn check(&self) -> io::Result<()> {
        match identity(&self.file) {
            Ok(identity) if identity == self.identity => Ok(()),
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

impl Deref for Kept {
    type Target = File;

    fn deref(&self) -> &File {
        &self.file
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if self.check().is_err() {
            // A reference that is never given back keeps the file from being closed.
            mem::forget(Arc::clone(&self.file));
        }
    }
}

/// The file system, and the number of the file in it.
#[cfg(unix)]
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(file: &File) -> io::Result<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    let found = file.metadata()?;
    Ok((found.dev(), found.ino()))
}

/// Elsewhere programs do not close all descriptors.
#[cfg(not(unix))]
#[derive(PartialEq)]
struct Identity;

#[cfg(not(unix))]
const fn identity(_: &File) -> io::Result<Identity> {
    Ok(Identity)
}
