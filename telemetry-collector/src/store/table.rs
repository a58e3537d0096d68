//! Puts events into the table of their event.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Statement};

use super::bind;
use super::failure::Failure;
use super::installs::Installs;
use super::names::quote;
use super::register::{Registered, register};
use crate::arrival::{AnonymousId, Day};
use crate::check::{Cell, KnownSchema};

/// The parts of an event that its schema does not describe, with the id as it is stored.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'r> {
    pub(super) day: Day,
    pub(super) install: AnonymousId,
    pub(super) is_ephemeral: bool,
    pub(super) id: &'r [u8],
}

/// The statement that adds an event of one schema.
#[derive(Debug)]
pub(super) struct Table<'c> {
    schema: Arc<KnownSchema>,
    registered: Registered,
    find: Statement<'c>,
    insert: Statement<'c>,
}

impl<'c> Table<'c> {
    /// Makes the table and columns that are missing.
    pub(super) fn new(connection: &'c Connection, schema: Arc<KnownSchema>) -> rusqlite::Result<Self> {
        let registered = register(connection, &schema)?;
        let table = quote(&registered.table);
        let find = connection.prepare(&format!("SELECT 1 FROM {table} WHERE _key = ?1 AND _id = ?2"))?;
        let insert = connection.prepare(&insert(&registered))?;
        Ok(Self { schema, registered, find, insert })
    }

    pub(super) fn event(&self) -> &str {
        self.schema.event()
    }

    pub(super) fn number(&self) -> i64 {
        self.registered.schema
    }

    /// Adds an event whose id has this key. Says whether it is new. Only one that is new is activity of its installation.
    pub(super) fn add(
        &mut self,
        row: &Row<'_>,
        key: i32,
        cells: &[Cell],
        installs: &mut Installs<'_>,
    ) -> Result<bool, Failure> {
        let columns = self.schema.columns();
        if cells.len() != columns.len() {
            return Err(Failure::Arrival);
        }
        let insert = &mut self.insert;
        for (index, (cell, (column, words))) in cells.iter().zip(columns.iter().zip(&self.registered.words)).enumerate()
        {
            let value = bind::value(cell, column, words).ok_or(Failure::Arrival)?;
            insert.raw_bind_parameter(index + 7, value)?;
        }
        if self.find.query_row((key, row.id), |_| Ok(())).optional()?.is_some() {
            return Ok(false);
        }
        insert.raw_bind_parameter(1, row.day.0)?;
        insert.raw_bind_parameter(2, installs.number(row.install, row.day)?)?;
        insert.raw_bind_parameter(3, self.registered.schema)?;
        insert.raw_bind_parameter(4, row.is_ephemeral)?;
        insert.raw_bind_parameter(5, row.id)?;
        insert.raw_bind_parameter(6, key)?;
        insert.raw_execute()?;
        Ok(true)
    }
}

fn insert(registered: &Registered) -> String {
    let mut names = String::from("_day, _install, _schema, _ephemeral, _id, _key");
    let mut values = String::from("?, ?, ?, ?, ?, ?");
    for column in &registered.columns {
        names.push_str(", ");
        names.push_str(&quote(column));
        values.push_str(", ?");
    }
    format!("INSERT INTO {} ({names}) VALUES ({values})", quote(&registered.table))
}
