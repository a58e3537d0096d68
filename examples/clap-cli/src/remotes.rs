//! The work: a text file with one remote a line, its name before its address.

use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use telemetry::TelemetrySnapshot;

use crate::cli::{Add, Cli, Command, Remote};

#[derive(Clone, Copy, TelemetrySnapshot)]
#[telemetry(rename_all = "snake_case")]
pub(crate) enum Outcome {
    Changed,
    Unchanged,
    NotFound,
    AddressInvalid,
    FileUnusable,
}

pub(crate) fn run(cli: &Cli) -> io::Result<Outcome> {
    let file = cli.file.as_deref().unwrap_or(Path::new("remotes.txt"));
    let text = match std::fs::read_to_string(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        text => text?,
    };
    let mut remotes: Vec<&str> = text.lines().collect();
    let added;
    match &cli.command {
        Command::Remote(Remote::Add(Add { address, .. })) if !address.starts_with("https://") => {
            return Ok(Outcome::AddressInvalid);
        }
        Command::Remote(Remote::Add(Add { name, address, first })) => {
            added = format!("{name} {address}");
            remotes.insert(if *first { 0 } else { remotes.len() }, &added);
        }
        Command::Remote(Remote::Remove { name, if_exists }) => {
            remotes.retain(|remote| remote.split(' ').next() != Some(name));
            if remotes.len() == text.lines().count() && !if_exists {
                return Ok(Outcome::NotFound);
            }
        }
        Command::Remote(Remote::List { filter }) => {
            let is_shown = |remote: &&&str| filter.as_ref().is_none_or(|filter| remote.contains(filter));
            let lines: String = remotes.iter().filter(is_shown).map(|remote| format!("{remote}\n")).collect();
            io::stdout().write_all(lines.as_bytes())?;
        }
        Command::Check if remotes.is_empty() => return Ok(Outcome::NotFound),
        Command::Check | Command::Telemetry(_) => {}
    }
    let after: String = remotes.iter().map(|remote| format!("{remote}\n")).collect();
    if after == text {
        return Ok(Outcome::Unchanged);
    }
    std::fs::write(file, after).map(|()| Outcome::Changed)
}
