//! The data that leaves the process, and the counts of the rest.

#[cfg(target_os = "linux")]
mod backlog;
#[cfg(target_os = "linux")]
mod caller;
#[cfg(unix)]
mod connections;
#[cfg(unix)]
mod context;
#[cfg(unix)]
mod crash;
#[cfg(unix)]
mod diagnostics;
#[cfg(unix)]
mod disk;
#[cfg(unix)]
mod ends;
#[cfg(unix)]
mod faults;
#[cfg(unix)]
mod forks;
#[cfg(target_os = "linux")]
mod host;
#[cfg(unix)]
mod ids;
#[cfg(unix)]
mod limits;
#[cfg(target_os = "linux")]
mod locks;
#[cfg(unix)]
mod panics;
#[cfg(unix)]
mod runtimes;
#[cfg(unix)]
mod tls;
#[cfg(unix)]
mod upload;
#[cfg(unix)]
mod view;
#[cfg(unix)]
mod wire;

#[cfg(unix)]
use std::process::Command;

#[cfg(unix)]
use crate::home::{Home, Result, printed};

/// The publishing program, with consent.
#[cfg(unix)]
fn publish(home: &Home, endpoint: &str, arguments: &str) -> Command {
    home.child(&format!("publish --configured=true --endpoint={endpoint} {arguments}"))
}

/// The report that the program prints in its last line.
#[cfg(unix)]
fn report(command: &mut Command) -> Result<serde_json::Value> {
    let text = printed(command)?;
    let last = text.lines().last().unwrap_or_default();
    serde_json::from_str(last).map_err(|_| text.clone().into())
}
