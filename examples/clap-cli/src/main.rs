//! A command line of clap that keeps a list of remotes. It tells which commands were run, with which flags, how they ended,
//! and once a day how often.
//!
//! ```text
//! cd examples/clap-cli
//! cargo run -- remote add origin https://acme.example --first
//! cargo run -- remote list
//! cargo run -- telemetry preview
//! cargo run -- telemetry status
//! ```
//!
//! Acme and its collector do not exist. The variable `ACME_ENDPOINT` names another collector.

mod cli;
mod event;
mod remotes;

use std::process::ExitCode;
use std::time::Instant;

use clap::Parser as _;

use cli::{Cli, Command};
use remotes::Outcome;

fn main() -> ExitCode {
    // This program ends before a request would, so another process of the same executable sends the events it stored.
    telemetry::run_uploader();
    let cli = Cli::parse();
    if let Command::Telemetry(command) = cli.command {
        return event::telemetry(command);
    }
    telemetry::user::first_run(&event::CONSENT, &event::QUESTION, &event::page());
    let began = Instant::now();
    let outcome = remotes::run(&cli).unwrap_or(Outcome::FileUnusable);
    let took = began.elapsed();
    match outcome {
        Outcome::Changed | Outcome::Unchanged => {}
        _ if cli.quiet => {}
        Outcome::NotFound => eprintln!("clap-cli: there is no such remote"),
        Outcome::AddressInvalid => eprintln!("clap-cli: an address begins with https://"),
        Outcome::FileUnusable => eprintln!("clap-cli: the list cannot be read, written or printed"),
    }
    event::publish(&cli, took, outcome)
}
