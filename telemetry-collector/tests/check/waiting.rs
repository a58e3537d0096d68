//! Events that wait for their schema: what becomes of them is what would have become of them if it had been known.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::Connection;
use telemetry::schema::Released;
use telemetry_collector::arrival::{AnonymousId, Arrival, Day, Envelope, EventId, Fate};
use telemetry_collector::check::{KnownSchema, envelope};
use telemetry_collector::store::{Limits, Store};

use super::json::Json;
use super::mutate::{Pool, mutations};
use super::shapes::Shape;

/// The event that waits, and the one whose schema is known from the start.
const WAITING: &str = "waiting";
const KNOWN: &str = "known";

/// Payloads and whatever is wrong with them, as far as the receiver lets it wait.
pub(super) fn waits_as_known<T: Shape>(payloads: &[String], changed: &str) {
    let released = Released::of(&T::SCHEMA);
    let pool = Pool::of(&released.to_json_schema());
    // What follows an object that was cut off, or another value, is not let in, so that each payload is an object.
    let mut all: Vec<Vec<u8>> = payloads.iter().map(|payload| payload.clone().into_bytes()).collect();
    let mut at = 0;
    mutations(&Json::read(changed), &pool, &mut |_, bytes| {
        // One in a few, since there are thousands.
        at += 1;
        if at % 5 == 0 && envelope::well_formed(bytes).is_ok() {
            all.push(bytes.to_vec());
        }
    });
    let schema = |event| Arc::new(KnownSchema::new(event, "0.1.0", "2026-11-26", released.clone()));
    compare(&schema(WAITING), &schema(KNOWN), &all, payloads.len());
}

fn compare(waiting: &Arc<KnownSchema>, known: &Arc<KnownSchema>, payloads: &[Vec<u8>], good: usize) {
    let directory = tempfile::tempdir().unwrap();
    let limits = Limits { quarantine_bytes: 1 << 30, quarantine_rows: 1 << 20, ..Limits::default() };
    let limits = Limits { waiting_bytes: 1 << 30, ..limits };
    let store = Store::open_with(&directory.path().join("events.db"), limits).unwrap();
    let arrivals = (0..).zip(payloads).flat_map(|(number, payload)| {
        let envelope = of(1, number);
        let (event, schema) = (waiting.event().to_owned(), waiting.hash());
        let waits = Arrival::Unknown { envelope, schema, event, payload: payload.clone() };
        let checked = match known.check(payload) {
            Ok(cells) => Arrival::Event { envelope: of(2, number), schema: Arc::clone(known), cells },
            Err(reason) => Arrival::Reject { day: Day(20_000), schema: Some(Arc::clone(known)), reason },
        };
        [waits, checked]
    });
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let write = |arrivals| runtime.block_on(store.writer().write(arrivals)).unwrap();
    let fates = write(arrivals.collect());
    assert!(fates.iter().step_by(2).all(|fate| *fate == Fate::Quarantined));
    let stored = fates.iter().skip(1).step_by(2).filter(|fate| **fate == Fate::Stored).count();
    let adopted = runtime.block_on(store.writer().adopt(vec![Arc::clone(waiting)])).unwrap();
    assert_eq!(adopted.stored, stored as u64);
    assert!(stored >= good, "{stored} of {good}");
    let reader = store.reader().unwrap();
    for table in ["_rows_waiting", "_rows_known"] {
        assert_eq!(one(&reader, &format!("SELECT count(*) FROM \"{table}\"")), stored as i64);
    }
    let columns: Vec<String> = strings(&reader, "SELECT name FROM pragma_table_info('_rows_known')");
    // The last bytes of the id are the number of the payload.
    let is_own = |name: &&String| !matches!(name.as_str(), "_number" | "_schema" | "_id" | "_key");
    let told: Vec<String> = columns.iter().filter(is_own).map(|name| format!("\"{name}\"")).collect();
    let told = format!("substr(_id, 17), {}", told.join(", "));
    let sql = format!("SELECT count(*) FROM (SELECT {told} FROM _rows_known EXCEPT SELECT {told} FROM _rows_waiting)");
    assert_eq!(one(&reader, &sql), 0, "the rows are the same");
    let rejects = |event: &str| -> BTreeMap<String, i64> {
        let sql = "SELECT fault || ' ' || path, events FROM _reject JOIN _schema ON _schema.number = schema \
                   JOIN _event ON _event.number = event WHERE name = ?1";
        let mut statement = reader.prepare(sql).unwrap();
        let rows = statement.query_map([event], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    assert_eq!(rejects(WAITING), rejects(KNOWN), "the reasons are the same");
}

fn of(process: u8, number: u64) -> Envelope {
    Envelope {
        id: EventId([process; 16], number),
        anonymous_id: AnonymousId([7; 32]),
        is_ephemeral: false,
        day: Day(20_000),
    }
}

fn one(connection: &Connection, sql: &str) -> i64 {
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

fn strings(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}
