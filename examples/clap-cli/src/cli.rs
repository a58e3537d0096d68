//! The commands and flags. What is told of each stands beside it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use telemetry::{TelemetrySnapshot, user};

/// Keep a list of remotes.
#[derive(Parser, TelemetrySnapshot)]
pub(crate) struct Cli {
    /// The file that holds the list [default: remotes.txt].
    #[arg(long, global = true)]
    #[telemetry(presence)]
    pub(crate) file: Option<PathBuf>,
    /// Print no errors.
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// The command.
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand, TelemetrySnapshot)]
#[telemetry(tag = "name")]
pub(crate) enum Command {
    /// Change or print the list.
    #[command(subcommand)]
    Remote(Remote),
    /// Check that there is a remote.
    Check,
    /// See what is sent about the use of this program, and switch it on or off.
    #[command(subcommand)]
    Telemetry(#[telemetry(skip)] user::Command),
}

#[derive(Subcommand, TelemetrySnapshot)]
#[telemetry(tag = "action")]
pub(crate) enum Remote {
    /// Add a remote.
    Add(Add),
    /// Remove a remote.
    Remove {
        #[telemetry(skip)]
        name: String,
        /// Succeed even if the remote does not exist.
        #[arg(long)]
        if_exists: bool,
    },
    /// Print the remotes.
    List {
        /// Print those that contain this text.
        #[arg(long)]
        #[telemetry(presence)]
        filter: Option<String>,
    },
}

#[derive(Args, TelemetrySnapshot)]
pub(crate) struct Add {
    #[telemetry(skip)]
    pub(crate) name: String,
    #[telemetry(skip)]
    pub(crate) address: String,
    /// Put it first.
    #[arg(long)]
    pub(crate) first: bool,
}
