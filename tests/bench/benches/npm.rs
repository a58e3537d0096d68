//! A snapshot of the options of Better Auth, beside the original's: the npm package `@better-auth/telemetry`, which is
//! installed into tests/bench/npm. Without node and npm it says so and measures nothing.

use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use telemetry::Snapshot;
use telemetry_bench::auth::{self, RECORDED};
use telemetry_bench::budgets;
use telemetry_bench::cost::{Cost, Way, costs};
use telemetry_bench::report;

const DIRECTORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/npm");

/// What the original is given.
#[derive(Serialize)]
struct Given {
    name: &'static str,
    options: Value,
    context: Value,
}

/// What it found, and what it cost.
#[derive(Deserialize)]
struct Found {
    name: String,
    nanoseconds: f64,
    bytes: usize,
    snapshot: Value,
}

fn main() -> ExitCode {
    if !is_here("node") || !is_here("npm") {
        println!("not measured: install node and npm, and run this again");
        return ExitCode::SUCCESS;
    }
    let written = RECORDED.map(|(title, name)| (title, auth::recorded(name)));
    let snapshots = written.each_ref().map(|(title, written)| Way::new(*title, || Snapshot::of(&written.config())));
    let ours = costs(&snapshots);
    if ours.is_empty() {
        return ExitCode::SUCCESS;
    }
    match originals() {
        Ok(originals) => print(&ours, &originals),
        Err(error) => {
            eprintln!("the original could not be measured: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn is_here(program: &str) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Installs the original where it is not installed, and lets it measure itself.
fn originals() -> io::Result<Vec<Found>> {
    if !Path::new(DIRECTORY).join("node_modules").exists() {
        let npm = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
        let status = Command::new("npm").args(npm).current_dir(DIRECTORY).status()?;
        if !status.success() {
            return Err(io::Error::other("`npm ci` failed in tests/bench/npm"));
        }
    }
    let mut node = Command::new("node")
        .arg("snapshot.mjs")
        .current_dir(DIRECTORY)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut input = node.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
    for (_, name) in RECORDED {
        let Value::Object(mut recorded) = auth::line(name) else { unreachable!("a recorded line is an object") };
        let mut part = |part| recorded.remove(part).unwrap_or_default();
        let given = Given { name, options: part("options"), context: part("context") };
        writeln!(input, "{}", serde_json::to_string(&given)?)?;
    }
    drop(input);
    let output = node.wait_with_output()?;
    if !output.status.success() {
        return Err(io::Error::other("`node snapshot.mjs` failed in tests/bench/npm"));
    }
    let lines = output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let found = lines.map(parse).collect::<io::Result<Vec<_>>>()?;
    let is_all = found.iter().map(|found| &*found.name).eq(RECORDED.map(|(_, name)| name));
    if is_all { Ok(found) } else { Err(io::Error::other("`node snapshot.mjs` left something out")) }
}

fn parse(line: &[u8]) -> io::Result<Found> {
    Ok(serde_json::from_slice(line)?)
}

fn print(ours: &[Cost], originals: &[Found]) {
    println!("\n### The options of Better Auth, beside `@better-auth/telemetry`\n");
    let ratio = |ours: &Cost, original: &Found| ours.nanoseconds / original.nanoseconds;
    let compared = || ours.iter().zip(originals);
    let row = |(ours, original): (&Cost, &Found)| {
        let recorded = auth::line(&original.name);
        assert_eq!(original.snapshot, recorded["oracle"], "the original does what was recorded of it");
        let snapshot = Snapshot::of(&auth::recorded(&original.name).config());
        vec![
            ours.name.clone(),
            report::number(ours.nanoseconds),
            snapshot.map_or(0, |snapshot| snapshot.as_json().len()).to_string(),
            report::number(original.nanoseconds),
            original.bytes.to_string(),
            format!("{:.3}x", ratio(ours, original)),
        ]
    };
    let head = ["", "ns", "bytes", "ns of the original", "its bytes", "ratio"];
    report::table(&head, &compared().map(row).collect::<Vec<_>>());
    for (ours, original) in compared() {
        report::budget(&budgets::OPTIONS_BESIDE_NPM, &ours.name, Some(ratio(ours, original)));
    }
}
