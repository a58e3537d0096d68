//! What telemetry would send for configurations of Better Auth: one JSON object per line on standard input gives one on standard
//! output.
//!
//! ```text
//! echo '{"options":{"secret":"hunter2","plugins":[{"id":"two-factor"}]},"context":{"database":"sqlite"}}' |
//!     cargo run --example auth_snapshot
//! cargo run --example auth_snapshot -- --schema
//! cargo run --example auth_snapshot -- --disclosure
//! ```
//!
//! examples/auth/mod.rs describes how functions and dates are written. A line that cannot be read is reported with its number and
//! the path in the options; the other lines are still printed, and the exit code is 1.

use std::io::{self, BufRead as _, Write as _};
use std::process::ExitCode;

use telemetry::auth::{self, Config};
use telemetry::{Snapshot, TelemetrySnapshot as _};
use telemetry_examples::auth::{DecodeError, decode};

fn main() -> ExitCode {
    let argument = std::env::args().nth(1);
    let printed = match argument.as_deref() {
        None => snapshots(),
        Some("--schema") => print(&format!("{:#}\n", Config::SCHEMA.to_json_schema())),
        Some("--disclosure") => print(&auth::disclosure().to_markdown()),
        Some(_) => {
            eprintln!("usage: auth_snapshot [--schema | --disclosure]");
            return ExitCode::from(2);
        }
    };
    printed.unwrap_or_else(|error| {
        eprintln!("{error}");
        ExitCode::FAILURE
    })
}

fn print(text: &str) -> io::Result<ExitCode> {
    io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn snapshots() -> io::Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for (index, line) in io::stdin().lock().split(b'\n').enumerate() {
        match snapshot(&line?) {
            Ok(snapshot) => writeln!(io::stdout(), "{}", snapshot.as_json())?,
            Err(error) => {
                eprintln!("line {}: {error}", index + 1);
                code = ExitCode::FAILURE;
            }
        }
    }
    Ok(code)
}

#[derive(Debug, thiserror::Error)]
enum LineError {
    #[error("this is not UTF-8")]
    NotText(#[from] std::str::Utf8Error),
    #[error(transparent)]
    Unfit(#[from] DecodeError),
    #[error(transparent)]
    TooLarge(#[from] telemetry::snapshot::RecordError),
}

fn snapshot(line: &[u8]) -> Result<Snapshot, LineError> {
    let written = decode(str::from_utf8(line)?)?;
    Ok(Snapshot::of(&written.config())?)
}
