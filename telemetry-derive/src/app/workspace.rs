//! The files of a package: its own manifest, that of its workspace's root, and the lock file beside that one.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use super::manifest::Manifest;

/// Reads files, and keeps in mind which.
pub(crate) struct Files<'a> {
    text: &'a dyn Fn(&Path) -> Option<String>,
    read: RefCell<Vec<PathBuf>>,
}

impl<'a> Files<'a> {
    pub(crate) fn new(text: &'a dyn Fn(&Path) -> Option<String>) -> Self {
        Self { text, read: RefCell::default() }
    }

    pub(crate) fn manifest(&self, directory: &Path) -> Option<Manifest> {
        Manifest::parse(&self.text(directory.join("Cargo.toml"))?)
    }

    pub(crate) fn lock(&self, root: &Path) -> Option<String> {
        self.text(root.join("Cargo.lock"))
    }

    fn text(&self, path: PathBuf) -> Option<String> {
        let text = (self.text)(&path)?;
        let mut read = self.read.borrow_mut();
        if !read.contains(&path) {
            read.push(path);
        }
        Some(text)
    }

    /// Those that there are, of all that were asked for.
    pub(crate) fn into_read(self) -> Vec<PathBuf> {
        self.read.into_inner()
    }
}

/// The root of the workspace that a package belongs to, as cargo looks for it: here and further up, the first manifest that
/// is a root, and does not exclude the package, or that names another directory as its root. A package without one is its own.
pub(crate) fn root(files: &Files<'_>, directory: &Path) -> Option<(PathBuf, Manifest)> {
    // Packages that are about to be published are built below the workspace that they come from.
    let directories = directory.ancestors().take_while(|above| !above.ends_with("target/package"));
    for above in directories {
        let Some(manifest) = files.manifest(above) else { continue };
        if let Some(root) = manifest.root.as_ref().map(|root| above.join(root)) {
            let manifest = files.manifest(&root)?;
            return Some((root, manifest));
        }
        if manifest.workspace.as_ref().is_some_and(|workspace| !workspace.excludes(above, directory)) {
            return Some((above.to_owned(), manifest));
        }
    }
    None
}
