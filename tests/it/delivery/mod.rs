//! The data that leaves the process, and the counts of the rest.

// System calls, delayed by strace.
#[cfg(target_os = "linux")]
mod backlog;
mod batches;
// System calls, counted by strace.
#[cfg(target_os = "linux")]
mod caller;
// Connections that are reset.
#[cfg(unix)]
mod connections;
mod context;
// Other times, by `LD_PRELOAD`.
#[cfg(target_os = "linux")]
mod counted;
mod crash;
mod diagnostics;
// Modes and owners of files, links, limits of processes.
#[cfg(unix)]
mod disk;
mod ends;
mod faults;
mod heartbeats;
// `fork`.
#[cfg(unix)]
mod forks;
// Signals, and limits of processes.
#[cfg(target_os = "linux")]
mod host;
mod ids;
mod limits;
// Locks that fail, by `LD_PRELOAD`.
#[cfg(target_os = "linux")]
mod locks;
mod otlp;
mod panics;
mod posthog;
mod runtimes;
// `rustls`, a dependency of these tests on Unix only.
#[cfg(unix)]
mod tls;
// Descriptors, and the processes in `/proc`.
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
