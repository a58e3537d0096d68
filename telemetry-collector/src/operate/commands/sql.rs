//! `sql`.

use std::io::Write;

use super::stored::StoredError;
use crate::ask::sql::{self, Dialect};
use crate::operate::settings::Settings;
use crate::operate::stores::Stores;
use crate::store::Store;

/// Prints the statements of a dialect. `rows` is where `export --rows` wrote to.
pub(super) fn sql(
    settings: &Settings,
    dialect: &str,
    rows: &str,
    least: u64,
    out: &mut impl Write,
) -> Result<(), StoredError> {
    match dialect {
        "postgres" => load(settings, Dialect::Postgres, rows, least, out),
        "duckdb" => load(settings, Dialect::DuckDb, rows, least, out),
        #[cfg(feature = "clickhouse")]
        "clickhouse" => {
            let known = crate::check::Known::read(&settings.schemas)
                .map_err(|reason| StoredError::Unknown { directory: settings.schemas.clone(), reason })?;
            Ok(write!(out, "{}", crate::clickhouse::ddl(&known, settings.retention_days))?)
        }
        _ => file(settings, least, out),
    }
}

/// How the statements are used.
const USE: &str = "-- `sqlite3 -init THIS-FILE DATABASE` asks with the views below. They are of that connection alone, and the file stays as it is.";

/// The statements of the file, and views that are not in it.
fn file(settings: &Settings, least: u64, out: &mut impl Write) -> Result<(), StoredError> {
    let store = Store::open_existing(&settings.database)?;
    writeln!(out, "{USE}\n\n-- The tables and views of the database.\n{}", store.sql()?)?;
    write!(out, "-- Views to add.\n{}", sql::views(&store.reader()?, least)?)?;
    store.close();
    Ok(())
}

/// The statements that load exported lines.
fn load(
    settings: &Settings,
    dialect: Dialect,
    rows: &str,
    least: u64,
    out: &mut impl Write,
) -> Result<(), StoredError> {
    let stores = Stores::open_existing(settings)?;
    let text = sql::load(&stores.readers().open()?, dialect, rows, least)?;
    stores.close();
    Ok(write!(out, "{text}")?)
}
