//! Events that wait for their schemas. Their texts are [hidden](super::veil).
//!
//! Rows and bytes are capped. Beyond the caps an event is refused, so that its sender keeps it and tries again: dropping the oldest would
//! lose events that were acknowledged.

use rusqlite::{Connection, OptionalExtension, Row, Statement};

use super::event_id::Stored;
use super::{Limits, veil};
use crate::arrival::{Day, Envelope, EventId, Fate, SchemaHash};
use crate::check::KnownSchema;

/// The rows that wait, and how much they take.
#[derive(Debug)]
pub(super) struct Quarantine<'c> {
    add: Statement<'c>,
    find: Statement<'c>,
    rows: u64,
    bytes: u64,
}

/// An event that waited.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) number: i64,
    pub(super) id: Vec<u8>,
    pub(super) day: Day,
    pub(super) install: i64,
    pub(super) is_ephemeral: bool,
    /// It is hidden.
    pub(super) payload: Vec<u8>,
}

impl<'c> Quarantine<'c> {
    pub(super) fn new(connection: &'c Connection) -> rusqlite::Result<Self> {
        let mut quarantine = Self {
            add: connection.prepare(
                "INSERT INTO _quarantine (id, hash, event, day, install, ephemeral, payload) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO NOTHING",
            )?,
            find: connection.prepare("SELECT 1 FROM _quarantine WHERE id = ?1")?,
            rows: 0,
            bytes: 0,
        };
        quarantine.count(connection)?;
        Ok(quarantine)
    }

    /// Counts what waits, after rows were removed.
    pub(super) fn count(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let sql = "SELECT count(*), coalesce(sum(length(payload)), 0) FROM _quarantine";
        (self.rows, self.bytes) = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(())
    }

    /// Whether an event with this id waits.
    pub(super) fn has(&mut self, id: EventId) -> rusqlite::Result<bool> {
        // Without events that wait, which is usual, the table need not be read.
        if self.rows == 0 {
            return Ok(false);
        }
        Ok(self.find.query_row([Stored::new(id).as_bytes()], |_| Ok(())).optional()?.is_some())
    }

    /// Whether there is room for one more payload, which is hidden.
    pub(super) fn has_room(&self, payload: &[u8], limits: &Limits) -> bool {
        self.rows < limits.quarantine_rows && self.bytes.saturating_add(length(payload)) <= limits.quarantine_bytes
    }

    /// Adds an event whose payload is hidden.
    pub(super) fn add(
        &mut self,
        envelope: &Envelope,
        install: i64,
        hash: SchemaHash,
        event: &str,
        payload: &[u8],
    ) -> rusqlite::Result<Fate> {
        let id = Stored::new(envelope.id);
        let event = veil::name(hash, event);
        let (day, is_ephemeral) = (envelope.day.0, envelope.is_ephemeral);
        let row = (id.as_bytes(), hash.0.as_slice(), event.as_slice(), day, install, is_ephemeral, payload);
        if self.add.execute(row)? == 0 {
            return Ok(Fate::Duplicate);
        }
        self.rows += 1;
        self.bytes += length(payload);
        Ok(Fate::Quarantined)
    }
}

/// Takes some of the events of a schema out of quarantine.
pub(super) fn take(connection: &Connection, schema: &KnownSchema, most: usize) -> rusqlite::Result<Vec<Waiting>> {
    let waiting: Vec<Waiting> = connection
        .prepare(
            "SELECT number, id, day, install, ephemeral, payload FROM _quarantine \
             WHERE hash = ?1 AND event = ?2 ORDER BY number LIMIT ?3",
        )?
        .query_map((schema.hash().0.as_slice(), veil::name(schema.hash(), schema.event()).as_slice(), most), read)?
        .collect::<Result<_, _>>()?;
    let mut delete = connection.prepare("DELETE FROM _quarantine WHERE number = ?1")?;
    for event in &waiting {
        delete.execute([event.number])?;
    }
    Ok(waiting)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Waiting> {
    Ok(Waiting {
        number: row.get(0)?,
        id: row.get(1)?,
        day: Day(row.get(2)?),
        install: row.get(3)?,
        is_ephemeral: row.get(4)?,
        payload: row.get(5)?,
    })
}

fn length(payload: &[u8]) -> u64 {
    u64::try_from(payload.len()).unwrap_or(u64::MAX)
}
