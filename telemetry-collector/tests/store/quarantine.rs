//! Events whose schema is not known.

use std::future::poll_fn;
use std::ops::Range;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::task::Poll;

use telemetry_collector::arrival::{Fate, SchemaHash};
use telemetry_collector::store::Adopted;

use super::*;

#[test]
fn events_wait_until_their_schema_is_known() {
    let kept = Kept::new();
    let arrivals = (1..=1_200).map(|number| unknown(&run(), envelope(number, 1, TODAY), FAST)).collect();
    assert!(kept.write(arrivals).iter().all(|fate| *fate == Fate::Quarantined));
    kept.write_one(unknown(&run(), envelope(2_000, 1, TODAY), r#"{"by_hand":1}"#));
    kept.write_one(unknown(&wider_run(), envelope(2_001, 1, TODAY), FAST));
    let adopted = wait(kept.store().writer().adopt(vec![run()])).unwrap();
    assert_eq!(adopted, Adopted { stored: 1_200, rejected: 1, duplicates: 0 });
    assert_eq!(kept.one::<u32>("SELECT count(*) FROM run WHERE command = 'test'"), 1_200);
    assert_eq!(kept.one::<u32>("SELECT count(*) FROM _quarantine"), 1);
    assert_eq!(kept.one::<u32>("SELECT sum(events) FROM _reject"), 1);
}

#[test]
fn a_repeat_is_a_duplicate_before_and_after_its_schema_is_known() {
    let kept = Kept::new();
    let again = || envelope(1, 1, TODAY);
    let fates = kept.write(vec![unknown(&run(), again(), FAST), unknown(&run(), again(), FAST)]);
    assert_eq!(fates, [Fate::Quarantined, Fate::Duplicate]);
    // The receiver knows the schema already; the event waits still.
    assert_eq!(kept.write_one(event_of(&run(), again(), FAST)), Fate::Duplicate);
    wait(kept.store().writer().adopt(vec![run()])).unwrap();
    // The receiver does not know the schema yet.
    assert_eq!(kept.write_one(unknown(&run(), again(), FAST)), Fate::Duplicate);
    assert_eq!(kept.write_one(unknown(&run(), envelope(2, 1, TODAY), FAST)), Fate::Stored);
    assert_eq!(kept.write_one(unknown(&run(), envelope(3, 1, TODAY), "{}")), Fate::Rejected);
    assert_eq!(kept.one::<u32>("SELECT count(*) FROM run"), 2);
}

/// Room for 8 events: 2 of the first name and hash, 4 of unknown names.
fn narrow() -> Limits {
    Limits { quarantine_rows: 8, quarantine_bytes: 8 * FAST.len() as u64, ..Limits::default() }
}

/// An event of the other schema, of the same length.
const WIDE: &str = r#"{"by_hand":true,"wait":2,"flags":["fast"]}"#;

/// An event under an unknown schema hash.
fn strange(name: &str, hash: u8, number: u64, payload: &str) -> Arrival {
    let (envelope, event) = (envelope(number, 1, TODAY), name.to_owned());
    Arrival::Unknown { envelope, schema: SchemaHash([hash; 32]), event, payload: payload.as_bytes().to_vec() }
}

#[test]
fn events_of_one_hash_take_a_quarter_and_do_not_block_others() {
    let kept = Kept::with(narrow());
    wait(kept.store().writer().adopt(vec![run()])).unwrap();
    let flood = (0..5).map(|number| strange("run", 7, number, FAST)).collect();
    let fates = [Fate::Quarantined, Fate::Quarantined, Fate::Refused, Fate::Refused, Fate::Refused];
    assert_eq!(kept.write(flood), fates);
    let honest = |number| unknown(&wider_run(), envelope(number, 1, TODAY), WIDE);
    assert_eq!(
        kept.write(vec![honest(10), event(&run(), 11, 1, FAST), honest(12)]),
        [Fate::Quarantined, Fate::Stored, Fate::Refused]
    );
    // There is room again once the schema is known, and none of what was acknowledged is lost.
    wait(kept.store().writer().adopt(vec![wider_run()])).unwrap();
    assert_eq!(kept.one::<u32>("SELECT count(*) FROM _rows_run"), 2);
    assert_eq!(kept.store().writer().quarantined().events, 2);
}

/// How many of so many events are taken in of each hash, all of one name.
fn taken(kept: &Kept, name: &str, hashes: Range<u8>, events: usize) -> Vec<usize> {
    let of = |hash| (0..events as u64).map(move |number| strange(name, hash, u64::from(hash) * 1_000 + number, FAST));
    let fates = kept.write(hashes.flat_map(of).collect());
    let is_taken = |fate: &&Fate| **fate == Fate::Quarantined;
    fates.chunks(events).map(|fates| fates.iter().filter(is_taken).count()).collect()
}

#[test]
fn made_up_hashes_of_a_known_name_leave_room_for_a_release() {
    for by_bytes in [false, true] {
        let (rows, bytes) = if by_bytes { (1 << 20, 400) } else { (400, 1 << 20) };
        let limits = Limits { quarantine_rows: rows, quarantine_bytes: bytes * FAST.len() as u64, ..Limits::default() };
        let kept = Kept::with(limits);
        wait(kept.store().writer().adopt(vec![run()])).unwrap();
        let made_up = taken(&kept, "run", 1..6, 120);
        assert_eq!(made_up, [100, 75, 56, 42, 31], "a quarter of what the others leave, by bytes: {by_bytes}");
        let honest = |number| unknown(&wider_run(), envelope(number, 1, TODAY), WIDE);
        let fates = kept.write((0..30).map(honest).collect());
        assert_eq!(fates.iter().filter(|fate| **fate == Fate::Quarantined).count(), 24);
    }
}

#[test]
fn made_up_names_leave_room_for_a_first_release() {
    let kept = Kept::with(Limits { quarantine_rows: 400, ..Limits::default() });
    assert_eq!(taken(&kept, "stranger", 1..4, 60), [50, 37, 28], "of the half");
    assert_eq!(taken(&kept, "first", 9..10, 60), [21]);
}

#[test]
fn bytes_are_counted_as_they_were_sent() {
    let kept = Kept::with(Limits { quarantine_rows: 1_000, ..narrow() });
    wait(kept.store().writer().adopt(vec![run()])).unwrap();
    // Each text takes more when it is hidden.
    let wide: String = format!("{{\"a\":[{}]}}", vec!["\"b\""; FAST.len() / 4 - 3].join(","));
    assert!(wide.len() <= FAST.len() && wide.len() * 3 > FAST.len() * 2);
    let fates = kept.write((0..3).map(|number| strange("run", 7, number, &wide)).collect());
    assert_eq!(fates, [Fate::Quarantined, Fate::Quarantined, Fate::Refused]);
    assert_eq!(kept.store().writer().quarantined().bytes, 2 * wide.len() as u64);
}

#[test]
fn events_of_unknown_names_leave_half_of_the_room_to_known_ones() {
    let kept = Kept::with(Limits { quarantine_rows: 400, ..Limits::default() });
    wait(kept.store().writer().adopt(vec![run()])).unwrap();
    assert_eq!(taken(&kept, "stranger", 0..40, 9).iter().sum::<usize>(), 197, "no hash takes the last three");
    assert_eq!(taken(&kept, "run", 100..180, 9).iter().sum::<usize>(), 200);
}

#[test]
fn what_waits_is_listed_and_purged_also_by_another_process() {
    let kept = Kept::with(Limits { quarantine_rows: 12, ..Limits::default() });
    wait(kept.store().writer().adopt(vec![run()])).unwrap();
    let full = |first| (first..first + 4).map(|number| strange("run", 7, number, FAST)).collect();
    assert_eq!(kept.write(full(0))[3], Fate::Refused);
    kept.write_one(unknown(&wider_run(), envelope(10, 1, Day(TODAY.0 - 3)), FAST));
    let kinds = kept.store().unknown_kinds(&["stop", "run"], 10).unwrap();
    let seen: Vec<_> = kinds.iter().map(|kind| (kind.hash, kind.event.as_deref(), kind.events, kind.first)).collect();
    let (made_up, honest) = (SchemaHash([7; 32]), wider_run().hash());
    assert_eq!(seen, [(made_up, Some("run"), 3, TODAY), (honest, Some("run"), 1, Day(TODAY.0 - 3))]);
    assert_eq!(kept.store().unknown_kinds(&[], 1).unwrap()[0].event, None);

    let other = Store::open(&kept.path()).unwrap();
    assert_eq!(wait(other.writer().purge(Some(made_up))), Ok(3));
    assert_eq!(wait(other.writer().purge(Some(made_up))), Ok(0));
    other.close();
    // The store that was open all the time sees that there is room.
    assert_eq!(kept.write(full(20))[..2], [Fate::Quarantined; 2]);
    let quarantined = kept.store().writer().quarantined();
    assert_eq!((quarantined.events, quarantined.kinds, quarantined.purged), (3, 2, 3));
    assert_eq!(wait(kept.store().writer().purge(None)), Ok(3));
    let left: Vec<u32> =
        kept.all("SELECT count(*) FROM _quarantine UNION ALL SELECT count(*) FROM _payload UNION ALL SELECT count(*) FROM _unknown");
    assert_eq!(left, [0, 0, 0]);
    let reopened = Store::open(&kept.path()).unwrap().writer().quarantined();
    assert_eq!((reopened.events, reopened.purged), (0, 6));
}

#[test]
fn a_purge_ends_with_what_waited_when_it_began() {
    let directory = tempfile::tempdir().unwrap();
    let (reached, has_reached) = mpsc::channel();
    let (go, may_go) = mpsc::channel();
    let stops = Arc::new(AtomicBool::new(false));
    let is_stopped = Arc::clone(&stops);
    let pause = move || {
        if is_stopped.swap(false, Ordering::SeqCst) {
            reached.send(()).unwrap();
            may_go.recv().unwrap();
        }
    };
    let store = Store::open_slow(&directory.path().join("events.db"), Limits::default(), pause).unwrap();
    let writer = store.writer();
    let one = |number| unknown(&run(), envelope(number, 1, TODAY), FAST);
    // More than are purged in one part.
    wait(writer.write((0..600).map(one).collect())).unwrap();
    stops.store(true, Ordering::SeqCst);
    let purged = wait(async {
        let mut purge = pin!(writer.purge(None));
        let mut later = pin!(writer.write(vec![one(1_000)]));
        assert!(poll_once(purge.as_mut()).await.is_pending());
        // It arrives while the first part is on its way to the disk.
        has_reached.recv().unwrap();
        assert!(poll_once(later.as_mut()).await.is_pending());
        go.send(()).unwrap();
        assert_eq!(later.await, Ok(vec![Fate::Quarantined]));
        purge.await
    });
    assert_eq!((purged, writer.quarantined().events), (Ok(600), 1));
}

async fn poll_once<F: Future>(mut future: Pin<&mut F>) -> Poll<F::Output> {
    poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await
}

#[test]
fn events_wait_for_thirty_days_at_most() {
    let kept = Kept::new();
    wait(kept.store().writer().adopt(vec![run()])).unwrap();
    let aged = |name: &str, number, days| Arrival::Unknown {
        envelope: envelope(number, 1, Day(TODAY.0 - days)),
        schema: SchemaHash([7; 32]),
        event: name.to_owned(),
        payload: FAST.into(),
    };
    kept.write(vec![aged("run", 1, 31), aged("run", 2, 30), aged("stranger", 3, 31), aged("stranger", 4, 30)]);
    kept.write_one(aged("run", 5, 19));
    assert_eq!(wait(kept.store().writer().retain(TODAY, 90)).unwrap().quarantined, 2);
    let quarantined = kept.store().writer().quarantined();
    assert_eq!((quarantined.events, quarantined.expired), (3, 2));
    // A shorter retention is theirs, too.
    assert_eq!(wait(kept.store().writer().retain(TODAY, 20)).unwrap().quarantined, 2);
    assert_eq!(kept.store().writer().quarantined().events, 1);
}

/// Installations are counted by their events. One whose events were all rejected, or wait, is none.
#[test]
fn an_event_that_waits_or_is_rejected_is_no_activity_of_an_installation() {
    let kept = Kept::new();
    let of =
        |install, number, days: i32, payload| unknown(&run(), envelope(number, install, Day(TODAY.0 - days)), payload);
    kept.write(vec![of(1, 1, 6, FAST), of(2, 2, 6, "{}"), of(3, 3, 6, "{}"), of(4, 4, 6, FAST)]);
    kept.write_one(event(&wider_run(), 5, 3, r#"{"by_hand":true,"wait":1,"flags":[]}"#));
    kept.write_one(event(&wider_run(), 6, 4, r#"{"by_hand":true,"wait":1,"flags":[]}"#));
    assert_eq!(kept.one::<u32>("SELECT count(*) FROM _install"), 2, "those of the events that are stored");
    let adopted = wait(kept.store().writer().adopt(vec![run()])).unwrap();
    assert_eq!(adopted, Adopted { stored: 2, rejected: 2, duplicates: 0 });
    let installs =
        kept.all::<String>("SELECT substr(hex(id), 1, 2) || ' ' || (first_day - 20784) FROM _install ORDER BY id");
    assert_eq!(installs, ["01 -6", "03 0", "04 -6"]);
}

#[test]
fn a_word_of_question_marks_is_not_what_an_unknown_text_becomes() {
    #[derive(TelemetrySnapshot)]
    struct Marks {
        #[telemetry(one_of("???", "no"))]
        command: String,
    }
    let kept = Kept::new();
    let marks = Arc::new(KnownSchema::new("marks", "0.1.0", "2026-01-01", Released::of(&Marks::SCHEMA)));
    let of = |number, payload| unknown(&marks, envelope(number, 1, TODAY), payload);
    kept.write(vec![of(1, r#"{"command":"xyz"}"#), of(2, r#"{"command":"???"}"#)]);
    let adopted = wait(kept.store().writer().adopt(vec![Arc::clone(&marks)])).unwrap();
    assert_eq!(adopted, Adopted { stored: 1, rejected: 1, duplicates: 0 });
}

#[test]
fn white_space_is_rejected_as_if_the_schema_had_been_known() {
    let kept = Kept::new();
    let spaced = FAST.replace(':', ": ");
    kept.write_one(unknown(&run(), envelope(1, 1, TODAY), &spaced));
    assert_eq!(wait(kept.store().writer().adopt(vec![run()])).unwrap().rejected, 1);
    assert_eq!(kept.one::<String>("SELECT fault FROM _reject"), "WhiteSpace");
    // The schema was added after the receiver looked for it.
    assert_eq!(kept.write_one(unknown(&run(), envelope(2, 1, TODAY), &spaced)), Fate::Rejected);
    assert_eq!(kept.one::<u32>("SELECT events FROM _reject"), 2);
}

#[test]
fn two_events_with_the_same_hash_are_told_apart_by_their_names() {
    let kept = Kept::new();
    let stop = Arc::new(KnownSchema::new("stop", "0.1.0", "2026-01-01", Released::of(&Run::SCHEMA)));
    kept.write(vec![unknown(&run(), envelope(1, 1, TODAY), FAST), unknown(&stop, envelope(2, 1, TODAY), FAST)]);
    let adopted = wait(kept.store().writer().adopt(vec![stop])).unwrap();
    assert_eq!(adopted.stored, 1);
    assert_eq!(kept.one::<u32>("SELECT count(*) FROM stop"), 1);
    let adopted = wait(kept.store().writer().adopt(vec![run()])).unwrap();
    assert_eq!((adopted.stored, kept.one::<u32>("SELECT count(*) FROM _quarantine")), (1, 0));
}

/// Whatever a sender calls its event and puts into its payload.
#[test]
fn the_files_hold_no_text_of_a_sender_whose_schema_is_not_known() {
    let mut kept = Kept::new();
    let payloads = [
        r#"{"canary_name":"canary value","list":["canary é",{"canary":"\u0063anary"}],"n":123456789012345678901234567890}"#,
        r#"canary"canary"#,
        r#"{"canary"#,
        r#""canary":canary"#,
    ];
    let arrivals = (1..).zip(payloads).map(|(number, payload)| Arrival::Unknown {
        envelope: envelope(number, 1, TODAY),
        schema: SchemaHash([7; 32]),
        event: "canary.event".to_owned(),
        payload: payload.as_bytes().to_vec(),
    });
    assert_eq!(kept.write(arrivals.collect()), [Fate::Quarantined; 4]);
    kept.store().backup(&kept.directory.path().join("copy.db")).unwrap();
    let directory = kept.directory.path().to_owned();
    let found = || -> Vec<&str> {
        let files = std::fs::read_dir(&directory).unwrap();
        let mut bytes: Vec<u8> = files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect();
        bytes.make_ascii_lowercase();
        let has = |text: &&str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        ["canary", "0063anary", "1234567890"].into_iter().filter(has).collect()
    };
    assert!(found().is_empty(), "also in the log: {:?}", found());
    kept.close();
    assert!(found().is_empty(), "{:?}", found());
}
