//! The versions of the dependencies that the compiler was given.
//!
//! They need not be those of the lock file: `cargo install` without `--locked` does not use it. For each dependency, the compiler is told the
//! path of the compiled library. Beside the library lies a list of its source files. Those of a published package are in a directory that
//! is named after its version. Otherwise the manifest above them tells the version.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use semver::Version;

use super::manifest::{Manifest, PackageVersion};

/// The arguments of the compiler, and a way to read files.
pub(crate) struct Built<'a> {
    pub(crate) arguments: &'a [String],
    pub(crate) text: &'a dyn Fn(&Path) -> Option<String>,
}

impl Built<'_> {
    /// Whether the compiler was given this version of the package, as far as that can be seen.
    pub(crate) fn is(&self, package: &str, version: &Version) -> bool {
        let is_named_after = |library: &&Path| {
            let start = format!("lib{}-", package.replace('-', "_"));
            library.file_stem().and_then(OsStr::to_str).is_some_and(|name| name.starts_with(&start))
        };
        // The name of a library can differ from that of its package.
        let (named, others): (Vec<&Path>, Vec<&Path>) = self.libraries().partition(is_named_after);
        named
            .into_iter()
            .chain(others)
            .any(|library| self.version(library, package).is_some_and(|found| found == *version))
    }

    fn libraries(&self) -> impl Iterator<Item = &Path> {
        self.arguments.iter().filter_map(|argument| Some(Path::new(argument.split_once('=')?.1)))
    }

    /// The version of a library, if it is this package.
    fn version(&self, library: &Path, package: &str) -> Option<Version> {
        let name = library.file_stem()?.to_str()?.strip_prefix("lib").filter(|_| library.extension().is_some())?;
        let list = (self.text)(&library.with_file_name(format!("{name}.d")))?;
        let sources = sources(&list);
        let of_directory = sources.iter().find_map(|source| version_in_path(source, package));
        of_directory.or_else(|| sources.iter().find_map(|source| self.version_in_manifest(source, package)))
    }

    /// The version in the manifest of the package that a source file belongs to, if it is this package.
    fn version_in_manifest(&self, source: &Path, package: &str) -> Option<Version> {
        let mut manifests = source.ancestors().skip(1).filter_map(|directory| {
            let text = (self.text)(&directory.join("Cargo.toml"))?;
            Manifest::parse(&text)
        });
        let own = manifests.find(|manifest| manifest.package.is_some())?;
        match own.version.filter(|_| own.package.as_deref() == Some(package))? {
            PackageVersion::Own(version) => Version::parse(&version).ok(),
            PackageVersion::OfWorkspace => {
                let inherited = own.workspace.or_else(|| manifests.find_map(|manifest| manifest.workspace));
                Version::parse(&inherited?.version?).ok()
            }
        }
    }
}

/// The paths in a list of source files, in which a backslash stands before a space of a path.
fn sources(list: &str) -> Vec<PathBuf> {
    const SPACE: &str = "\0";
    let list = list.replace("\\ ", SPACE);
    let paths = list.split_ascii_whitespace().filter(|path| !path.ends_with(':'));
    paths.map(|path| PathBuf::from(path.replace(SPACE, " "))).collect()
}

/// The version in the name of a directory, `<package>-<version>`.
fn version_in_path(source: &Path, package: &str) -> Option<Version> {
    let of_directory = |part: &OsStr| Version::parse(part.to_str()?.strip_prefix(package)?.strip_prefix('-')?).ok();
    source.parent()?.iter().rev().find_map(of_directory)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_built(argument: &str, files: &[(&str, &str)]) -> bool {
        let arguments = ["rustc".to_owned(), "--extern".to_owned(), argument.to_owned()];
        let text =
            |path: &Path| files.iter().find(|(name, _)| Path::new(name) == path).map(|(_, text)| (*text).to_owned());
        Built { arguments: &arguments, text: &text }.is("axum", &Version::new(0, 8, 4))
    }

    const LIBRARY: &str = "axum=/t/deps/libaxum-0a1b.rmeta";
    const LIST: &str = "/t/deps/axum-0a1b.d";

    #[test]
    fn the_directory_of_the_sources_tells_the_version() {
        for directory in ["/r", "/home/a\\ b/r"] {
            let is_built = |argument, version| {
                let sources = format!("{directory}/axum-{version}/src/lib.rs {directory}/axum-{version}/src/a.rs");
                is_built(argument, &[(LIST, &format!("/t/deps/libaxum-0a1b.rmeta: {sources}\n"))])
            };
            for argument in [LIBRARY, "priv:web=/t/deps/libaxum-0a1b.rlib"] {
                assert!(is_built(argument, "0.8.4"), "{argument} {directory}");
                assert!(!is_built(argument, "0.8.5") && !is_built(argument, "0.9.0-rc.1"), "{argument} {directory}");
            }
        }
    }

    /// A git repository, and packages that `cargo vendor` has put into directories without a version.
    #[test]
    fn otherwise_the_manifest_above_the_sources_tells_the_version() {
        let list = (LIST, "/t/deps/libaxum-0a1b.rmeta: /t/out/generated.rs /v/axum/src/lib.rs\n");
        let is_built = |manifests: &[(&str, &str)]| is_built(LIBRARY, &[&[list][..], manifests].concat());
        for (version, expected) in [("0.8.4", true), ("0.8.5", false)] {
            let own = format!("package = {{ name = 'axum', version = '{version}' }}");
            assert_eq!(is_built(&[("/v/axum/Cargo.toml", &own)]), expected, "{version}");
            let own = "package = { name = 'axum', version.workspace = true }";
            let above = format!("workspace.package.version = '{version}'");
            assert_eq!(is_built(&[("/v/axum/Cargo.toml", own), ("/v/Cargo.toml", &above)]), expected, "{version}");
            let both = format!("{own}\n{above}");
            assert_eq!(is_built(&[("/v/axum/Cargo.toml", &both)]), expected, "{version}");
        }
        assert!(!is_built(&[("/v/axum/Cargo.toml", "package = { name = 'other', version = '0.8.4' }")]));
        assert!(!is_built(&[("/v/axum/Cargo.toml", "package = { name = 'axum' }")]));
        assert!(!is_built(&[]));
    }

    #[test]
    fn the_library_may_have_a_name_of_its_own() {
        assert!(is_built("web=/t/deps/libweb-0a1b.rmeta", &[("/t/deps/web-0a1b.d", "x: /r/axum-0.8.4/src/lib.rs\n")]));
    }

    #[test]
    fn a_version_that_cannot_be_seen_was_not_built() {
        for (argument, list) in [
            (LIBRARY, "/t/deps/libaxum-0a1b.rmeta: axum/src/lib.rs"),
            ("axum=/t/deps/libaxum-ffff.rmeta", "/r/axum-0.8.4/src/lib.rs"),
            ("axum", "/r/axum-0.8.4/src/lib.rs"),
            (LIBRARY, ""),
        ] {
            assert!(!is_built(argument, &[(LIST, list)]), "{argument} {list}");
        }
    }
}
