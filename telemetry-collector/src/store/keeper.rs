//! Keeps one arrival, within the transaction of the group.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::Connection;

use super::delete::{self, Deletion};
use super::event_id::Stored;
use super::failure::Failure;
use super::installs::Installs;
use super::quarantine::Quarantine;
use super::rejects::Rejects;
use super::table::{Row, Table};
use super::{Limits, veil};
use crate::arrival::{Arrival, Envelope, Fate, SchemaHash};
use crate::check::{Cell, KnownSchema};

/// What the writer knows of the file. It is made anew after a transaction that was rolled back.
#[derive(Debug)]
pub(super) struct Keeper<'c> {
    pub(super) connection: &'c Connection,
    pub(super) limits: Limits,
    pub(super) quarantine: Quarantine<'c>,
    pub(super) rejects: Rejects<'c>,
    /// Whether an installation was deleted whose rows are in the log still.
    pub(super) has_deleted: bool,
    installs: Installs<'c>,
    tables: HashMap<SchemaHash, Vec<Table<'c>>>,
}

/// The schemas that are known, by hash. Two events that send the same have the same hash.
pub(super) type Known = HashMap<SchemaHash, Vec<Arc<KnownSchema>>>;

fn find<'k>(known: &'k Known, hash: SchemaHash, event: &str) -> Option<&'k Arc<KnownSchema>> {
    known.get(&hash)?.iter().find(|schema| schema.event() == event)
}

impl<'c> Keeper<'c> {
    pub(super) fn new(connection: &'c Connection, limits: Limits) -> rusqlite::Result<Self> {
        Ok(Self {
            connection,
            limits,
            quarantine: Quarantine::new(connection)?,
            rejects: Rejects::new(connection)?,
            has_deleted: false,
            installs: Installs::new(connection)?,
            tables: HashMap::new(),
        })
    }

    /// Keeps an arrival.
    pub(super) fn keep(&mut self, arrival: Arrival, known: &Known) -> Result<Fate, Failure> {
        match arrival {
            Arrival::Event { envelope, schema, cells } => self.event(&envelope, &schema, &cells),
            Arrival::Unknown { envelope, schema, event, payload } => match find(known, schema, &event) {
                // The schema was added after the receiver looked for it.
                Some(known) => self.unchecked(&envelope, known, &payload),
                None => self.unknown(&envelope, schema, &event, &payload),
            },
            Arrival::Reject { day, schema, reason } => {
                let schema = schema.map_or(Ok(0), |schema| self.table(&schema).map(|table| table.number()))?;
                self.rejects.add(day, schema, &reason, self.limits.reject_rows)?;
                Ok(Fate::Rejected)
            }
            Arrival::Deletion { id, anonymous_id } => {
                match delete::delete(self.connection, id, anonymous_id)? {
                    Deletion::Repeated => return Ok(Fate::Duplicate),
                    Deletion::Nothing => {}
                    Deletion::Deleted => {
                        self.quarantine.count(self.connection)?;
                        self.has_deleted = true;
                    }
                }
                Ok(Fate::Deleted)
            }
        }
    }

    /// The table of a schema.
    pub(super) fn table(&mut self, schema: &Arc<KnownSchema>) -> rusqlite::Result<&mut Table<'c>> {
        let tables = self.tables.entry(schema.hash()).or_default();
        let index = match tables.iter().position(|table| table.event() == schema.event()) {
            Some(index) => index,
            None => {
                tables.push(Table::new(self.connection, Arc::clone(schema))?);
                tables.len() - 1
            }
        };
        tables.get_mut(index).ok_or(rusqlite::Error::InvalidQuery)
    }

    fn event(&mut self, envelope: &Envelope, schema: &Arc<KnownSchema>, cells: &[Cell]) -> Result<Fate, Failure> {
        if self.quarantine.has(envelope.id)? {
            return Ok(Fate::Duplicate);
        }
        let install = self.installs.number(envelope.anonymous_id, envelope.day)?;
        let id = Stored::new(envelope.id);
        let row = Row { day: envelope.day, install, is_ephemeral: envelope.is_ephemeral, id: id.as_bytes() };
        let is_new = self.table(schema)?.add(&row, cells)?;
        Ok(if is_new { Fate::Stored } else { Fate::Duplicate })
    }

    fn unchecked(&mut self, envelope: &Envelope, schema: &Arc<KnownSchema>, payload: &[u8]) -> Result<Fate, Failure> {
        match schema.check(payload) {
            Ok(cells) => self.event(envelope, schema, &cells),
            Err(reason) => {
                let number = self.table(schema)?.number();
                self.rejects.add(envelope.day, number, &reason, self.limits.reject_rows)?;
                Ok(Fate::Rejected)
            }
        }
    }

    fn unknown(&mut self, envelope: &Envelope, hash: SchemaHash, event: &str, payload: &[u8]) -> Result<Fate, Failure> {
        if self.quarantine.has(envelope.id)? {
            return Ok(Fate::Duplicate);
        }
        let payload = veil::hide(payload, Stored::new(envelope.id).as_bytes());
        if !self.quarantine.has_room(&payload, &self.limits) {
            return Ok(Fate::Refused);
        }
        let install = self.installs.number(envelope.anonymous_id, envelope.day)?;
        Ok(self.quarantine.add(envelope, install, hash, event, &payload)?)
    }
}
