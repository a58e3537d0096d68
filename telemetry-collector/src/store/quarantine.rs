//! Events that wait for their schemas. Their texts are [hidden](super::veil), and nothing else counts them yet.
//!
//! The number of waiting events is limited, and so is their total size as sent. When there is no room, a new event is refused, and its
//! sender keeps it and tries again. No event that was acknowledged makes room for another one: what is there may be honest, and what is refused is not lost.
//!
//! So that one sender of made-up events does not take all of the room:
//!
//! - events whose names no known schema has take at most half of it,
//! - events of one name and hash take at most a quarter of what those of other hashes leave of the room that is theirs, and
//! - an event waits for 30 days at most.
//!
//! So each made-up hash leaves three quarters of the room that it found, and a release whose schema is missing finds a
//! quarter of the rest. A stranger who makes up dozens of hashes can fill the room all the same, for 30 days or until it is purged.
//!
//! What was deleted without a schema is counted as expired or as purged.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Params, Row, Statement};

use super::event_id::Stored;
use super::{Limits, veil};
use crate::arrival::{AnonymousId, Day, Envelope, EventId, Fate, SchemaHash};
use crate::check::KnownSchema;

/// The part of what others leave of the room that events of one name and hash may take.
const KIND: u64 = 4;

/// The part of the room that events of unknown names may take together.
const STRANGERS: u64 = 2;

/// How many days an event waits at most.
pub(crate) const MOST_DAYS_WAITING: u16 = 30;

/// What waits for schemas, and what was deleted since none came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quarantined {
    /// How many events wait.
    pub events: u64,
    /// How many bytes their payloads had when they were sent.
    pub bytes: u64,
    /// How many different names and hashes they have.
    pub kinds: u64,
    /// How many events were deleted because of their age.
    pub expired: u64,
    /// How many events were deleted by order of the operator.
    pub purged: u64,
}

/// Events with one name and hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownKind {
    /// The hash of the schema.
    pub hash: SchemaHash,
    /// The name of the event, if it is one of the names that were given.
    pub event: Option<String>,
    /// How many events wait.
    pub events: u64,
    /// How many bytes their payloads had when they were sent.
    pub bytes: u64,
    /// The first day on which one of them was published.
    pub first: Day,
    /// The last one.
    pub last: Day,
}

/// An event of an unknown schema, as it is handed to the thread that writes.
#[derive(Debug)]
pub(super) struct Unknown {
    pub(super) envelope: Envelope,
    pub(super) schema: SchemaHash,
    pub(super) event: String,
    /// The bytes of its payload.
    pub(super) bytes: u64,
    pub(super) hidden: Vec<u8>,
}

/// An event that waited.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) id: Vec<u8>,
    pub(super) day: Day,
    pub(super) install: AnonymousId,
    pub(super) is_ephemeral: bool,
    pub(super) hidden: Vec<u8>,
    number: i64,
    kind: i64,
    bytes: u64,
}

/// How many events there are, and their bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Amount {
    events: u64,
    bytes: u64,
}

impl Amount {
    /// As much as may wait.
    const fn all(limits: &Limits) -> Self {
        Self { events: limits.quarantine_rows, bytes: limits.quarantine_bytes }
    }

    /// A part of this.
    const fn part(self, part: u64) -> Self {
        Self { events: self.events / part, bytes: self.bytes / part }
    }

    /// What is left of it beside the others.
    const fn without(self, others: Self) -> Self {
        Self { events: self.events.saturating_sub(others.events), bytes: self.bytes.saturating_sub(others.bytes) }
    }

    /// Whether one event more stays within a limit.
    const fn has_room(self, bytes: u64, most: Self) -> bool {
        self.events < most.events && self.bytes.saturating_add(bytes) <= most.bytes
    }

    /// Whether a kind, of which there is so much in this, may have one event more. It leaves three quarters of the room that it found.
    const fn has_room_for_kind(self, kind: Self, bytes: u64, most: Self) -> bool {
        let others = self.without(kind);
        self.has_room(bytes, most) && kind.has_room(bytes, most.without(others).part(KIND))
    }

    const fn add(&mut self, bytes: u64) {
        self.events += 1;
        self.bytes = self.bytes.saturating_add(bytes);
    }
}

/// The events that wait.
#[derive(Debug)]
pub(super) struct Quarantine<'c> {
    connection: &'c Connection,
    find: Statement<'c>,
    find_kind: Statement<'c>,
    add_kind: Statement<'c>,
    grow_kind: Statement<'c>,
    add: Statement<'c>,
    add_payload: Statement<'c>,
    all: Amount,
    strangers: Amount,
    state: Quarantined,
}

impl<'c> Quarantine<'c> {
    pub(super) fn new(connection: &'c Connection) -> rusqlite::Result<Self> {
        let mut quarantine = Self {
            connection,
            find: connection.prepare("SELECT 1 FROM _quarantine WHERE id = ?1")?,
            find_kind: connection
                .prepare("SELECT number, is_named, events, bytes FROM _unknown WHERE hash = ?1 AND event = ?2")?,
            add_kind: connection.prepare(
                "INSERT INTO _unknown (hash, event, is_named, events, bytes) VALUES (?1, ?2, ?3, 0, 0) RETURNING number",
            )?,
            grow_kind: connection.prepare(
                "UPDATE _unknown SET events = events + 1, bytes = bytes + ?2, is_named = max(is_named, ?3) WHERE number = ?1",
            )?,
            add: connection.prepare(
                "INSERT INTO _quarantine (id, kind, day, install, ephemeral, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
                 RETURNING number",
            )?,
            add_payload: connection.prepare("INSERT INTO _payload (number, payload) VALUES (?1, ?2)")?,
            all: Amount::default(),
            strangers: Amount::default(),
            state: Quarantined::default(),
        };
        quarantine.count()?;
        Ok(quarantine)
    }

    /// Counts what waits, after events were removed.
    pub(super) fn count(&mut self) -> rusqlite::Result<()> {
        let sql = "SELECT coalesce(sum(events), 0), coalesce(sum(bytes), 0), \
                   coalesce(sum(iif(is_named, 0, events)), 0), coalesce(sum(iif(is_named, 0, bytes)), 0) FROM _unknown";
        (self.all, self.strangers) = self.connection.query_row(sql, [], |row| {
            let amount = |at| Ok::<_, rusqlite::Error>(Amount { events: row.get(at)?, bytes: row.get(at + 1)? });
            Ok((amount(0)?, amount(2)?))
        })?;
        self.state = state(self.connection)?;
        Ok(())
    }

    /// What waits now.
    pub(super) const fn state(&self) -> Quarantined {
        self.state
    }

    /// Whether an event with this id waits.
    pub(super) fn has(&mut self, id: EventId) -> rusqlite::Result<bool> {
        // Without events that wait, which is usual, the table need not be read.
        if self.all.events == 0 {
            return Ok(false);
        }
        Ok(self.find.query_row([Stored::new(id).as_bytes()], |_| Ok(())).optional()?.is_some())
    }

    /// Adds an event, if there is room for it. `is_named` says whether a known schema has its name.
    pub(super) fn add(&mut self, unknown: &Unknown, is_named: bool, limits: &Limits) -> rusqlite::Result<Fate> {
        let Unknown { envelope, schema, event, bytes, hidden } = unknown;
        if self.has(envelope.id)? {
            return Ok(Fate::Duplicate);
        }
        let name = veil::name(*schema, event);
        let (hash, name) = (schema.0.as_slice(), name.as_slice());
        let read = |row: &Row<'_>| {
            let amount = Amount { events: row.get(2)?, bytes: row.get(3)? };
            Ok((row.get(0)?, row.get(1)?, amount))
        };
        let kind: Option<(i64, bool, Amount)> = self.find_kind.query_row((hash, name), read).optional()?;
        let of_kind = kind.map(|(_, _, amount)| amount).unwrap_or_default();
        let is_new_name = is_named && kind.is_some_and(|(_, was_named, _)| !was_named);
        let is_stranger = !is_named && kind.is_none_or(|(_, was_named, _)| !was_named);
        let most = Amount::all(limits);
        let has_room = self.all.has_room_for_kind(of_kind, *bytes, most)
            && (!is_stranger || self.strangers.has_room_for_kind(of_kind, *bytes, most.part(STRANGERS)));
        if !has_room {
            return Ok(Fate::Refused);
        }
        let kind = match kind {
            Some((kind, ..)) => kind,
            None => {
                self.state.kinds += 1;
                self.add_kind.query_row((hash, name, is_named), |row| row.get(0))?
            }
        };
        self.grow_kind.execute((kind, bytes, is_named))?;
        let id = Stored::new(envelope.id);
        let (day, install) = (envelope.day.0, envelope.anonymous_id.0.as_slice());
        let row = (id.as_bytes(), kind, day, install, envelope.is_ephemeral, bytes);
        let number: i64 = self.add.query_row(row, |row| row.get(0))?;
        self.add_payload.execute((number, hidden))?;
        self.all.add(*bytes);
        if is_stranger {
            self.strangers.add(*bytes);
        }
        if is_new_name {
            self.count()?;
        }
        (self.state.events, self.state.bytes) = (self.all.events, self.all.bytes);
        Ok(Fate::Quarantined)
    }
}

/// What waits, as the file says.
pub(super) fn state(connection: &Connection) -> rusqlite::Result<Quarantined> {
    let sql = "SELECT coalesce(sum(events), 0), coalesce(sum(bytes), 0), count(*) FROM _unknown";
    let (events, bytes, kinds) = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let fact = |name| {
        let sql = "SELECT value FROM _fact WHERE name = ?1";
        Ok::<_, rusqlite::Error>(connection.query_row(sql, [name], |row| row.get(0)).optional()?.unwrap_or(0))
    };
    Ok(Quarantined { events, bytes, kinds, expired: fact(EXPIRED)?, purged: fact(PURGED)? })
}

/// The facts that count what was deleted without a schema.
pub(super) const EXPIRED: &str = "quarantine expired";
pub(super) const PURGED: &str = "quarantine purged";

/// Counts what was deleted without a schema.
pub(super) fn count_deleted(connection: &Connection, fact: &str, events: u64) -> rusqlite::Result<()> {
    let sql =
        "INSERT INTO _fact (name, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = value + excluded.value";
    connection.execute(sql, (fact, events))?;
    Ok(())
}

/// Removes at most so many of the events that meet a condition on `_quarantine`. Says how many they were.
pub(super) fn remove(
    connection: &Connection,
    condition: &str,
    parameters: impl Params,
    most: usize,
) -> rusqlite::Result<u64> {
    let removed: Vec<(i64, i64, u64)> = connection
        .prepare(&format!(
            "DELETE FROM _quarantine WHERE number IN (SELECT number FROM _quarantine WHERE {condition} LIMIT {most}) \
             RETURNING number, kind, bytes"
        ))?
        .query_map(parameters, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    forget(connection, &removed)?;
    Ok(u64::try_from(removed.len()).unwrap_or(u64::MAX))
}

/// The number of the event that came last.
pub(super) fn last(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("SELECT coalesce(max(number), 0) FROM _quarantine", [], |row| row.get(0))
}

/// Removes the payloads of events, and takes them from their kinds. They are given by number, kind and bytes.
fn forget(connection: &Connection, removed: &[(i64, i64, u64)]) -> rusqlite::Result<()> {
    let mut kinds: HashMap<i64, Amount> = HashMap::new();
    let mut delete = connection.prepare("DELETE FROM _payload WHERE number = ?1")?;
    for (number, kind, bytes) in removed {
        delete.execute([number])?;
        kinds.entry(*kind).or_default().add(*bytes);
    }
    let mut shrink =
        connection.prepare("UPDATE _unknown SET events = events - ?2, bytes = bytes - ?3 WHERE number = ?1")?;
    let mut delete = connection.prepare("DELETE FROM _unknown WHERE number = ?1 AND events <= 0")?;
    for (kind, Amount { events, bytes }) in kinds {
        shrink.execute((kind, events, bytes))?;
        delete.execute([kind])?;
    }
    Ok(())
}

/// As many events are taken at a time; arrivals are written in between.
const MOST_TAKEN: usize = 500;

/// No more are taken once their payloads had so many bytes.
const MOST_BYTES_TAKEN: u64 = 1 << 20;

/// Takes some of the events of a schema out of quarantine.
pub(super) fn take(connection: &Connection, schema: &KnownSchema) -> rusqlite::Result<Vec<Waiting>> {
    let name = veil::name(schema.hash(), schema.event());
    let mut statement = connection.prepare(
        "SELECT id, day, install, ephemeral, payload, number, kind, bytes FROM _quarantine JOIN _payload USING (number) \
         WHERE kind = (SELECT number FROM _unknown WHERE hash = ?1 AND event = ?2) ORDER BY number LIMIT ?3",
    )?;
    let mut rows = statement.query((schema.hash().0.as_slice(), name.as_slice(), MOST_TAKEN))?;
    let (mut waiting, mut bytes) = (Vec::new(), 0);
    while bytes < MOST_BYTES_TAKEN
        && let Some(row) = rows.next()?
    {
        let event = read(row)?;
        bytes += event.bytes;
        waiting.push(event);
    }
    drop(rows);
    let mut delete = connection.prepare("DELETE FROM _quarantine WHERE number = ?1")?;
    let mut removed = Vec::with_capacity(waiting.len());
    for event in &waiting {
        delete.execute([event.number])?;
        removed.push((event.number, event.kind, event.bytes));
    }
    forget(connection, &removed)?;
    Ok(waiting)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Waiting> {
    Ok(Waiting {
        id: row.get(0)?,
        day: Day(row.get(1)?),
        install: AnonymousId(row.get(2)?),
        is_ephemeral: row.get(3)?,
        hidden: row.get(4)?,
        number: row.get(5)?,
        kind: row.get(6)?,
        bytes: row.get(7)?,
    })
}

/// The kinds of events that wait, those with the most bytes first. Names are hashes, so that one is told only if it is among `names`.
pub(super) fn kinds(connection: &Connection, names: &[&str], most: usize) -> rusqlite::Result<Vec<UnknownKind>> {
    let sql = "SELECT hash, event, events, _unknown.bytes, \
                   (SELECT min(day) FROM _quarantine WHERE kind = _unknown.number), \
                   (SELECT max(day) FROM _quarantine WHERE kind = _unknown.number) \
               FROM _unknown ORDER BY _unknown.bytes DESC, events DESC, _unknown.number LIMIT ?1";
    let read = |row: &Row<'_>| {
        let hash = SchemaHash(row.get(0)?);
        let hidden: Vec<u8> = row.get(1)?;
        let event = names.iter().find(|name| veil::name(hash, name).as_slice() == hidden);
        let event = event.map(|name| (*name).to_owned());
        let day = |at| Ok::<_, rusqlite::Error>(Day(row.get::<_, Option<i32>>(at)?.unwrap_or_default()));
        Ok(UnknownKind { hash, event, events: row.get(2)?, bytes: row.get(3)?, first: day(4)?, last: day(5)? })
    };
    connection.prepare(sql)?.query_map([most], read)?.collect()
}
