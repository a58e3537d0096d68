//! Keeps one arrival, within the transaction of the group.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::Connection;

use super::delete::{self, Deletion};
use super::event_id::Stored;
use super::failure::Failure;
use super::id_key::IdKeys;
use super::installs::Installs;
use super::known::Known;
use super::quarantine::{Quarantine, Unknown};
use super::queue::Item;
use super::rejects::Rejects;
use super::table::{Row, Table};
use super::{Limits, veil};
use crate::arrival::{AnonymousId, Arrival, Envelope, EventId, Fate, SchemaHash};
use crate::check::{Cell, KnownSchema};

/// What the writer knows of the file. It is made anew after a transaction that was rolled back, and after another process wrote.
#[derive(Debug)]
pub(super) struct Keeper<'c> {
    pub(super) connection: &'c Connection,
    pub(super) limits: Limits,
    pub(super) quarantine: Quarantine<'c>,
    pub(super) rejects: Rejects<'c>,
    /// Whether something was deleted that is in the log still.
    pub(super) has_deleted: bool,
    /// Whether copies of what was deleted or moved may be in the file.
    pub(super) must_rewrite: bool,
    installs: Installs<'c>,
    keys: IdKeys,
    tables: Tables<'c>,
}

type Tables<'c> = HashMap<SchemaHash, Vec<Table<'c>>>;

impl<'c> Keeper<'c> {
    pub(super) fn new(connection: &'c Connection, limits: Limits) -> rusqlite::Result<Self> {
        Ok(Self {
            connection,
            limits,
            quarantine: Quarantine::new(connection)?,
            rejects: Rejects::new(connection)?,
            has_deleted: false,
            must_rewrite: false,
            installs: Installs::new(connection)?,
            keys: IdKeys::read(connection)?,
            tables: Tables::new(),
        })
    }

    /// Forgets what may have changed since the last transaction.
    pub(super) const fn begin(&mut self) {
        self.installs.forget();
    }

    /// Keeps an arrival.
    pub(super) fn keep(&mut self, item: Item, known: &Known) -> Result<Fate, Failure> {
        let arrival = match item {
            Item::Unknown(unknown) => return self.unknown(&unknown, known),
            Item::Other(arrival) => arrival,
        };
        match arrival {
            Arrival::Event { envelope, schema, cells } => self.event(&envelope, &schema, &cells),
            Arrival::Reject { day, schema, reason } => {
                let schema = schema.map_or(Ok(0), |schema| self.table(&schema).map(|table| table.number()))?;
                self.rejects.add(day, schema, &reason, self.limits.reject_rows)?;
                Ok(Fate::Rejected)
            }
            Arrival::Deletion { id, anonymous_id } => match self.delete(id, anonymous_id)? {
                Deletion::Repeated => Ok(Fate::Duplicate),
                // A stranger is not told whether there was anything.
                Deletion::Nothing | Deletion::Deleted { .. } => Ok(Fate::Deleted),
            },
            // It is an item of its own.
            Arrival::Unknown { .. } => Err(Failure::Arrival),
        }
    }

    /// Deletes everything of an installation.
    pub(super) fn delete(&mut self, id: EventId, anonymous_id: AnonymousId) -> rusqlite::Result<Deletion> {
        let deletion = delete::delete(self.connection, id, anonymous_id)?;
        self.installs.forget();
        self.has_deleted |= matches!(deletion, Deletion::Deleted { .. });
        Ok(deletion)
    }

    /// What follows from deletions, once a transaction.
    pub(super) fn finish_deletions(&mut self) -> rusqlite::Result<()> {
        if self.has_deleted {
            self.quarantine.count()?;
        }
        Ok(())
    }

    /// The table of a schema.
    pub(super) fn table(&mut self, schema: &Arc<KnownSchema>) -> rusqlite::Result<&mut Table<'c>> {
        table(self.connection, &mut self.tables, schema)
    }

    /// Adds an event to its table. Says whether it is new.
    pub(super) fn add(&mut self, schema: &Arc<KnownSchema>, row: &Row<'_>, cells: &[Cell]) -> Result<bool, Failure> {
        let table = table(self.connection, &mut self.tables, schema)?;
        table.add(row, self.keys.key(row.id), cells, &mut self.installs)
    }

    fn event(&mut self, envelope: &Envelope, schema: &Arc<KnownSchema>, cells: &[Cell]) -> Result<Fate, Failure> {
        if self.quarantine.has(envelope.id)? {
            return Ok(Fate::Duplicate);
        }
        let id = Stored::new(envelope.id);
        let (day, install, is_ephemeral) = (envelope.day, envelope.anonymous_id, envelope.is_ephemeral);
        let is_new = self.add(schema, &Row { day, install, is_ephemeral, id: id.as_bytes() }, cells)?;
        Ok(if is_new { Fate::Stored } else { Fate::Duplicate })
    }

    fn unknown(&mut self, unknown: &Unknown, known: &Known) -> Result<Fate, Failure> {
        let Unknown { envelope, schema, event, hidden, .. } = unknown;
        let Some(schema) = known.find(*schema, event) else {
            return Ok(self.quarantine.add(unknown, known.has_event(event), &self.limits)?);
        };
        // The schema was added after the receiver looked for it.
        let payload = veil::reveal(hidden, Stored::new(envelope.id).as_bytes(), schema);
        match schema.check(&payload) {
            Ok(cells) => self.event(envelope, schema, &cells),
            Err(reason) => {
                let number = self.table(schema)?.number();
                self.rejects.add(envelope.day, number, &reason, self.limits.reject_rows)?;
                Ok(Fate::Rejected)
            }
        }
    }
}

/// The table of a schema. It is made when it is missing.
fn table<'t, 'c>(
    connection: &'c Connection,
    tables: &'t mut Tables<'c>,
    schema: &Arc<KnownSchema>,
) -> rusqlite::Result<&'t mut Table<'c>> {
    let tables = tables.entry(schema.hash()).or_default();
    let index = match tables.iter().position(|table| table.event() == schema.event()) {
        Some(index) => index,
        None => {
            tables.push(Table::new(connection, Arc::clone(schema))?);
            tables.len() - 1
        }
    };
    tables.get_mut(index).ok_or(rusqlite::Error::InvalidQuery)
}
