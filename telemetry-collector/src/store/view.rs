//! A view for each event, in which words and versions are text and days are dates.

use rusqlite::{Connection, OptionalExtension};

use super::names::quote;
use super::register::Event;
use super::version;

pub(super) fn is_there(connection: &Connection, event: &Event) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM sqlite_schema WHERE type = 'view' AND name = ?1";
    Ok(connection.query_row(sql, [&event.view], |_| Ok(())).optional()?.is_some())
}

/// Makes the view anew, with all columns that the table has now.
pub(super) fn renew(connection: &Connection, event: &Event) -> rusqlite::Result<()> {
    let (view, table) = (quote(&event.view), quote(&event.table));
    let mut columns = String::new();
    let mut statement = connection.prepare("SELECT name, kind FROM _column WHERE event = ?1 ORDER BY number")?;
    let mut rows = statement.query([event.number])?;
    while let Some(row) = rows.next()? {
        let name = quote(row.get_ref(0)?.as_str()?);
        let value = readable(&format!("event.{name}"), row.get_ref(1)?.as_str()?);
        columns.push_str(&format!(",\n    {value} AS {name}"));
    }
    connection.execute_batch(&format!(
        "DROP VIEW IF EXISTS {view};
         CREATE VIEW {view} AS SELECT
    date(event._day * 86400, 'unixepoch') AS _day,
    event._install AS _install,
    (SELECT version FROM _schema AS known WHERE known.number = event._schema) AS _version,
    event._ephemeral AS _ephemeral{columns}
FROM {table} AS event;"
    ))
}

fn readable(column: &str, kind: &str) -> String {
    match kind {
        "word" => format!("(SELECT text FROM _word WHERE number = {column})"),
        "version" => version::text_sql(column),
        _ => column.to_owned(),
    }
}
