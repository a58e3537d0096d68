//! `export`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::ask::{self, AskError};
use crate::check::{Known, KnownError};
use crate::operate::settings::Settings;
use crate::receive::Clock;
use crate::show::{self, ExportError, LEAST_PUBLISHED};
use crate::store::{OpenError, Store};

/// Why the files to publish were not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportCommandError {
    /// The schemas in the directory cannot be read.
    #[error("{}", super::schemas::unusable(directory, reason))]
    Unknown {
        /// The directory.
        directory: PathBuf,
        /// Why.
        reason: KnownError,
    },
    /// The database cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database cannot be read.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// The files cannot be written.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// The output cannot be written.
    #[error(transparent)]
    Output(#[from] io::Error),
}

/// Writes the pages and numbers of all events that are known.
pub(super) fn export(settings: &Settings, to: &Path, out: &mut impl Write) -> Result<(), ExportCommandError> {
    let known = Known::read(&settings.schemas)
        .map_err(|reason| ExportCommandError::Unknown { directory: settings.schemas.clone(), reason })?;
    let store = Store::open_existing(&settings.database)?;
    let (today, least) = (Clock::system().today(), settings.least_installs.max(LEAST_PUBLISHED));
    let reader = store.reader().map_err(AskError::Read)?;
    let published = ask::published(&reader, &known, today, settings.retention_days, least)?;
    drop(reader);
    store.close();
    let (files, last) = (show::export(to, &published)?, published.overview.until);
    writeln!(
        out,
        "{files} files are in {}, with the weeks up to {last}. Counts of fewer than {least} installs are hidden.",
        to.display()
    )?;
    Ok(())
}
