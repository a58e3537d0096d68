//! What must be changed in a database, and what prevents it.

use std::fmt;

use crate::database::{Database, DatabaseError, Found, FoundColumn};
use crate::schema::{Column, Index, Table, add_column, create_index, create_table};

#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) changes: Vec<Change>,
    pub(crate) problems: Vec<Problem>,
}

pub(crate) struct Change {
    told: String,
    pub(crate) sql: String,
}

/// Why a change would lose or invalidate rows.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Problem {
    #[error("{0} must have a value, and there are rows without; give it a defaultValue, or `required = false`")]
    NoValue(Place),
    #[error("{place} is declared as `{declared}`, and would have to be `{wanted}`")]
    OtherKind { place: Place, declared: String, wanted: &'static str },
    #[error("{0} can be empty, and would have to have a value")]
    CanBeEmpty(Place),
    #[error("{0} must have a value, and would have to take rows without")]
    CannotBeEmpty(Place),
    #[error("{0} must be unique, and there are rows that have or would have the same value")]
    NotUnique(Place),
}

/// A column.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Place {
    table: String,
    column: String,
}

impl Plan {
    pub(crate) fn new(tables: &[Table], database: &Database) -> Result<Self, DatabaseError> {
        let mut plan = Self::default();
        for table in tables {
            match database.table(&table.name)? {
                None => plan.create(table),
                Some(found) => plan.compare(table, &found, database)?,
            }
        }
        Ok(plan)
    }

    fn create(&mut self, table: &Table) {
        let told = format!("table `{}` with {} columns", table.name, table.columns.len());
        self.changes.push(Change { told, sql: create_table(table) });
        self.changes.extend(table.columns.iter().filter_map(|column| Change::index(table, column)));
    }

    fn compare(&mut self, table: &Table, found: &Found, database: &Database) -> Result<(), DatabaseError> {
        for column in &table.columns {
            let place = Place { table: table.name.clone(), column: column.name.clone() };
            match found.column(&column.name) {
                None => self.add(table, column, place, found, database)?,
                Some(there) => {
                    self.problems.extend(problem(column, there, place));
                    self.index(table, column, found, database)?;
                }
            }
        }
        Ok(())
    }

    fn add(
        &mut self,
        table: &Table,
        column: &Column,
        place: Place,
        found: &Found,
        database: &Database,
    ) -> Result<(), DatabaseError> {
        if column.is_required && column.default.is_none() && found.has_rows {
            self.problems.push(Problem::NoValue(place));
        } else if column.default.is_some()
            && column.index == Some(Index::Unique)
            && database.has_several_rows(&table.name)?
        {
            self.problems.push(Problem::NotUnique(place));
        } else {
            let told = format!("column `{}` of table `{}`", column.name, table.name);
            self.changes.push(Change { told, sql: add_column(table, column) });
            self.changes.extend(Change::index(table, column));
        }
        Ok(())
    }

    /// The index of an existing column.
    fn index(
        &mut self,
        table: &Table,
        column: &Column,
        found: &Found,
        database: &Database,
    ) -> Result<(), DatabaseError> {
        if found.has_index(column) {
            return Ok(());
        }
        if column.index == Some(Index::Unique) && database.has_equal_values(&table.name, &column.name)? {
            let place = Place { table: table.name.clone(), column: column.name.clone() };
            self.problems.push(Problem::NotUnique(place));
        } else {
            self.changes.extend(Change::index(table, column));
        }
        Ok(())
    }
}

/// Only the kind of a key is compared: a key always has a value, whether or not that is declared.
fn problem(column: &Column, there: &FoundColumn, place: Place) -> Option<Problem> {
    if !column.kind.fits(&there.declared) {
        let (declared, wanted) = (there.declared.clone(), column.kind.sql());
        return Some(Problem::OtherKind { place, declared, wanted });
    }
    match (column.is_required, there.is_required) {
        _ if column.is_key => None,
        (true, false) => Some(Problem::CanBeEmpty(place)),
        (false, true) => Some(Problem::CannotBeEmpty(place)),
        _ => None,
    }
}

impl Change {
    fn index(table: &Table, column: &Column) -> Option<Self> {
        let sql = create_index(table, column)?;
        Some(Self { told: format!("index on column `{}` of table `{}`", column.name, table.name), sql })
    }
}

impl Found {
    /// SQLite ignores the case of names.
    fn column(&self, name: &str) -> Option<&FoundColumn> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// Whether the column has the index that it should have.
    fn has_index(&self, column: &Column) -> bool {
        column.index.is_none_or(|wanted| {
            let fits = |(name, is_unique): &(String, bool)| {
                name.eq_ignore_ascii_case(&column.name) && (*is_unique || wanted == Index::Plain)
            };
            self.indexes.iter().any(fits)
        })
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column `{}` of table `{}`", self.column, self.table)
    }
}

#[cfg(test)]
mod tests;
