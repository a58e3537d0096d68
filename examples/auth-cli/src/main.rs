//! A command line that writes and migrates the database schema of an authentication library, and publishes the outcome.
//!
//! ```text
//! cd examples/auth-cli
//! cargo run -- generate
//! cargo run -- migrate
//! cargo run -- telemetry status
//! cargo run -- telemetry preview
//! ```
//!
//! It reads `auth.toml`, whose secrets are made up. It sends nothing without consent (`BETTER_AUTH_TELEMETRY=1` or
//! `telemetry enable`) and a receiver (`BETTER_AUTH_TELEMETRY_ENDPOINT`).

mod arguments;
mod config;
mod database;
mod failure;
mod generate;
mod migrate;
mod plan;
mod prompt;
mod reporting;
mod schema;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use arguments::{Arguments, Command, USAGE};
use config::Configuration;
use failure::Failure;

const CONFIG: &str = "auth.toml";

fn main() -> ExitCode {
    // This program ends before a request would, so another process of the same executable sends the events it stored.
    telemetry::run_uploader();
    let arguments = std::env::args_os().skip(1);
    match Arguments::parse(arguments).map_err(Failure::from).and_then(run) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("auth-cli: {failure}");
            ExitCode::from(if matches!(failure, Failure::Usage(_)) { 2 } else { 1 })
        }
    }
}

fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let Arguments { config, command } = arguments;
    Ok(match command {
        Command::Help => {
            print!("{USAGE}");
            ExitCode::SUCCESS
        }
        Command::Generate(command) => {
            let configuration = needed(config)?;
            let outcome = generate::run(&command, &configuration.options)?;
            reporting::generate(&configuration, outcome)
        }
        Command::Migrate { yes } => {
            let configuration = needed(config)?;
            let outcome = migrate::run(&configuration, yes)?;
            reporting::migrate(&configuration, outcome)
        }
        Command::Telemetry(command) => reporting::telemetry(command, &if_there(config)?),
    })
}

fn needed(config: Option<PathBuf>) -> Result<Configuration, Failure> {
    Ok(Configuration::read(&config.unwrap_or_else(|| CONFIG.into()))?)
}

/// Without `--config` a missing file is allowed, so that a user can say no before there is one.
fn if_there(config: Option<PathBuf>) -> Result<Configuration, Failure> {
    match config {
        None if !Path::new(CONFIG).exists() => Ok(Configuration::default()),
        config => needed(config),
    }
}
