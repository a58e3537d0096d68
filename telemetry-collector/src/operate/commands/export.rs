//! `export`.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::lacks;
use crate::ask::lines::{self, LinesError};
use crate::ask::{self, AskError};
use crate::check::{Known, KnownError};
use crate::operate::settings::Settings;
use crate::operate::stores::{Stores, StoresError};
use crate::receive::Clock;
use crate::show::{self, ExportError, LEAST_PUBLISHED};

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
    Open(#[from] StoresError),
    /// The database cannot be read.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// The files cannot be written.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// The lines cannot be written.
    #[error(transparent)]
    Lines(#[from] LinesError),
    /// The output cannot be written.
    #[error(transparent)]
    Output(#[from] io::Error),
}

/// Writes the pages and numbers of all events that are known.
pub(super) fn export(settings: &Settings, to: &Path, out: &mut impl Write) -> Result<(), ExportCommandError> {
    let known = Known::read(&settings.schemas)
        .map_err(|reason| ExportCommandError::Unknown { directory: settings.schemas.clone(), reason })?;
    let stores = Stores::open_existing(settings)?;
    let (today, least) = (Clock::system().today(), settings.least_installs.max(LEAST_PUBLISHED));
    let reader = stores.readers().open()?;
    lacks::warn(&settings.schemas, ask::lacking((&reader).into(), &known)?);
    let published = ask::published(&reader, &known, today, settings.retention_days, least)?;
    drop(reader);
    stores.close();
    let (files, last) = (show::export(to, &published)?, published.overview.until);
    writeln!(
        out,
        "{files} files are in {}, with the weeks up to {last}. Counts of fewer than {least} installs are hidden.",
        to.display()
    )?;
    Ok(())
}

/// Writes all events as lines of JSON, a file for each, and one of the installations. Each file is replaced as a whole.
pub(super) fn rows(settings: &Settings, to: &Path, out: &mut impl Write) -> Result<(), ExportCommandError> {
    let stores = Stores::open_existing(settings)?;
    let reader = stores.readers().open()?;
    fs::create_dir_all(to)?;
    let mut rows = 0;
    for event in lines::stored_events(&reader)? {
        rows += write(to, &event, |file| lines::lines(&reader, &event, file))?;
    }
    write(to, "_installs", |file| lines::install_lines(&reader, file))?;
    drop(reader);
    stores.close();
    writeln!(out, "{rows} events are in {}.", to.display())?;
    Ok(())
}

/// Writes a file that only its owner can read.
fn write<T>(
    directory: &Path,
    name: &str,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<T, LinesError>,
) -> Result<T, LinesError> {
    let (path, beside) = (directory.join(format!("{name}.ndjson")), directory.join(format!("{name}.ndjson.new")));
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = BufWriter::new(options.open(&beside)?);
    let written = write(&mut file)?;
    file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    fs::rename(&beside, path)?;
    Ok(written)
}
