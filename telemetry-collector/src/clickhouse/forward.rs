//! Takes over what a [file](crate::store) holds: its rows once each, and the counts of rows that were deleted there.
//!
//! How far it came is remembered in the engine, under a number of the file, unless rows leave the file once they are there. A row that is there already, by its
//! id, is passed over, and so is one whose installation was deleted at another collector on that day or later.

use std::collections::{HashMap, HashSet, VecDeque};

use data_encoding::HEXLOWER;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _};

use super::binary::put_bytes;
use super::http::EngineError;
use super::insert::{self, Head, Insert, Installs, Rows};
use super::layout::{
    KINDS, column_name, event_number, install_number, row_number, schema_number, schema_row, table_name,
};
use super::remove;
use super::session::{Session, TIME, name};
use crate::arrival::AnonymousId;
use crate::check::ColumnKind;
use crate::store::names::{kind_text, quote};
use crate::store::{Passed, Unavailable};

/// As many rows are taken over at a time.
const MOST_ROWS: i64 = 5_000;

/// What is the same for all events of a file.
pub(super) struct File {
    /// Tells files apart.
    pub(super) number: i64,
    words: HashMap<i64, String>,
    /// The number of each installation in the engine, by that in the file.
    installs: HashMap<i64, i64>,
}

/// An event of a file.
pub(super) struct Event {
    pub(super) name: String,
    /// The path and the kind of each column.
    pub(super) columns: Vec<(String, &'static str)>,
    /// The statements that tell of its schemas.
    pub(super) schemas: Vec<String>,
    kinds: Vec<ColumnKind>,
    /// The hash of each schema by its number in the file.
    hashes: HashMap<i64, [u8; 32]>,
    table: String,
    list: String,
    /// The names of the facts that tell which row was taken over last: by its number, and by its id.
    progress: String,
    last_row: String,
}

/// Where the rows of an event begin that are to be taken over.
#[derive(Clone, Copy)]
pub(super) struct Begin {
    /// The row before them.
    pub(super) passed: i64,
    first_day: i32,
}

/// Rows of an event that follow each other.
pub(super) struct Part<'e> {
    event: &'e Event,
    rows: Vec<Row>,
    pub(super) last: i64,
    last_id: Vec<u8>,
}

/// The days on which installations were deleted at other collectors, by their numbers.
type Deleted = HashMap<i64, i32>;

/// Rows that are on their way to the engine, whose installations others may delete meanwhile.
pub(super) struct Sent {
    file: i64,
    event: String,
    rows: Vec<Key>,
}

struct Row {
    key: Key,
    schema: i64,
    is_ephemeral: bool,
    values: Vec<Value>,
}

#[derive(Clone)]
struct Key {
    day: i32,
    install: i64,
    id: Vec<u8>,
}

enum Value {
    Null,
    Flag(bool),
    Integer(i64),
    Text(Vec<u8>),
}

/// The number that tells a file from others. The secret that it is made of is not told.
pub(super) fn number(connection: &Connection) -> Result<i64, Unavailable> {
    let secret: i64 =
        connection.query_row("SELECT value FROM _fact WHERE name = 'secret of keys'", [], |row| row.get(0))?;
    Ok(event_number(&format!("file {secret}")))
}

/// Whether a file has rows of events.
pub(super) fn has_rows(connection: &Connection) -> Result<bool, Unavailable> {
    let mut statement = connection.prepare("SELECT table_name FROM _event")?;
    let tables: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for table in tables {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM {})", quote(&table));
        if connection.query_row(&sql, [], |row| row.get(0))? {
            return Ok(true);
        }
    }
    Ok(false)
}

impl File {
    pub(super) fn read(connection: &Connection) -> Result<Self, Unavailable> {
        let mut statement = connection.prepare("SELECT number, text FROM _word")?;
        let words = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        let mut statement = connection.prepare("SELECT number, id FROM _install")?;
        let install = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, install_number(&AnonymousId(row.get(1)?))));
        let installs = statement.query_map([], install)?.collect::<Result<_, _>>()?;
        Ok(Self { number: number(connection)?, words, installs })
    }

    pub(super) fn events(&self, connection: &Connection) -> Result<Vec<Event>, Unavailable> {
        let mut statement = connection.prepare("SELECT number, name, table_name FROM _event ORDER BY number")?;
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let events: Vec<(i64, String, String)> = statement.query_map([], read)?.collect::<Result<_, _>>()?;
        events.into_iter().map(|(number, name, table)| self.event(connection, number, name, &table)).collect()
    }

    fn event(&self, connection: &Connection, number: i64, name: String, table: &str) -> Result<Event, Unavailable> {
        let mut statement =
            connection.prepare("SELECT path, kind, name FROM _column WHERE event = ?1 ORDER BY number")?;
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let found: Vec<(String, String, String)> = statement.query_map([number], read)?.collect::<Result<_, _>>()?;
        let (mut columns, mut kinds, mut list) = (Vec::new(), Vec::new(), String::new());
        for (path, kind, own) in found {
            let Some(kind) = KINDS.into_iter().find(|known| kind_text(*known) == kind) else { continue };
            columns.push((path, kind_text(kind)));
            kinds.push(kind);
            list.push_str(", ");
            list.push_str(&quote(&own));
        }
        let mut statement = connection
            .prepare("SELECT number, version, date, hash, json FROM _schema WHERE event = ?1 ORDER BY number")?;
        let mut rows = statement.query([number])?;
        let (mut schemas, mut hashes) = (Vec::new(), HashMap::new());
        while let Some(row) = rows.next()? {
            let (version, date, json): (String, String, String) = (row.get(1)?, row.get(2)?, row.get(4)?);
            let hash: [u8; 32] = row.get(3)?;
            schemas.push(schema_row(event_number(&name), &version, &date, &hash, &json));
            hashes.insert(row.get(0)?, hash);
        }
        let progress = format!("forwarded {} {name}", self.number);
        let last_row = format!("last row {progress}");
        Ok(Event { name, columns, schemas, kinds, hashes, table: quote(table), list, progress, last_row })
    }

    fn value(&self, value: ValueRef<'_>, kind: ColumnKind) -> Value {
        match (value, kind) {
            (ValueRef::Integer(integer), ColumnKind::Flag) => Value::Flag(integer != 0),
            (ValueRef::Integer(number), ColumnKind::Word) => {
                self.words.get(&number).map_or(Value::Null, |word| Value::Text(word.clone().into_bytes()))
            }
            (ValueRef::Integer(integer), ColumnKind::Integer | ColumnKind::Version) => Value::Integer(integer),
            (ValueRef::Text(json), ColumnKind::Json) => Value::Text(json.to_vec()),
            _ => Value::Null,
        }
    }
}

impl Begin {
    pub(super) const FIRST: Self = Self { passed: i64::MIN, first_day: i32::MIN };
}

impl Event {
    /// After the row up to which all were taken over.
    ///
    /// If it was deleted, its number and those before it may have been given again, so that all rows are looked at once more; what the engine has is passed over.
    /// It has no more what its retention deleted, which must not count twice: that is from before `first_day`.
    pub(super) fn begin(
        &self,
        connection: &Connection,
        session: &Session,
        first_day: i32,
    ) -> Result<Begin, Unavailable> {
        let Some(passed) = session.fact(&self.progress)? else { return Ok(Begin::FIRST) };
        let sql = format!("SELECT _id FROM {} WHERE _number = ?1", self.table);
        let id: Option<Vec<u8>> = connection.query_row(&sql, [passed], |row| row.get(0)).optional()?;
        let is_there = match id {
            Some(id) => session.fact(&self.last_row)? == Some(row_number(&id)),
            None => false,
        };
        Ok(if is_there { Begin { passed, ..Begin::FIRST } } else { Begin { first_day, ..Begin::FIRST } })
    }

    /// The last row, if there are any.
    pub(super) fn last(&self, connection: &Connection) -> Result<Option<Passed>, Unavailable> {
        let sql = format!("SELECT _number, _id FROM {} ORDER BY _number DESC LIMIT 1", self.table);
        let read =
            |row: &rusqlite::Row<'_>| Ok(Passed { table: self.table.clone(), number: row.get(0)?, id: row.get(1)? });
        Ok(connection.query_row(&sql, [], read).optional()?)
    }

    /// The next rows, if there are any.
    pub(super) fn part(
        &self,
        file: &File,
        connection: &Connection,
        begin: Begin,
    ) -> Result<Option<Part<'_>>, Unavailable> {
        let Begin { passed, first_day } = begin;
        let mut statement = connection.prepare(&format!(
            "SELECT _number, _day, _install, _schema, _ephemeral, _id{} FROM {} \
             WHERE _number > ?1 AND _day >= ?2 ORDER BY _number LIMIT ?3",
            self.list, self.table
        ))?;
        let mut found = statement.query((passed, first_day, MOST_ROWS))?;
        let (mut rows, mut last, mut last_id) = (Vec::new(), passed, Vec::new());
        while let Some(row) = found.next()? {
            let id: Vec<u8> = row.get(5)?;
            last = row.get(0)?;
            last_id.clone_from(&id);
            let (hash, install) = (self.hashes.get(&row.get(3)?), file.installs.get(&row.get(2)?));
            let (Some(hash), Some(install)) = (hash, install) else { continue };
            let values = self.kinds.iter().enumerate().map(|(at, kind)| Ok(file.value(row.get_ref(at + 6)?, *kind)));
            rows.push(Row {
                key: Key { day: row.get(1)?, install: *install, id },
                schema: schema_number(hash),
                is_ephemeral: row.get(4)?,
                values: values.collect::<rusqlite::Result<_>>()?,
            });
        }
        Ok((last > passed).then_some(Part { event: self, rows, last, last_id }))
    }
}

impl Key {
    fn is_of(&self, deleted: &Deleted) -> bool {
        deleted.get(&self.install).is_some_and(|day| self.day <= *day)
    }
}

impl Part<'_> {
    pub(super) fn sent(&self, file: &File) -> Sent {
        let rows = self.rows.iter().map(|row| row.key.clone()).collect();
        Sent { file: file.number, event: self.event.name.clone(), rows }
    }

    /// What has to be inserted, and how many rows of it are new.
    pub(super) fn plan(
        &self,
        session: &Session,
        deleted: &Deleted,
        mut number: impl FnMut() -> i64,
    ) -> Result<(VecDeque<Insert>, u64), EngineError> {
        let ids: Vec<(i32, &[u8])> = self.rows.iter().map(|row| (row.key.day, row.key.id.as_slice())).collect();
        let mut known: HashSet<Vec<u8>> = insert::known(session, &self.event.name, &ids)?;
        let mut installs = Installs::default();
        let columns = self.event.columns.iter().map(|(path, kind)| (path.as_str(), *kind));
        let mut rows = Rows::new(&self.event.name, columns);
        let mut fresh = 0;
        for row in self.rows.iter().filter(|row| !row.key.is_of(deleted)) {
            let Row { key: Key { day, install, ref id }, schema, is_ephemeral, ref values } = *row;
            installs.add(install, day);
            if !known.insert(id.clone()) {
                continue;
            }
            fresh += 1;
            rows.begin(&Head { day, install, schema, is_ephemeral, id, number: number() });
            for value in values {
                match value {
                    Value::Null => rows.null(),
                    Value::Flag(flag) => rows.flag(*flag),
                    Value::Integer(integer) => rows.integer(*integer),
                    Value::Text(bytes) => rows.text(bytes),
                }
            }
        }
        let mut plan: VecDeque<Insert> = installs.insert().into_iter().collect();
        if fresh > 0 {
            plan.push_back(rows.insert());
        }
        Ok((plan, fresh))
    }

    /// Remembers that these rows are there.
    pub(super) fn passed(&self, session: &Session) -> Result<(), EngineError> {
        session.set_fact(&self.event.progress, self.last)?;
        session.set_fact(&self.event.last_row, row_number(&self.last_id))
    }
}

impl Sent {
    /// What other collectors deleted.
    pub(super) fn deleted(&self, session: &Session) -> Result<Deleted, EngineError> {
        remove::elsewhere(session, self.file, &self.rows.iter().map(|row| row.install).collect())
    }

    /// Deletes rows that were on their way while another collector deleted their installations.
    pub(super) fn take_back(&self, session: &Session) -> Result<(), EngineError> {
        let deleted = self.deleted(session)?;
        let rows = self.rows.iter().filter(|row| row.is_of(&deleted));
        let ids: Vec<(i32, &[u8])> = rows.map(|row| (row.day, row.id.as_slice())).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let there = insert::known(session, &self.event, &ids)?;
        if !there.is_empty() {
            let list: Vec<String> = there.iter().map(|id| format!("unhex('{}')", HEXLOWER.encode(id))).collect();
            session.delete(&name(&table_name(&self.event)), &format!("_id IN ({})", list.join(", ")))?;
        }
        remove::installs(session, self.file)
    }
}

/// Copies, once for each file, what is left of rows that were deleted: counts, and when installations were first seen.
pub(super) fn counts(connection: &Connection, session: &Session) -> Result<(), Unavailable> {
    let file = File::read(connection)?;
    let done = format!("counts of file {}", file.number);
    if session.fact(&done)?.is_some() {
        return Ok(());
    }
    for insert in [installs(connection)?, active(connection, &file)?, daily(connection, &file)?].into_iter().flatten() {
        session.engine.insert(&insert.sql, insert.rows, &[], TIME)?;
    }
    remove::installs(session, file.number)?;
    Ok(session.set_fact(&done, 1)?)
}

fn installs(connection: &Connection) -> rusqlite::Result<Option<Insert>> {
    let mut statement = connection.prepare("SELECT id, first_day, last_day FROM _install")?;
    let mut rows = statement.query([])?;
    let mut installs = Installs::default();
    while let Some(row) = rows.next()? {
        let install = install_number(&AnonymousId(row.get(0)?));
        installs.add(install, row.get(1)?);
        installs.add(install, row.get(2)?);
    }
    Ok(installs.insert())
}

/// The numbers of events and schemas in the engine, by those in the file. 0 is any.
fn numbers(connection: &Connection) -> rusqlite::Result<(HashMap<i64, i64>, HashMap<i64, i64>)> {
    let mut statement = connection.prepare("SELECT number, name FROM _event")?;
    let event = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, event_number(row.get_ref(1)?.as_str()?)));
    let mut events = statement.query_map([], event)?.collect::<rusqlite::Result<HashMap<_, _>>>()?;
    let mut statement = connection.prepare("SELECT number, hash FROM _schema")?;
    let schema = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, schema_number(&row.get(1)?)));
    let mut schemas = statement.query_map([], schema)?.collect::<rusqlite::Result<HashMap<_, _>>>()?;
    events.insert(0, 0);
    schemas.insert(0, 0);
    Ok((events, schemas))
}

fn active(connection: &Connection, file: &File) -> rusqlite::Result<Option<Insert>> {
    let (events, schemas) = numbers(connection)?;
    let mut statement = connection.prepare("SELECT event, schema, period, first_day, installs FROM _active")?;
    let mut found = statement.query([])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let (Some(event), Some(schema)) = (events.get(&row.get(0)?), schemas.get(&row.get(1)?)) else { continue };
        rows.extend(event.to_le_bytes());
        rows.extend(schema.to_le_bytes());
        put_bytes(&mut rows, row.get_ref(2)?.as_bytes()?);
        rows.extend(row.get::<_, i32>(3)?.to_le_bytes());
        rows.extend(file.number.to_le_bytes());
        rows.extend(row.get::<_, i64>(4)?.to_le_bytes());
    }
    let sql = "INSERT INTO _active (event, schema, period, first_day, part, installs) FORMAT RowBinary".to_owned();
    Ok((!rows.is_empty()).then_some(Insert { sql, rows, token: None }))
}

fn daily(connection: &Connection, file: &File) -> rusqlite::Result<Option<Insert>> {
    let (events, schemas) = numbers(connection)?;
    let mut statement = connection.prepare(
        "SELECT _daily.event, schema, day, path, kind, low, item, events, installs FROM _daily \
         LEFT JOIN _column ON _column.number = _daily.column",
    )?;
    let mut found = statement.query([])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let (Some(event), Some(schema)) = (events.get(&row.get(0)?), schemas.get(&row.get(1)?)) else { continue };
        let (path, kind): (Option<String>, Option<String>) = (row.get(3)?, row.get(4)?);
        let (low, item): (i64, String) = (row.get(5)?, row.get(6)?);
        // Words are text in the engine.
        let (low, item) = match (kind.as_deref(), file.words.get(&low)) {
            (Some("word"), Some(word)) => (0, word.clone()),
            _ => (low, item),
        };
        let column = path.zip(kind).map(|(path, kind)| column_name(&path, &kind)).unwrap_or_default();
        rows.extend(event.to_le_bytes());
        rows.extend(schema.to_le_bytes());
        rows.extend(row.get::<_, i32>(2)?.to_le_bytes());
        put_bytes(&mut rows, column.as_bytes());
        rows.extend(low.to_le_bytes());
        put_bytes(&mut rows, item.as_bytes());
        rows.extend(file.number.to_le_bytes());
        rows.extend(row.get::<_, i64>(7)?.to_le_bytes());
        rows.extend(row.get::<_, i64>(8)?.to_le_bytes());
    }
    let sql = "INSERT INTO _daily (event, schema, day, column, low, item, part, events, installs) FORMAT RowBinary"
        .to_owned();
    Ok((!rows.is_empty()).then_some(Insert { sql, rows, token: None }))
}
