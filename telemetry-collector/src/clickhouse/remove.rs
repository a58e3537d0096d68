//! Deletes everything of an installation.
//!
//! Its rows are not seen any more once the deletion is answered. They leave the disk when the engine merges the parts that they are in, and at the
//! next [retention](super::retain), within hours.
//!
//! Events of the installation may wait for their schemas beside other collectors. The engine remembers its number, and what they take over later passes over it.

use std::collections::{HashMap, HashSet};

use data_encoding::HEXLOWER;

use super::http::EngineError;
use super::layout::install_number;
use super::session::{Session, name};
use crate::arrival::{AnonymousId, EventId};
use crate::store::{Deletion, StoredId};

/// Stands for the file where no collector got the request: the collector that uses the file may be sending rows of the installation.
pub(super) const NO_FILE: i64 = 0;

/// A request for deletion.
struct Request {
    /// In hexadecimal.
    id: String,
    install: i64,
    is_repeated: bool,
}

/// Carries out requests that follow each other, and says what each of them did. The file is that of the collector that was asked.
///
/// Anybody can request the deletion of ids that do not exist, so a whole group of such requests takes four queries.
pub(super) fn delete(
    session: &Session,
    file: i64,
    requests: &[(EventId, AnonymousId)],
) -> Result<Vec<Deletion>, EngineError> {
    let requests = read(session, requests)?;
    let fresh: Vec<&Request> = requests.iter().filter(|request| !request.is_repeated).collect();
    if fresh.is_empty() {
        return Ok(vec![Deletion::Repeated; requests.len()]);
    }
    // Before anything is looked for: who takes over rows now looks for this after they are there.
    let noted: Vec<String> = fresh.iter().map(|request| format!("({}, {file})", request.install)).collect();
    session.run(&format!("INSERT INTO _deleted (install, file) VALUES {}", noted.join(", ")))?;
    let mut known = known(session, &fresh)?;
    let mut deletions = Vec::with_capacity(requests.len());
    for request in &requests {
        deletions.push(match request {
            Request { is_repeated: true, .. } => Deletion::Repeated,
            Request { install, .. } if known.remove(install) => Deletion::Deleted { events: rows(session, *install)? },
            _ => Deletion::Nothing,
        });
    }
    // Once all is done: a deletion that failed on the way is begun again.
    session.run(&format!("INSERT INTO _deletion (id) {}", ids(&fresh)))?;
    Ok(deletions)
}

fn read(session: &Session, requests: &[(EventId, AnonymousId)]) -> Result<Vec<Request>, EngineError> {
    let request = |(id, anonymous_id): &(EventId, AnonymousId)| Request {
        id: HEXLOWER.encode(StoredId::new(*id).as_bytes()),
        install: install_number(anonymous_id),
        is_repeated: false,
    };
    let mut requests: Vec<Request> = requests.iter().map(request).collect();
    let sql = format!("SELECT id FROM _deletion WHERE id IN ({})", ids(&requests.iter().collect::<Vec<_>>()));
    let done = session.all(&sql, |row| Ok(HEXLOWER.encode(row.bytes(0)?)))?;
    let mut done: HashSet<String> = done.into_iter().collect();
    for request in &mut requests {
        request.is_repeated = !done.insert(request.id.clone());
    }
    Ok(requests)
}

/// The ids of requests, as a query. One text is read many times faster than as many calls.
fn ids(requests: &[&Request]) -> String {
    let list: Vec<&str> = requests.iter().map(|request| request.id.as_str()).collect();
    format!("SELECT unhex(arrayJoin(splitByChar(',', '{}')))", list.join(","))
}

/// Those installations that there are. Each is inserted before its rows, and deleted after them.
fn known(session: &Session, requests: &[&Request]) -> Result<HashSet<i64>, EngineError> {
    let list = list(requests.iter().map(|request| request.install));
    integers(session, &format!("SELECT number FROM _install WHERE number IN ({list})"))
}

/// Deletes an installation, and says how many rows it had.
fn rows(session: &Session, install: i64) -> Result<u64, EngineError> {
    let mut events = 0;
    for table in tables(session)? {
        let found = session.integer(&format!("SELECT count() FROM {table} WHERE _install = {install}"))?;
        if let Some(count @ 1..) = found {
            session.delete(&table, &format!("_install = {install}"))?;
            events += u64::try_from(count).unwrap_or(0);
        }
    }
    session.delete("_install", &format!("number = {install}"))?;
    Ok(events)
}

/// The day of a deletion, which is told by its time.
const DAY: &str = "intDiv(toUnixTimestamp(at), 86400)";

/// The days on which other collectors than that of this file last deleted some of these installations, by their numbers.
pub(super) fn elsewhere(
    session: &Session,
    file: i64,
    installs: &HashSet<i64>,
) -> Result<HashMap<i64, i32>, EngineError> {
    if installs.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "SELECT install, max({DAY}) FROM _deleted WHERE file != {file} AND install IN ({}) GROUP BY install",
        list(installs.iter().copied())
    );
    let day = |day: i64| i32::try_from(day).unwrap_or(i32::MAX);
    Ok(session.all(&sql, |row| Ok((row.integer(0)?, day(row.integer(1)?))))?.into_iter().collect())
}

/// Deletes installations that a file has brought back after other collectors had deleted them, and of which there is nothing else.
pub(super) fn installs(session: &Session, file: i64) -> Result<(), EngineError> {
    let sql = format!(
        "SELECT DISTINCT number FROM _install INNER JOIN _deleted ON install = number \
         WHERE file != {file} AND last_day <= {DAY}"
    );
    let mut empty = integers(session, &sql)?;
    // What was sent after the deletion, on the same day, is not found without its installation.
    for table in tables(session)? {
        if empty.is_empty() {
            return Ok(());
        }
        let found = list(empty.iter().copied());
        let sql = format!("SELECT DISTINCT _install FROM {table} WHERE _install IN ({found})");
        empty = &empty - &integers(session, &sql)?;
    }
    if empty.is_empty() {
        return Ok(());
    }
    session.delete("_install", &format!("number IN ({})", list(empty)))
}

fn integers(session: &Session, sql: &str) -> Result<HashSet<i64>, EngineError> {
    Ok(session.all(sql, |row| row.integer(0))?.into_iter().collect())
}

fn list(numbers: impl IntoIterator<Item = i64>) -> String {
    numbers.into_iter().map(|number| number.to_string()).collect::<Vec<_>>().join(", ")
}

/// The tables of events, in quotes.
pub(super) fn tables(session: &Session) -> Result<Vec<String>, EngineError> {
    session.all("SELECT table_name FROM _event ORDER BY name", |row| Ok(name(&row.text(0)?)))
}
