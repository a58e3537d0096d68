//! 100 structs of 10 fields, in one that holds them all.

use std::fmt::Write;

use super::Derive;

const STRUCTS: usize = 100;

/// Each field: its name, its type, and what telemetry is told of it.
const FIELDS: [[&str; 3]; 10] = [
    ["enabled", "bool", ""],
    ["secure", "Option<bool>", "flag"],
    ["secret", "String", "presence"],
    ["callback_url", "Option<String>", "presence"],
    ["trusted_origins", "Vec<String>", ""],
    ["expires_in", "u64", "number(max = 31_536_000, unit = \"s\")"],
    ["pool_size", "u32", "bucket(2, 10, 50, 200)"],
    ["database", "String", "one_of(\"postgres\", \"mysql\", \"sqlite\")"],
    ["log_level", "Level", ""],
    ["weight", "i32", "number(min = -10, max = 100_000)"],
];

pub(super) fn files(derive: Derive) -> Vec<(String, String)> {
    vec![("lib.rs".into(), library(derive).unwrap_or_default())]
}

fn library(derive: Derive) -> Result<String, std::fmt::Error> {
    let derived = match derive {
        Derive::Nothing => "",
        Derive::Telemetry => ", telemetry::TelemetrySnapshot",
        Derive::Serde => ", serde::Serialize",
    };
    let mut text = format!(
        "#[derive(Default{derived})]\npub enum Level {{\n    #[default]\n    Debug,\n    Info,\n    Warn,\n}}\n"
    );
    // No two structs have a name in common, or the compiler would make one function of those that say the same.
    for at in 0..STRUCTS {
        writeln!(text, "\n#[derive(Default{derived})]\npub struct Part{at} {{")?;
        for [name, ty, attribute] in FIELDS {
            if derive == Derive::Telemetry && !attribute.is_empty() {
                writeln!(text, "    #[telemetry({attribute})]")?;
            }
            writeln!(text, "    pub {name}_{at}: {ty},")?;
        }
        writeln!(text, "}}")?;
    }
    writeln!(text, "\n#[derive(Default{derived})]\npub struct Root {{")?;
    for at in 0..STRUCTS {
        writeln!(text, "    pub part_{at}: Part{at},")?;
    }
    writeln!(text, "}}")?;
    Ok(text)
}
