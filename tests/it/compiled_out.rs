//! With `--cfg telemetry_off` nothing is sent, no sink is kept, and `publish` compiles to nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::home::{Home, Result, printed};

/// Builds tests/compiled_out and returns the program and its assembly.
fn build() -> Result<(PathBuf, String)> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("off");
    let assembly = target.join("assembly");
    fs::create_dir_all(&assembly)?;
    let status = Command::new(env!("CARGO"))
        .args(["rustc", "--quiet", "--offline", "--release", "--package", "telemetry-compiled-out"])
        // Only the code of telemetry is looked at.
        .args(["--config", "profile.release.package.\"*\".opt-level=0", "--target-dir"])
        .arg(&target)
        .args(["--", "-Ccodegen-units=1", "--emit"])
        .arg(format!("asm={},link", assembly.join("main.s").display()))
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env("RUSTFLAGS", "--cfg telemetry_off")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()?;
    assert!(status.success());
    Ok((target.join("release/compiled-out"), fs::read_to_string(assembly.join("main.s"))?))
}

/// The instructions of the only function whose name contains this text.
fn instructions<'a>(assembly: &'a str, name: &str) -> Result<Vec<&'a str>> {
    let is_label = |line: &&str| !line.starts_with([' ', '\t', '.', '#']) && line.ends_with(':');
    let starts: Vec<usize> = assembly
        .lines()
        .enumerate()
        .filter(|(_, line)| is_label(line) && line.contains(name))
        .map(|(at, _)| at)
        .collect();
    let [start] = starts[..] else { return Err(format!("{} functions are called {name}", starts.len()).into()) };
    let body = assembly.lines().skip(start + 1).take_while(|line| !line.contains(".size") && !is_label(line));
    Ok(body.map(str::trim).filter(|line| !line.starts_with(['.', '#'])).collect())
}

#[test]
fn publish_compiles_to_nothing() -> Result {
    let (program, assembly) = build()?;
    let home = Home::new()?;
    let mut command = home.command(&program, "");
    command.env("ACME_TELEMETRY", "1").env("ACME_TELEMETRY_DEBUG", "1");
    let output = command.output()?;
    assert!(output.stderr.is_empty(), "{output:?}");
    let report: Value = serde_json::from_str(&printed(&mut command)?)?;
    let expected = json!({
        "enabled": false,
        "outcome": "Off",
        "published": 0,
        "looked_at": 0,
        "sent": 0,
        "dropped_at_once": 1,
        "reason": "compiled_out",
        "answer": "Ok(NotAsked(Denied(CompiledOut)))",
        "previews": true,
    });
    assert_eq!(report, expected);
    assert_eq!(fs::read_dir(home.path())?.count(), 0);

    let (publish, preview) = (instructions(&assembly, "publishes")?, instructions(&assembly, "previews")?);
    assert!(publish.len() <= 4 && preview.len() > 20, "{publish:?}\n{preview:?}");

    // Symbols are mangled: the length of each name stands before it. What no function of the program uses is not in it.
    let symbols = fs::read(&program)?;
    let has = |name: &str| symbols.windows(name.len()).any(|window| window == name.as_bytes());
    assert!(has("8previews"));
    for absent in ["6export8released", "7testing7schemas"] {
        assert!(!has(absent), "{absent}");
    }
    Ok(())
}
