//! Attacks on the guarantee: the data sent matches schema, page, hash and bits, whatever an author writes.

mod by_hand;
mod caught;
mod dropped;
mod exact;
// Pseudo-terminals.
#[cfg(unix)]
mod files;
mod host;
mod overrides;
mod page;
mod recursion;
mod schemas;

use std::process::Command;

/// Whether this process runs one test alone, with only an empty home in its environment. If not, the test is run in such a
/// process, and the caller has nothing left to do.
fn is_alone(test: &str) -> bool {
    const ALONE: &str = "SEAL_ALONE";
    if std::env::var_os(ALONE).is_some() {
        return true;
    }
    let home = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env_clear()
        .env("HOME", home.path())
        .env(ALONE, "1")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    false
}
