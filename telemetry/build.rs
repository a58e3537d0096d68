//! Tells the version of the compiler. Where it cannot be known, it is not.

use std::env;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if let Some(version) = rustc() {
        println!("cargo::rustc-env=TELEMETRY_RUSTC={version}");
    }
}

/// The second word of `rustc 1.89.0 (29483883e 2025-08-04)`, up to what is no number.
fn rustc() -> Option<String> {
    let output = Command::new(env::var_os("RUSTC")?).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let is_number = |letter: char| letter == '.' || letter.is_ascii_digit();
    let version = text.split_whitespace().nth(1)?.split(|letter| !is_number(letter)).next()?;
    Some(version.to_owned())
}
