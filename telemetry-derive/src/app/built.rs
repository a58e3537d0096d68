//! The versions that the compiler was given, as far as they can be seen.
//!
//! `cargo install` without `--locked` does not use the lock file. For each dependency, the compiler is told the path of the compiled library.
//! Beside it lies the list of its source files, and the directory of a published package is named after its version.

use std::path::{Path, PathBuf};

use semver::Version;

/// The arguments of the compiler, and a way to read files.
pub(crate) struct Built<'a> {
    pub(crate) arguments: &'a [String],
    pub(crate) text: &'a dyn Fn(&Path) -> Option<String>,
}

impl Built<'_> {
    /// Whether the package was built in other versions, and not in this one.
    pub(crate) fn is_another(&self, package: &str, version: &Version) -> bool {
        let found: Vec<Version> = self.lists(package).flat_map(|list| versions(&list, package)).collect();
        !found.is_empty() && !found.contains(version)
    }

    /// The lists of source files of the libraries that may be this package.
    fn lists(&self, package: &str) -> impl Iterator<Item = String> {
        let start = format!("lib{}-", package.replace('-', "_"));
        let libraries =
            self.arguments.iter().filter_map(|argument| argument.split_once('=')).map(|(_, path)| Path::new(path));
        libraries.filter_map(move |library| {
            let name = library.file_stem()?.to_str()?.strip_prefix("lib").filter(|_| library.extension().is_some())?;
            let list = library.with_file_name(format!("{name}.d"));
            format!("lib{name}").starts_with(&start).then(|| (self.text)(&list)).flatten()
        })
    }
}

/// The versions in directories that are named `<package>-<version>`.
fn versions(list: &str, package: &str) -> Vec<Version> {
    let of_directory =
        |part: &std::ffi::OsStr| Version::parse(part.to_str()?.strip_prefix(package)?.strip_prefix('-')?).ok();
    let paths = list.split([' ', '\n']).map(PathBuf::from);
    paths.filter_map(|path| path.parent()?.iter().rev().find_map(of_directory)).collect()
}

/// For tests in which no compiler was given anything.
#[cfg(test)]
pub(crate) const UNSEEN: Built<'static> = Built { arguments: &[], text: &|_| None };

#[cfg(test)]
mod tests {
    use super::*;

    fn is_another(argument: &str, list: &str) -> bool {
        let arguments = ["rustc".to_owned(), "--extern".to_owned(), argument.to_owned()];
        let text = |path: &Path| (path == Path::new("/t/deps/axum-0a1b.d")).then(|| list.to_owned());
        Built { arguments: &arguments, text: &text }.is_another("axum", &Version::new(0, 8, 4))
    }

    #[test]
    fn a_version_is_another_if_the_sources_say_so() {
        let of = |version: &str| {
            format!("/t/deps/libaxum-0a1b.rmeta: /r/axum-{version}/src/lib.rs /r/axum-{version}/src/a.rs\n")
        };
        for argument in ["axum=/t/deps/libaxum-0a1b.rmeta", "priv:web=/t/deps/libaxum-0a1b.rlib"] {
            assert!(is_another(argument, &of("0.8.5")) && is_another(argument, &of("0.9.0-rc.1")), "{argument}");
            assert!(!is_another(argument, &of("0.8.4")), "{argument}");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_not_another() {
        for (argument, list) in [
            ("axum=/t/deps/libaxum-0a1b.rmeta", "/t/deps/libaxum-0a1b.rmeta: axum/src/lib.rs"),
            ("axum=/t/deps/libaxum-ffff.rmeta", "/r/axum-0.8.5/src/lib.rs"),
            ("axum_core=/t/deps/libaxum_core-0a1b.rmeta", "/r/axum-0.8.5/src/lib.rs"),
            ("axum", "/r/axum-0.8.5/src/lib.rs"),
            ("axum=/t/deps/libaxum-0a1b.rmeta", ""),
        ] {
            assert!(!is_another(argument, list), "{argument} {list}");
        }
    }
}
