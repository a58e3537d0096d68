//! Removes rows that another store has taken over.

use std::collections::HashSet;

use rusqlite::Connection;

use super::names::quote;
use super::{register, rewrite};

/// As many rows are removed at a time; arrivals are written in between.
const MOST_REMOVED: usize = if cfg!(test) { 3 } else { 5_000 };

/// Rows of an event that another store has: all up to this one.
#[derive(Debug)]
pub(crate) struct Passed {
    /// The table of the event, in quotes.
    pub(crate) table: String,
    pub(crate) number: i64,
    pub(crate) id: Vec<u8>,
}

/// Removes some of these rows, and installations that have no others. Says how many rows they were.
pub(super) fn remove(connection: &Connection, passed: &Passed) -> rusqlite::Result<usize> {
    let Passed { table, number, id } = passed;
    // Once the last rows are gone, their numbers are given again. As long as this one is there, all before it are those that were taken over.
    let is_there = format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE _number = ?1 AND _id = ?2)");
    if !connection.query_row(&is_there, (number, id), |row| row.get(0))? {
        return Ok(0);
    }
    let delete = format!(
        "DELETE FROM {table} WHERE _number IN \
         (SELECT _number FROM {table} WHERE _number <= ?1 ORDER BY _number LIMIT {MOST_REMOVED})"
    );
    let removed = connection.execute(&delete, [number])?;
    remove_installs(connection)?;
    Ok(removed)
}

fn remove_installs(connection: &Connection) -> rusqlite::Result<()> {
    let mut kept: HashSet<i64> = HashSet::new();
    for event in register::events(connection)? {
        let mut installs = connection.prepare(&format!("SELECT DISTINCT _install FROM {}", quote(&event.table)))?;
        for install in installs.query_map([], |row| row.get(0))? {
            kept.insert(install?);
        }
    }
    let mut statement = connection.prepare("SELECT id, number FROM _install")?;
    let all = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let all: Vec<([u8; 32], i64)> = all.collect::<Result<_, _>>()?;
    let mut delete = connection.prepare("DELETE FROM _install WHERE id = ?1")?;
    for (id, _) in all.iter().filter(|(_, number)| !kept.contains(number)) {
        delete.execute([id.as_slice()])?;
    }
    rewrite::must(connection, rewrite::Table::Installs)
}

/// Whether there may be more of them.
pub(super) const fn has_more(removed: usize) -> bool {
    removed == MOST_REMOVED
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Store, layout};

    fn file(rows: i64) -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        layout::create(&connection).unwrap();
        fill(&connection, rows);
        connection
    }

    /// Makes rows of an event, each of an installation of its own.
    fn fill(connection: &Connection, rows: i64) {
        connection
            .execute_batch(
                "INSERT INTO _event (name, table_name, view_name) VALUES ('run', 'rows', 'run');
                 CREATE TABLE rows (_number INTEGER PRIMARY KEY, _install INTEGER, _id BLOB)",
            )
            .unwrap();
        for row in 1..=rows {
            connection.execute("INSERT INTO rows (_install, _id) VALUES (?1, ?2)", (row, [row as u8])).unwrap();
            let id = [row as u8; 32];
            connection.execute("INSERT INTO _install VALUES (?1, ?2, 1, 1)", (id.as_slice(), row)).unwrap();
        }
    }

    fn left(connection: &Connection) -> (i64, i64) {
        let sql = "SELECT (SELECT count(*) FROM rows), (SELECT count(*) FROM _install)";
        connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
    }

    fn passed(number: i64, id: u8) -> Passed {
        Passed { table: "rows".to_owned(), number, id: vec![id] }
    }

    #[test]
    fn rows_up_to_the_last_one_leave_and_so_do_installations_that_have_no_others() {
        let connection = file(5);
        connection.execute("UPDATE rows SET _install = 1 WHERE _number = 5", []).unwrap();
        assert_eq!((remove(&connection, &passed(3, 3)).unwrap(), left(&connection)), (3, (2, 2)));
    }

    #[test]
    fn more_rows_leave_than_are_removed_at_a_time() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file.db");
        let store = Store::open(&path).unwrap();
        let connection = Connection::open(&path).unwrap();
        let rows = i64::try_from(2 * MOST_REMOVED + 1).unwrap();
        fill(&connection, rows + 1);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(store.writer().remove(vec![passed(rows, rows as u8)])).unwrap();
        assert_eq!(left(&connection), (1, 1));
    }

    #[test]
    fn rows_with_the_numbers_of_others_stay() {
        let connection = file(3);
        connection.execute_batch("DELETE FROM rows WHERE _number = 3; INSERT INTO rows VALUES (3, 2, x'09')").unwrap();
        assert_eq!((remove(&connection, &passed(3, 3)).unwrap(), left(&connection)), (0, (3, 3)));
    }
}
