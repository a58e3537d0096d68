//! Tests that run in a process of their own, since clients obey its environment.

use std::process::Command;

const CHILD: &str = "COLLECTOR_TEST_DEMO";

/// Runs a test with an environment that has nothing but a home, and tells what it left there.
pub(super) fn run(test: &str) -> usize {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]).env_clear().env(CHILD, "1").env("HOME", home.path());
    if let Some(engine) = std::env::var_os("COLLECTOR_TEST_CLICKHOUSE") {
        command.env("COLLECTOR_TEST_CLICKHOUSE", engine);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
    std::fs::read_dir(home.path()).unwrap().count()
}

/// Whether this is such a process.
pub(super) fn is_one() -> bool {
    std::env::var_os(CHILD).is_some()
}
