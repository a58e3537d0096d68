//! Puts events into the table of their event.

use std::sync::Arc;

use rusqlite::{Connection, Statement};

use super::bind;
use super::failure::Failure;
use super::names::quote;
use super::register::{Registered, register};
use crate::arrival::Day;
use crate::check::{Cell, KnownSchema};

/// The parts of an event that its schema does not describe, as they are stored.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'r> {
    pub(super) day: Day,
    pub(super) install: i64,
    pub(super) is_ephemeral: bool,
    pub(super) id: &'r [u8],
}

/// The statement that adds an event of one schema.
#[derive(Debug)]
pub(super) struct Table<'c> {
    schema: Arc<KnownSchema>,
    registered: Registered,
    insert: Statement<'c>,
}

impl<'c> Table<'c> {
    /// Makes the table and columns that are missing.
    pub(super) fn new(connection: &'c Connection, schema: Arc<KnownSchema>) -> rusqlite::Result<Self> {
        let registered = register(connection, &schema)?;
        let insert = connection.prepare(&insert(&registered))?;
        Ok(Self { schema, registered, insert })
    }

    pub(super) fn event(&self) -> &str {
        self.schema.event()
    }

    pub(super) fn number(&self) -> i64 {
        self.registered.schema
    }

    /// Adds an event. Says whether it is new.
    pub(super) fn add(&mut self, row: &Row<'_>, cells: &[Cell]) -> Result<bool, Failure> {
        let columns = self.schema.columns();
        if cells.len() != columns.len() {
            return Err(Failure::Arrival);
        }
        let insert = &mut self.insert;
        insert.raw_bind_parameter(1, row.day.0)?;
        insert.raw_bind_parameter(2, row.install)?;
        insert.raw_bind_parameter(3, self.registered.schema)?;
        insert.raw_bind_parameter(4, row.is_ephemeral)?;
        insert.raw_bind_parameter(5, row.id)?;
        for (index, (cell, (column, words))) in cells.iter().zip(columns.iter().zip(&self.registered.words)).enumerate()
        {
            let value = bind::value(cell, column, words).ok_or(Failure::Arrival)?;
            insert.raw_bind_parameter(index + 6, value)?;
        }
        Ok(insert.raw_execute()? == 1)
    }
}

fn insert(registered: &Registered) -> String {
    let mut names = String::from("_day, _install, _schema, _ephemeral, _id");
    let mut values = String::from("?, ?, ?, ?, ?");
    for column in &registered.columns {
        names.push_str(", ");
        names.push_str(&quote(column));
        values.push_str(", ?");
    }
    format!("INSERT INTO {} ({names}) VALUES ({values}) ON CONFLICT (_id) DO NOTHING", quote(&registered.table))
}
