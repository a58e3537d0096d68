//! Rows as the engine takes them.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::binary::put_bytes;
use super::http::EngineError;
use super::layout::{column_name, install_number, schema_number, table_name};
use super::session::{Session, name};
use crate::arrival::{Envelope, Fate};
use crate::check::{Cell, Column, ColumnKind, KnownSchema};
use crate::store::{StoredId, names::kind_text, version};

/// How many ids one question has at most.
const MOST_IDS: usize = 5_000;

/// An event on its way to the engine.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) envelope: Envelope,
    pub(super) schema: Arc<KnownSchema>,
    pub(super) cells: Vec<Cell>,
}

/// An `INSERT`, which can be sent again: the engine takes it once.
#[derive(Clone, Debug)]
pub(super) struct Insert {
    pub(super) sql: String,
    pub(super) rows: Vec<u8>,
    /// Tells the engine that it is the same one. Rows that are merged need none.
    pub(super) token: Option<String>,
}

/// Writes the rows of one table and schema.
#[derive(Debug)]
pub(super) struct Rows {
    sql: String,
    bytes: Vec<u8>,
}

/// What every row has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head<'h> {
    pub(super) day: i32,
    pub(super) install: i64,
    pub(super) schema: i64,
    pub(super) is_ephemeral: bool,
    pub(super) id: &'h [u8],
    pub(super) number: i64,
}

impl Rows {
    /// For these columns, given by path and kind.
    pub(super) fn new<'c>(event: &str, columns: impl Iterator<Item = (&'c str, &'c str)>) -> Self {
        let mut list = String::from("_day, _install, _schema, _ephemeral, _id, _number");
        for (path, kind) in columns {
            list.push_str(", ");
            list.push_str(&name(&column_name(path, kind)));
        }
        let sql = format!("INSERT INTO {} ({list}) FORMAT RowBinary", name(&table_name(event)));
        Self { sql, bytes: Vec::new() }
    }

    pub(super) fn begin(&mut self, head: &Head<'_>) {
        self.bytes.extend(head.day.to_le_bytes());
        self.bytes.extend(head.install.to_le_bytes());
        self.bytes.extend(head.schema.to_le_bytes());
        self.bytes.push(u8::from(head.is_ephemeral));
        put_bytes(&mut self.bytes, head.id);
        self.bytes.extend(head.number.to_le_bytes());
    }

    pub(super) fn null(&mut self) {
        self.bytes.push(1);
    }

    pub(super) fn flag(&mut self, flag: bool) {
        self.bytes.extend([0, u8::from(flag)]);
    }

    pub(super) fn integer(&mut self, integer: i64) {
        self.bytes.push(0);
        self.bytes.extend(integer.to_le_bytes());
    }

    pub(super) fn text(&mut self, text: &[u8]) {
        self.bytes.push(0);
        put_bytes(&mut self.bytes, text);
    }

    pub(super) fn insert(self) -> Insert {
        let token = HEXLOWER.encode(&Sha256::digest(&self.bytes));
        Insert { sql: self.sql, rows: self.bytes, token: Some(token) }
    }
}

/// Whether each cell fits its column.
fn fits(event: &Event) -> bool {
    let columns = event.schema.columns();
    let is_fit = |(cell, column): (&Cell, &Column)| match (cell, column.kind) {
        (Cell::Absent, _)
        | (Cell::Flag(_), ColumnKind::Flag)
        | (Cell::Integer(_), ColumnKind::Integer)
        | (Cell::Version(..), ColumnKind::Version) => true,
        (Cell::Word(index), ColumnKind::Word) => *index < column.texts.len(),
        (Cell::Json(bytes), ColumnKind::Json) => std::str::from_utf8(bytes).is_ok(),
        _ => false,
    };
    event.cells.len() == columns.len() && event.cells.iter().zip(columns).all(is_fit)
}

fn put(rows: &mut Rows, cell: &Cell, column: &Column) {
    match cell {
        Cell::Absent => rows.null(),
        Cell::Flag(flag) => rows.flag(*flag),
        Cell::Integer(integer) => rows.integer(*integer),
        Cell::Word(index) => match column.texts.get(*index) {
            Some(word) => rows.text(word.as_bytes()),
            None => rows.null(),
        },
        Cell::Version(count, parts) => rows.integer(version::pack(*count, *parts)),
        Cell::Json(bytes) => rows.text(bytes),
    }
}

/// What has to be inserted for new events, in order: installations come first, so that no event is without one.
///
/// `number` gives the number of the next row. The fates are those of the events once everything is inserted.
pub(super) fn plan(
    session: &Session,
    events: &[Event],
    mut number: impl FnMut() -> i64,
) -> Result<(VecDeque<Insert>, Vec<Fate>), EngineError> {
    let mut ids: HashMap<&str, Vec<(i32, StoredId)>> = HashMap::new();
    for event in events {
        let id = (event.envelope.day.0, StoredId::new(event.envelope.id));
        ids.entry(event.schema.event()).or_default().push(id);
    }
    let mut stored: HashMap<&str, HashSet<Vec<u8>>> = HashMap::new();
    for (event, ids) in ids {
        stored.insert(event, known(session, event, &ids)?);
    }
    let mut installs = Installs::default();
    let mut tables: BTreeMap<(&str, i64), Rows> = BTreeMap::new();
    let mut fates = Vec::with_capacity(events.len());
    for event in events {
        if !fits(event) {
            fates.push(Fate::Refused);
            continue;
        }
        let Event { envelope, schema, cells } = event;
        let id = StoredId::new(envelope.id);
        if !stored.entry(schema.event()).or_default().insert(id.as_bytes().to_vec()) {
            fates.push(Fate::Duplicate);
            continue;
        }
        let of_schema = schema_number(&schema.hash().0);
        let rows = tables.entry((schema.event(), of_schema)).or_insert_with(|| {
            let columns = schema.columns().iter().map(|column| (column.path.as_str(), kind_text(column.kind)));
            Rows::new(schema.event(), columns)
        });
        let (day, install) = (envelope.day.0, install_number(&envelope.anonymous_id));
        installs.add(install, day);
        rows.begin(&Head {
            day,
            install,
            schema: of_schema,
            is_ephemeral: envelope.is_ephemeral,
            id: id.as_bytes(),
            number: number(),
        });
        cells.iter().zip(schema.columns()).for_each(|(cell, column)| put(rows, cell, column));
        fates.push(Fate::Stored);
    }
    let mut plan: VecDeque<Insert> = installs.insert().into_iter().collect();
    plan.extend(tables.into_values().map(Rows::insert));
    Ok((plan, fates))
}

/// The days on which installations were seen, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Installs(BTreeMap<i64, (i32, i32)>);

impl Installs {
    pub(super) fn add(&mut self, install: i64, day: i32) {
        let (first, last) = self.0.entry(install).or_insert((day, day));
        *first = day.min(*first);
        *last = day.max(*last);
    }

    /// Nothing if there are none. The engine merges them, so that it may be sent twice.
    pub(super) fn insert(self) -> Option<Insert> {
        let mut rows = Vec::new();
        for (install, (first, last)) in &self.0 {
            rows.extend(install.to_le_bytes());
            rows.extend(first.to_le_bytes());
            rows.extend(last.to_le_bytes());
        }
        let sql = "INSERT INTO _install (number, first_day, last_day) FORMAT RowBinary".to_owned();
        (!rows.is_empty()).then_some(Insert { sql, rows, token: None })
    }
}

/// Those of these ids that an event has which is stored. An event that is sent again has the same day, or the one beside if it crossed midnight, so that
/// the order of the table finds it.
pub(super) fn known(
    session: &Session,
    event: &str,
    ids: &[(i32, impl AsRef<[u8]>)],
) -> Result<HashSet<Vec<u8>>, EngineError> {
    let mut known = HashSet::new();
    for ids in ids.chunks(MOST_IDS) {
        let days: HashSet<i32> = ids.iter().flat_map(|(day, _)| [day - 1, *day, day + 1]).collect();
        let days: Vec<String> = days.iter().map(i32::to_string).collect();
        // One text is read many times faster than as many calls.
        let list: Vec<String> = ids.iter().map(|(_, id)| HEXLOWER.encode(id.as_ref())).collect();
        let sql = format!(
            "SELECT DISTINCT _id FROM {} WHERE _day IN ({}) AND _id IN (SELECT unhex(arrayJoin(splitByChar(',', '{}')))) SETTINGS final = 0",
            name(&table_name(event)),
            days.join(", "),
            list.join(",")
        );
        known.extend(session.all(&sql, |row| row.bytes(0).map(<[u8]>::to_vec))?);
    }
    Ok(known)
}
