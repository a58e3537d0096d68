//! What the compiler says about each mistake: `tests/ui/<topic>/<mistake>.rs`, and the message beside it.
//! What only shows where a generic type is used is in `tests/built.rs`.

use std::fs;
use std::path::{Path, PathBuf};

/// The messages are those of one compiler; it is raised together with them, by `TRYBUILD=overwrite`.
#[rustversion::attr(not(stable(1.95)), ignore = "the messages in tests/ui are those of rustc 1.95")]
#[test]
fn messages() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/*/*.rs");
}

/// A program without its message would pass whatever it says, and a message without its program says nothing.
#[test]
fn each_mistake_has_its_message() {
    let (mistakes, messages) = (files("rs"), files("stderr"));
    assert!(mistakes.len() > 300, "only {} mistakes were found", mistakes.len());
    for mistake in &mistakes {
        assert!(messages.contains(&mistake.with_extension("stderr")), "{} has no message", mistake.display());
    }
    for message in &messages {
        assert!(mistakes.contains(&message.with_extension("rs")), "{} has no program", message.display());
    }
}

/// A file that shows how several mistakes are told together has a name that ends in `_several`.
#[test]
fn a_mistake_gives_one_error() {
    for message in files("stderr") {
        let errors = fs::read_to_string(&message).unwrap().lines().filter(|line| line.starts_with("error")).count();
        let several = message.file_stem().unwrap().to_string_lossy().ends_with("_several");
        assert!(if several { errors > 1 } else { errors == 1 }, "{} has {errors} errors", message.display());
    }
}

/// What is wrong is an attribute or a type of the author: nothing is said about the code that the derive wrote.
#[test]
fn no_error_is_about_generated_code() {
    for message in files("stderr") {
        let text = fs::read_to_string(&message).unwrap();
        for line in text.lines().filter(|line| line.starts_with("error") || line.starts_with("warning")) {
            let foreign = line.contains("__") || line.contains("serde_core");
            assert!(!foreign, "{}: {line}", message.display());
        }
    }
}

fn files(extension: &str) -> Vec<PathBuf> {
    let topics = entries(Path::new(env!("CARGO_MANIFEST_DIR")).join("ui"));
    topics.flat_map(entries).filter(|path| path.extension().is_some_and(|found| found == extension)).collect()
}

fn entries(directory: PathBuf) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path())
}
