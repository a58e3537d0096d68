//! The commands of the program.

mod demo;
mod difference;
mod export;
mod faults;
#[cfg(feature = "clickhouse")]
mod forward;
mod lacks;
mod progress;
mod schemas;
mod serve;
mod sql;
mod stored;

use std::io::{self, Write};
use std::path::PathBuf;

use clap::ArgMatches;

use super::settings::{Loaded, SettingsError};
use super::{arguments, log};
use crate::check::KnownError;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// The settings cannot be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The schemas cannot be used.
    #[error(transparent)]
    Schemas(#[from] schemas::SchemasError),
    /// The database cannot be used.
    #[error(transparent)]
    Stored(#[from] stored::StoredError),
    /// The stores cannot be used.
    #[error(transparent)]
    Stores(#[from] super::StoresError),
    /// The files to publish cannot be written.
    #[error(transparent)]
    Export(#[from] export::ExportCommandError),
    /// The schemas in the directory cannot be read.
    #[error("{}", schemas::unusable(directory, reason))]
    Unknown {
        /// The directory.
        directory: PathBuf,
        /// Why.
        reason: KnownError,
    },
    /// The demonstration would write among real events.
    #[error("{} exists already: name a file that does not, for the simulated events", .0.display())]
    Exists(PathBuf),
    /// The demonstration failed.
    #[error("the demonstration failed: {0}")]
    Demo(#[from] crate::demo::DemoError),
    /// It cannot listen.
    #[error("cannot listen on {address}: {error}")]
    Listen {
        /// Where.
        address: std::net::SocketAddr,
        /// Why.
        error: io::Error,
    },
    /// The runtime cannot be started, or the output cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl CommandError {
    /// The code with which the program exits, so that scripts can tell that there was nothing to do from a failure.
    pub(super) const fn exit_code(&self) -> u8 {
        if let Self::Stored(stored::StoredError::Nothing) = self { NOTHING } else { 1 }
    }
}

/// The exit code of `delete` if nothing carries the id.
const NOTHING: u8 = 3;

/// Runs the command that the arguments name, and writes its result.
pub(super) fn run(
    matches: &ArgMatches,
    environment: Vec<(String, String)>,
    out: &mut impl Write,
) -> Result<(), CommandError> {
    let Some((name, own)) = matches.subcommand() else { return demo::demo(matches, environment, out) };
    let (group, (name, own)) = own.subcommand().map_or(("", (name, own)), |inner| (name, inner));
    let loaded = Loaded::read(&arguments::flags(own), environment)?;
    let settings = &loaded.settings;
    log::begin(settings);
    if group == "quarantine" {
        let hash = own.try_get_one::<String>("hash").ok().flatten().map(String::as_str);
        let done = match name {
            "purge" => stored::quarantine_purge(settings, hash, out),
            _ => stored::quarantine_list(settings, out),
        };
        return Ok(done?);
    }
    match name {
        "serve" => serve::serve(settings.clone(), out),
        "list" => Ok(schemas::list(&settings.schemas, out)?),
        "add" => {
            let files = own.get_many::<String>("files").into_iter().flatten().map(PathBuf::from);
            Ok(schemas::add(&settings.schemas, files, out)?)
        }
        "difference" => {
            let of = |name| own.get_one::<String>(name).map(String::as_str);
            let event = of("event").unwrap_or_default();
            Ok(difference::difference(&settings.schemas, event, of("old"), of("new"), out)?)
        }
        "delete" => {
            let id = own.get_one::<String>("id").map(String::as_str);
            Ok(stored::delete(settings, id.unwrap_or_default(), out)?)
        }
        "retain" => Ok(stored::retain(settings, out)?),
        #[cfg(feature = "clickhouse")]
        "forward" => Ok(forward::forward(settings, out)?),
        "rejects" => Ok(stored::rejects(settings, out)?),
        "backup" => {
            let to = own.get_one::<String>("to").map(PathBuf::from);
            Ok(stored::backup(settings, &to.unwrap_or_default(), out)?)
        }
        "sql" => {
            let of = |name| own.get_one::<String>(name).map(String::as_str).unwrap_or_default();
            let least = own.get_one("least").copied().unwrap_or_default();
            Ok(sql::sql(settings, of("dialect"), of("rows"), least, out)?)
        }
        "export" => {
            let to = |name| own.get_one::<String>(name).map(PathBuf::from);
            match to("rows") {
                Some(rows) => Ok(export::rows(settings, &rows, out)?),
                None => Ok(export::export(settings, &to("public").unwrap_or_default(), out)?),
            }
        }
        _ => Ok(write!(out, "{loaded}")?),
    }
}
