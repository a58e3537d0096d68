//! From the client library through the program into the database, and what is left of it when the program is killed.

use std::collections::HashSet;
use std::process::Command;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use serde_json::Value;
use telemetry::schema::Released;
use telemetry::{Consent, Telemetry, TelemetryEvent, TelemetrySnapshot as _};

use super::events::{Started, started};
use super::http::{Client, ask, get, single};
use super::program::Place;
use crate::ask::fixture::write;

const ENDPOINT: &str = "COLLECTOR_TEST_ENDPOINT";
const EVENTS: i64 = 20;

/// The client of an application, if this process is one.
fn client() -> Option<Telemetry> {
    let endpoint = std::env::var(ENDPOINT).ok()?;
    let consent = Consent::new("COLLECTOR_TEST", "collector-test").skip_test_check();
    Some(Telemetry::builder(consent).configured(Some(true)).endpoint(&endpoint).build())
}

/// An application, in a process of its own since its consent depends on the environment. By itself, this test does nothing.
#[test]
fn application() {
    let Some(telemetry) = client() else { return };
    for number in 0..EVENTS {
        telemetry.publish(&Started { by_hand: number % 2 == 0 });
    }
    // What it returns lacks events that were answered before it was called.
    telemetry.shutdown(Duration::from_secs(60));
    let counts = telemetry.counts();
    assert_eq!(counts.delivered(), u64::try_from(EVENTS).unwrap(), "{counts:?}");
}

#[test]
fn events_of_the_client_library_are_in_the_database_once() {
    let place = Place::new();
    let served = place.serve(&[]);
    let home = place.path("home");
    std::fs::create_dir(&home).unwrap();
    let mut application = Command::new(std::env::current_exe().unwrap());
    application.args(["--exact", "receive::through::application"]).env_clear().env("HOME", home);
    let output = application.env(ENDPOINT, format!("http://{}/v1/events", served.address)).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    served.signal("TERM");
    let (status, log) = served.end();
    assert_eq!(status.code(), Some(0), "{log}");
    assert_eq!(place.rows(), EVENTS);
    let by_hand: i64 =
        place.database().query_row("SELECT count(*) FROM started WHERE by_hand = 1", [], |row| row.get(0)).unwrap();
    let installations: i64 = place.database().query_row("SELECT count(*) FROM _install", [], |row| row.get(0)).unwrap();
    assert_eq!((by_hand, installations), (EVENTS / 2, 1));
}

/// An event that is sent once for all equal ones of a day.
#[derive(TelemetryEvent)]
#[telemetry(event = "command", counted)]
struct Ran {
    by_hand: bool,
}

/// An application that counts. By itself, this test does nothing.
#[test]
fn counting_application() {
    let Some(telemetry) = client() else { return };
    for number in 0..EVENTS {
        telemetry.publish(&Ran { by_hand: number < 15 });
    }
    telemetry.shutdown(Duration::from_secs(20));
}

#[test]
fn a_counted_event_of_the_client_library_is_told_in_times() {
    let place = Place::new();
    let schema = Released::of(&Ran::SCHEMA);
    write(&place.path("schemas"), Ran::NAME, "0.1.0", "2026-11-26", &schema);
    let served = place.serve(&[]);
    let mut application = Command::new(std::env::current_exe().unwrap());
    // What cannot be kept on disk is sent at the end of the client, before the day is over.
    application.args(["--exact", "receive::through::counting_application"]).env_clear().env("HOME", "/dev/null");
    let output = application.env(ENDPOINT, format!("http://{}/v1/events", served.address)).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let report = ask(served.address, &get("/api/v1/events/command", &[])).body;
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["sums"]["all"]["times"], EVENTS, "{report}");
    // Two, unless the day ended meanwhile.
    assert!(report["events"].as_i64().unwrap() <= 4, "{report}");
    assert_eq!(report["fields"][0]["values"], serde_json::json!({"form": "share", "yes": 15, "no": 5}), "{report}");
    served.signal("TERM");
    let (status, log) = served.end();
    assert_eq!(status.code(), Some(0), "{log}");
}

#[test]
fn what_was_answered_is_stored_once_whenever_the_program_is_killed() {
    const CONNECTIONS: u64 = 32;
    let place = Place::new();
    let answered = Mutex::new(HashSet::new());
    for round in 0..10_u64 {
        let served = place.serve(&[]);
        let address = served.address;
        thread::scope(|scope| {
            for connection in 0..CONNECTIONS {
                let answered = &answered;
                scope.spawn(move || {
                    let Ok(mut client) = Client::connect(address) else { return };
                    for number in 0..u64::MAX {
                        // Every third is sent twice.
                        let id = (round * CONNECTIONS + connection) << 32 | (number - number / 3);
                        match client.ask(&single(&started(id))) {
                            Ok(reply) if reply.status == 200 => answered.lock().unwrap().insert(id),
                            Ok(reply) => panic!("{reply:?}"),
                            Err(_) => return,
                        };
                    }
                });
            }
            // At another moment each time, once some were answered.
            let before = answered.lock().unwrap().len();
            super::program::wait_until(|| answered.lock().unwrap().len() > before + 100);
            thread::sleep(Duration::from_millis(round * 7));
            served.signal("KILL");
        });
        served.end();
    }
    let answered = answered.into_inner().unwrap();
    let database = place.database();
    let table: String = database.query_row("SELECT table_name FROM _event", [], |row| row.get(0)).unwrap();
    let mut statement = database.prepare(&format!("SELECT substr(_id, 17) FROM \"{table}\"")).unwrap();
    let ids = statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    let number = |bytes: Vec<u8>| bytes.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let all: Vec<u64> = ids.map(|id| number(id.unwrap())).collect();
    let stored: HashSet<u64> = all.iter().copied().collect();
    assert_eq!(stored.len(), all.len(), "each is there once");
    let lost = answered.difference(&stored).count();
    assert_eq!(lost, 0, "of {} that were answered", answered.len());
}
