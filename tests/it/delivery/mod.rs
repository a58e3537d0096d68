//! The data that leaves the process, and the counts of the rest.

#[cfg(target_os = "linux")]
mod backlog;
#[cfg(target_os = "linux")]
mod caller;
#[cfg(unix)]
mod connections;
mod context;
mod crash;
mod diagnostics;
#[cfg(unix)]
mod disk;
mod ends;
mod faults;
#[cfg(unix)]
mod forks;
#[cfg(target_os = "linux")]
mod host;
mod ids;
mod limits;
#[cfg(target_os = "linux")]
mod locks;
mod panics;
mod runtimes;
#[cfg(unix)]
mod tls;
#[cfg(unix)]
mod upload;
mod view;
mod wire;

use std::process::Command;

use crate::home::{Home, Result, printed};

/// The publishing program, with consent.
fn publish(home: &Home, endpoint: &str, arguments: &str) -> Command {
    home.child(&format!("publish --configured=true --endpoint={endpoint} {arguments}"))
}

/// The report that the program prints in its last line.
fn report(command: &mut Command) -> Result<serde_json::Value> {
    let text = printed(command)?;
    let last = text.lines().last().unwrap_or_default();
    serde_json::from_str(last).map_err(|_| text.clone().into())
}
