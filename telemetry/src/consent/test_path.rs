//! Recognizes the paths where cargo and rustdoc put the tests they run, by their shape alone.

use std::ffi::OsStr;
use std::path::Path;

/// Whether this may be the path of a test.
pub(crate) fn is_test(path: &Path) -> bool {
    is_named_as_test(path) || is_beyond_doubt(path)
}

/// `<any>/deps/<name>-<hash>`, cargo's naming of a test, or `<any>/examples/<name>-<hash>`, that of the tests of an example; `cargo run` starts
/// an example by its name alone. Other files may have such a name too, but not in a build directory.
pub(crate) fn is_named_as_test(path: &Path) -> bool {
    let is_in = |directory| above(path, 1) == Some(OsStr::new(directory));
    (is_in("deps") || is_in("examples")) && hash(path).is_some()
}

/// Whether this is certainly the path of a test.
pub(crate) fn is_beyond_doubt(path: &Path) -> bool {
    is_in_unit(path) || is_doctest(path)
}

/// `<any>/<hash>/out/<name>-<hash>`, cargo's naming of a test in the layout that will replace `deps` (unstable in cargo 1.97 as
/// `build-dir-new-layout`).
fn is_in_unit(path: &Path) -> bool {
    let unit = above(path, 2).map(OsStr::as_encoded_bytes);
    above(path, 1) == Some(OsStr::new("out")) && hash(path).is_some_and(|hash| unit == Some(hash))
}

/// `<any>/rustdoctest<any>/rust_out`, rustdoc's naming of a doctest.
fn is_doctest(path: &Path) -> bool {
    above(path, 1).is_some_and(|name| name.as_encoded_bytes().starts_with(b"rustdoctest"))
        && file(path) == Some(b"rust_out")
}

/// The name of the ancestor directory this many levels up.
fn above(path: &Path, levels: usize) -> Option<&OsStr> {
    path.ancestors().nth(levels)?.file_name()
}

/// The 16 hexadecimal digits at the end of `<name>-<hash>`.
fn hash(path: &Path) -> Option<&[u8]> {
    let (name, hash) = file(path)?.split_last_chunk::<16>()?;
    let is_hash = name.len() > 1 && name.ends_with(b"-") && hash.iter().all(u8::is_ascii_hexdigit);
    is_hash.then_some(hash)
}

/// The file name, without the extension that Windows adds.
fn file(path: &Path) -> Option<&[u8]> {
    let name = path.file_name()?.as_encoded_bytes();
    Some(name.strip_suffix(b".exe").unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_tests_of_cargo() {
        for path in [
            "/home/a/acme/target/debug/deps/acme-0123456789abcdef",
            "/cache/elsewhere/release/deps/acme_cli-ABCDEF0123456789",
            "C:/acme/target/debug/deps/acme-0123456789abcdef.exe",
            "deps/a-b-0123456789abcdef",
            "/target/debug/examples/acme-0123456789abcdef",
        ] {
            assert!(is_named_as_test(Path::new(path)) && is_test(Path::new(path)), "{path}");
        }
        for path in [
            "",
            "/",
            "deps",
            "acme-0123456789abcdef",
            "/usr/bin/acme",
            "/target/debug/acme",
            "/target/debug/acme-0123456789abcdef",
            "/target/debug/deps/acme",
            "/target/debug/deps/acme-0123456789abcde",
            "/target/debug/deps/acme-0123456789abcdef0",
            "/target/debug/deps/acme-0123456789abcdeg",
            "/target/debug/deps/acme_0123456789abcdef",
            "/target/debug/deps/-0123456789abcdef",
            "/target/debug/deps/0123456789abcdef",
            "/target/debug/deps/acme-0123456789abcdef/acme",
            "/target/debug/my-deps/acme-0123456789abcdef",
            "/target/debug/examples/acme",
            "/target/debug/my-examples/acme-0123456789abcdef",
        ] {
            assert!(!is_test(Path::new(path)), "{path}");
        }
    }

    #[test]
    fn knows_the_layout_to_come() {
        for path in [
            "/target/debug/build/acme/0123456789abcdef/out/acme-0123456789abcdef",
            "/0123456789abcdef/out/a-0123456789abcdef.exe",
        ] {
            assert!(is_beyond_doubt(Path::new(path)) && is_test(Path::new(path)), "{path}");
        }
        for path in [
            "/short/out/acme",
            "/0123456789abcdef/out/acme",
            "/0123456789abcdef/in/acme-0123456789abcdef",
            "/0123456789abcdef/out/acme-fedcba9876543210",
            "/0123456789abcdef0/out/acme-0123456789abcdef",
            "out/acme-0123456789abcdef",
        ] {
            assert!(!is_test(Path::new(path)), "{path}");
        }
    }

    #[test]
    fn knows_the_tests_of_rustdoc() {
        for path in ["/tmp/rustdoctestAb12Cd/rust_out", "C:/T/rustdoctestX/rust_out.exe", "rustdoctest/rust_out"] {
            assert!(is_doctest(Path::new(path)) && is_test(Path::new(path)), "{path}");
        }
        for path in ["rust_out", "/tmp/rust_out", "/tmp/a-rustdoctest/rust_out", "/tmp/rustdoctestX/rust_out2"] {
            assert!(!is_test(Path::new(path)), "{path}");
        }
    }
}
