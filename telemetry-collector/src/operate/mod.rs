//! The program: settings, commands, log, access, and a collector as a whole.

mod access;
mod arguments;
mod collector;
mod commands;
mod directory;
mod log;
mod output;
mod settings;
mod signals;
mod stores;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

pub use collector::Collector;
pub use commands::CommandError;
pub use settings::{Loaded, LogFormat, PREFIX, Password, Settings, SettingsError, Source, StoreKind, Token};
pub use stores::StoresError;

/// Runs the program: 0 is success, 1 a failure, 2 a command line that cannot be used, 3 that there was nothing to delete.
pub fn program(
    arguments: impl IntoIterator<Item = OsString>,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
) -> ExitCode {
    let matches = match arguments::command().try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => {
            // Help goes to the standard output, a mistake to the standard error. Neither can be told to anybody if that fails.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let mut out = output::Output::new(io::stdout());
    let done = settings::texts(environment).map_err(CommandError::from);
    match done.and_then(|environment| commands::run(&matches, environment, &mut out)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "telemetry-collector: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}
