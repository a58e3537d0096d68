//! What the compiler says about each mistake: `tests/ui/<topic>/<mistake>.rs`, and the message beside it.
//! Mistakes that show only where a generic type is used are in `tests/built.rs`.

mod lengths;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The compiler whose messages stand in tests/ui. It is raised together with them, by `TRYBUILD=overwrite`.
const COMPILER: &str = "1.95";

#[test]
fn messages() {
    if let Some(reason) = reason_to_skip(&compiler(), files("rs").len()) {
        // Past the capture of the test's output, so that it is seen in a run that passes.
        writeln!(io::stderr(), "{reason}").unwrap();
        return;
    }
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/*/*.rs");
}

/// What `rustc --version` says.
fn compiler() -> String {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    String::from_utf8(Command::new(rustc).arg("--version").output().unwrap().stdout).unwrap()
}

/// Another compiler words its messages in another way.
fn reason_to_skip(compiler: &str, programs: usize) -> Option<String> {
    let version = compiler.split(' ').nth(1).unwrap_or("unknown");
    let is_same = version.strip_prefix(COMPILER).is_some_and(|patch| patch.starts_with('.') && !patch.contains('-'));
    (!is_same).then(|| {
        format!("skipped {programs} programs in tests/ui: their messages are those of rustc {COMPILER}, and this is {version}")
    })
}

#[test]
fn only_the_compiler_of_the_messages_is_not_a_reason_to_skip() {
    assert_eq!(reason_to_skip("rustc 1.95.0 (59807616e 2026-04-14)\n", 300), None);
    assert_eq!(reason_to_skip("rustc 1.95.1 (59807616e 2026-04-14)\n", 300), None);
    for (compiler, version) in [
        ("rustc 1.89.0 (29483883e 2025-08-04)\n", "1.89.0"),
        ("rustc 1.95.0-beta.2 (29483883e 2026-03-04)\n", "1.95.0-beta.2"),
        ("rustc 1.950.0 (29483883e 2125-08-04)\n", "1.950.0"),
        ("", "unknown"),
    ] {
        let expected =
            format!("skipped 300 programs in tests/ui: their messages are those of rustc 1.95, and this is {version}");
        assert_eq!(reason_to_skip(compiler, 300), Some(expected), "{compiler}");
    }
}

/// The test itself, run with a compiler that says that it is an older one.
#[cfg(unix)]
#[test]
fn a_run_that_skips_programs_says_so_although_it_passes() {
    use std::os::unix::fs::PermissionsExt;

    let directory = tempfile::tempdir().unwrap();
    let rustc = directory.path().join("rustc");
    fs::write(&rustc, "#!/bin/sh\necho 'rustc 1.89.0 (29483883e 2025-08-04)'\n").unwrap();
    fs::set_permissions(&rustc, fs::Permissions::from_mode(0o755)).unwrap();
    let mut run = Command::new(env::current_exe().unwrap());
    let output = run.args(["--exact", "ui::messages"]).env("RUSTC", rustc).output().unwrap();
    let (programs, stderr) = (files("rs").len(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{stderr}");
    assert!(stderr.contains(&format!("skipped {programs} programs in tests/ui: ")), "{stderr}");
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
            // The name of this trait is the advice.
            let line = line.replace("telemetry::__private::DeriveOnlyOnce", "");
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
