//! The files of a package: its own manifest, the manifest of its workspace root, and the lock file next to that one.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use super::manifest::Manifest;

/// Reads files, and remembers which ones.
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

    /// The requested files that exist.
    pub(crate) fn into_read(self) -> Vec<PathBuf> {
        self.read.into_inner()
    }
}

/// The root of the workspace that a package belongs to, found as cargo finds it: the first manifest, from here upwards, that
/// is a root and does not exclude the package, or that names another directory as its root. A package without one is its own root.
pub(crate) fn root(files: &Files<'_>, directory: &Path) -> Option<(PathBuf, Manifest)> {
    // A package that is about to be published is built below the workspace that it comes from.
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
