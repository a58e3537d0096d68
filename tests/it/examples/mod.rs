//! The programs in examples/, run as a person runs them.

mod auth_cli;
mod auth_events;
mod auth_snapshot;
mod axum_server;
mod clap_cli;
mod first_run;
mod quickstart;

use std::path::PathBuf;
use std::process::Command;

use crate::home::Result;

/// Builds an example and returns its path.
pub(crate) fn build(name: &str) -> Result<PathBuf> {
    built(name, &["--package", "telemetry-examples", "--example", name])
}

/// Builds an example that is a separate package.
fn build_package(name: &str) -> Result<PathBuf> {
    built(name, &["--package", &format!("telemetry-example-{name}")])
}

fn built(name: &str, which: &[&str]) -> Result<PathBuf> {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--message-format", "json"])
        .args(which)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()?;
    let messages = String::from_utf8(output.stdout)?;
    for message in messages.lines() {
        let message: serde_json::Value = serde_json::from_str(message)?;
        if message["target"]["name"] == name && message["executable"].is_string() {
            return Ok(message["executable"].as_str().unwrap_or_default().into());
        }
    }
    Err(format!("{name} was not built: {}", String::from_utf8_lossy(&output.stderr)).into())
}
