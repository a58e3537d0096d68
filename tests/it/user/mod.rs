//! What the user of an application can do, as a person does it: the commands, the first run, and the report of a service.

// Symbols, read by nm.
#[cfg(target_os = "linux")]
mod absent;
mod advice;
mod commands;
mod deletion;
mod first_run;
// Modes of files, links and named pipes.
#[cfg(unix)]
mod kept;
// Links, and namespaces.
#[cfg(target_os = "linux")]
mod places;
mod report;

use std::process::{Command, Stdio};

use crate::home::{Home, Result};

/// How a command ended, and what it wrote.
#[derive(Debug, PartialEq, Eq)]
struct End {
    code: i32,
    out: String,
    err: String,
}

/// Types `acme telemetry …`.
fn types(home: &Home, arguments: &str) -> Command {
    home.child(&format!("user {arguments}"))
}

fn end(command: &mut Command) -> Result<End> {
    let output = command.stdin(Stdio::null()).output()?;
    Ok(End {
        code: output.status.code().ok_or("it was killed")?,
        out: String::from_utf8(output.stdout)?,
        err: String::from_utf8(output.stderr)?,
    })
}

/// Runs a command that succeeds without a remark, and returns what it printed.
fn printed(command: &mut Command) -> Result<String> {
    let End { code, out, err } = end(command)?;
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    Ok(out)
}
