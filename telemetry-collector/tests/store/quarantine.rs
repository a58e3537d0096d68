//! Events whose schema is not known.

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

#[test]
fn what_waits_is_capped_and_more_is_refused() {
    // As it is stored, each of its four texts takes 27 bytes more than its quotes do.
    let hidden = r#"{"":true,"":2,"":""}"#.len() as u64 + 4 * 27;
    let limits = Limits { quarantine_rows: 3, quarantine_bytes: 2 * hidden, ..Limits::default() };
    let kept = Kept::with(limits);
    let waiting = |number| unknown(&run(), envelope(number, 1, TODAY), FAST);
    let fates = kept.write(vec![waiting(1), waiting(2), waiting(3), event(&run(), 4, 1, FAST)]);
    assert_eq!(fates, [Fate::Quarantined, Fate::Quarantined, Fate::Refused, Fate::Stored]);
    let small = |number| unknown(&run(), envelope(number, 1, TODAY), "");
    assert_eq!(kept.write(vec![small(5), small(6)]), [Fate::Quarantined, Fate::Refused]);
    // There is room again once the schema is known.
    wait(kept.store().writer().adopt(vec![run()])).unwrap();
    assert_eq!(kept.write_one(unknown(&wider_run(), envelope(7, 1, TODAY), FAST)), Fate::Quarantined);
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
