//! Rows as lines of JSON, for other databases.

use std::collections::HashMap;
use std::io::{self, Write};

use serde_json::{Map, Value as Json};

use super::catalogue::{self, StoredColumn};
use super::source::{Row, Source, Value};
use super::{AskError, sql};
use crate::store::version;

/// Why lines were not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LinesError {
    /// The store cannot be read.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// A line cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The names of the events that are stored, in alphabetical order.
///
/// # Errors
///
/// If the store cannot be read.
pub fn stored_events<'s>(source: impl Into<Source<'s>>) -> Result<Vec<String>, AskError> {
    Ok(catalogue::all(source.into())?.into_iter().map(|event| event.name).collect())
}

/// Writes the rows of an event, each as a line: `_day`, `_install`, `_version`, `_ephemeral`, `_number`, and the value of each column under
/// its name in the [statements](sql::load) that load them, without those that were not sent. Says how many they are.
///
/// `_install` is a number of the installation, and `_number` grows in the order in which events arrived.
///
/// # Errors
///
/// If the store cannot be read, or a line cannot be written.
pub fn lines<'s>(source: impl Into<Source<'s>>, event: &str, out: &mut impl Write) -> Result<u64, LinesError> {
    let source = source.into();
    let Some(stored) = catalogue::find(source, event)? else { return Ok(0) };
    let columns = stored.columns();
    let names = sql::shown_names(&columns);
    let list: String = columns.iter().map(|column| format!(", {}", readable(source, column))).collect();
    let query = format!("SELECT _day, _install, _schema, _ephemeral, _number{list} FROM {}", stored.table);
    let versions: HashMap<i64, &str> = stored.schemas.iter().map(|(number, text)| (*number, text.as_str())).collect();
    let (mut count, mut failed) = (0, None);
    source.each(&query, |row| {
        if failed.is_some() {
            return Ok(());
        }
        let line = Json::Object(line(row, &columns, &names, &versions)?);
        match writeln!(out, "{line}") {
            Ok(()) => count += 1,
            Err(error) => failed = Some(error),
        }
        Ok(())
    })?;
    failed.map_or(Ok(count), |error| Err(error.into()))
}

/// Writes when each installation was first seen, each as a line.
///
/// # Errors
///
/// If the store cannot be read, or a line cannot be written.
pub fn install_lines<'s>(source: impl Into<Source<'s>>, out: &mut impl Write) -> Result<(), LinesError> {
    let mut failed = None;
    source.into().each("SELECT number, first_day FROM _install", |row| {
        if failed.is_none() {
            failed = writeln!(out, r#"{{"_install":{},"_first_day":"{}"}}"#, row.integer(0)?, row.day(1)?).err();
        }
        Ok(())
    })?;
    failed.map_or(Ok(()), |error| Err(error.into()))
}

/// The column, with words as text.
fn readable(source: Source<'_>, column: &StoredColumn<'_>) -> String {
    if column.kind == "word" { source.word_text(column.name) } else { column.name.to_owned() }
}

fn line(
    row: &Row<'_>,
    columns: &[StoredColumn<'_>],
    names: &[String],
    versions: &HashMap<i64, &str>,
) -> Result<Map<String, Json>, AskError> {
    let mut line = Map::new();
    line.insert("_day".to_owned(), row.day(0)?.to_string().into());
    line.insert("_install".to_owned(), row.integer(1)?.into());
    line.insert("_version".to_owned(), versions.get(&row.integer(2)?).copied().into());
    line.insert("_ephemeral".to_owned(), row.flag(3)?.into());
    line.insert("_number".to_owned(), row.integer(4)?.into());
    for (at, (column, name)) in columns.iter().zip(names).enumerate() {
        let value = match (row.value(at + 5)?, column.kind) {
            (Value::Null, _) => continue,
            (Value::Integer(flag), "flag") => Json::Bool(flag != 0),
            (Value::Integer(packed), "version") => version::text(packed).into(),
            (Value::Integer(integer), _) => integer.into(),
            (Value::Bytes(json), "json") => serde_json::from_slice(json).map_err(|_| AskError::Layout)?,
            (Value::Bytes(text), _) => String::from_utf8(text.to_vec()).map_err(|_| AskError::Layout)?.into(),
        };
        line.insert(name.clone(), value);
    }
    Ok(line)
}
