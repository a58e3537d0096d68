//! The targets of `tests/fuzz`: what this crate reads that others may have written, and what must hold whatever the bytes are.
//!
//! They are compiled for fuzzing, and for the tests of this crate, which run them over the corpora that are committed.

/// A target: it panics if something does not hold.
type Target = fn(&[u8]);

/// The targets by the names of their corpora.
const TARGETS: [(&str, Target); 8] = [
    ("spool", crate::delivery::fuzz_spool),
    ("counted", crate::delivery::fuzz_counted),
    ("consent", crate::consent::fuzz),
    ("released", crate::export::fuzz),
    ("package_json", package_json),
    ("version", version),
    ("retry_after", crate::sink::http::fuzz_retry_after),
    ("answer", crate::sink::http::fuzz_answer),
];

/// Runs the target with this name.
pub fn run(target: &str, bytes: &[u8]) {
    let found = TARGETS.iter().find(|(name, _)| *name == target);
    assert!(found.is_some(), "there is no target {target}");
    found.into_iter().for_each(|(_, run)| run(bytes));
}

/// The parts of an input that consists of several files.
fn parts<const N: usize>(bytes: &[u8]) -> [&[u8]; N] {
    const SEPARATOR: &[u8] = b"\n%%\n";
    let mut rest = Some(bytes);
    std::array::from_fn(|_| {
        let all = rest.take().unwrap_or_default();
        match all.windows(SEPARATOR.len()).position(|window| window == SEPARATOR) {
            Some(at) => {
                rest = all.get(at + SEPARATOR.len()..);
                all.get(..at).unwrap_or_default()
            }
            None => all,
        }
    })
}

/// A package.json, that of an installed package, and the user agent of npm.
fn package_json(bytes: &[u8]) {
    let [manifest, installed, user_agent] = parts(bytes);
    crate::context::fuzz(manifest, installed, user_agent);
}

/// A version has one to three parts, and as text it is the same version.
fn version(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let Some(version) = crate::snapshot::Version::parse(text) else { return };
    let parts: Vec<String> = version.parts().iter().map(u16::to_string).collect();
    assert!((1..=3).contains(&parts.len()));
    assert_eq!(crate::snapshot::Version::parse(&parts.join(".")), Some(version));
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_targets_hold_over_their_corpora() {
        for (name, run) in TARGETS {
            let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fuzz/corpus").join(name);
            let files: Vec<_> = std::fs::read_dir(&corpus).unwrap().map(|file| file.unwrap().path()).collect();
            assert!(!files.is_empty(), "{name} has no corpus");
            for file in files {
                run(&std::fs::read(file).unwrap());
            }
        }
    }

    #[test]
    fn the_parts_of_an_input_are_separated_by_a_line() {
        assert_eq!(parts(b"one\n%%\ntwo\n%%\n"), [&b"one"[..], b"two", b"", b""]);
        assert_eq!(parts(b"a\n%%\nb\n%%\nc"), [&b"a"[..], b"b"]);
    }
}
