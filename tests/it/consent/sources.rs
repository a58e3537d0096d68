//! Consent takes outside input in only two files: one reads, and one asks.

use std::fs;
use std::path::{Path, PathBuf};

/// Names that give access to the environment, the disk or the system.
const OUTSIDE: [&str; 12] = [
    "env::",
    "fs::",
    "File::",
    "OpenOptions",
    "ConfigDirectory",
    "tempfile",
    "etcetera",
    "rustix",
    "process::",
    "net::",
    "include_",
    "option_env!",
];

fn sources(directory: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            sources(&path, found)?;
        } else if path.file_name().is_some_and(|name| name != "tests.rs") {
            found.push(path);
        }
    }
    Ok(())
}

/// The code of a file without its comments and its tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_environment_is_touched_in_one_file_and_the_terminal_in_another() -> std::io::Result<()> {
    let consent = Path::new(env!("CARGO_MANIFEST_DIR")).join("../telemetry/src/consent");
    let mut files = Vec::new();
    sources(&consent, &mut files)?;
    let mut outside = Vec::new();
    for file in &files {
        let code = code(&fs::read_to_string(file)?);
        if OUTSIDE.iter().any(|word| code.contains(word)) {
            outside.push(file.strip_prefix(&consent).unwrap_or(file).display().to_string());
        }
    }
    assert!(files.len() > 5, "{files:?}");
    outside.sort_unstable();
    assert_eq!(outside, ["inputs.rs", "terminal.rs"]);
    Ok(())
}
