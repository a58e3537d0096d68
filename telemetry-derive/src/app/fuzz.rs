//! The target `manifest` of `tests/fuzz`: whatever the files of a package are, what is written holds names of the tables only.
//!
//! It is compiled for fuzzing, and for the tests of this crate, which run it over the corpus that is committed.

use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use telemetry_spec::packages;

use super::platform;
use super::{Files, Found, Package, stack};

/// The parts of an input are the manifest, that of the workspace above it, and the lock file.
pub(crate) fn manifest(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let mut parts = text.split("\n%%\n");
    let files = ["/w/app/Cargo.toml", "/w/Cargo.toml", "/w/Cargo.lock"].map(|path| (path, parts.next()));
    let read = |path: &Path| {
        let file = files.iter().find(|(name, _)| Path::new(name) == path);
        file.and_then(|(_, text)| *text).map(str::to_owned)
    };
    let package = Package { name: "app".to_owned(), version: "1.2.3".to_owned(), directory: "/w/app".into() };
    let stack = stack(&package, &Files::new(&read), &|_, _| true).unwrap_or_default();
    for Found { name, condition, .. } in stack.frameworks.iter().chain(&stack.databases) {
        condition.iter().for_each(|condition| check(name, condition));
    }
    let version = text.split(['\n', '"', '\'']).filter_map(|part| semver::Version::parse(part).ok());
    version.for_each(|version| {
        assert!(super::numbers(&version).is_none_or(|[major, ..]| u64::from(major) == version.major))
    });
}

/// Each text in a condition is the name of the package, or a value that the options of `cfg!` have.
fn check(name: &str, condition: &TokenStream) {
    for token in condition.clone() {
        match token {
            TokenTree::Group(group) => check(name, &group.stream()),
            TokenTree::Literal(literal) => {
                let literal = literal.to_string();
                let text = literal.trim_matches('"');
                let is_package = text == name
                    && packages::CRATE_FRAMEWORKS.iter().chain(&packages::CRATE_DATABASES).any(|known| *known == text);
                assert!(is_package || platform::is_value(text), "{literal}");
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    #[test]
    fn the_target_holds_over_its_corpus() {
        let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fuzz/corpus/manifest");
        let files: Vec<_> = fs::read_dir(corpus).unwrap().map(|file| file.unwrap().path()).collect();
        assert!(!files.is_empty());
        files.iter().for_each(|file| super::manifest(&fs::read(file).unwrap()));
    }
}
