//! Deletion by anonymous id.

use std::time::Duration;

use telemetry_collector::arrival::Fate;
use telemetry_collector::store::Deletion;

use super::*;

fn deletion(number: u64, install: u8) -> Arrival {
    let Envelope { id, anonymous_id, .. } = envelope(number, install, TODAY);
    Arrival::Deletion { id, anonymous_id }
}

#[test]
fn everything_with_the_id_is_deleted_and_nothing_else() {
    let kept = Kept::new();
    let stop = Arc::new(KnownSchema::new("stop", "0.1.0", "2026-01-01", Released::of(&Run::SCHEMA)));
    let old = envelope(2, 7, Day(TODAY.0 - 30));
    let ephemeral = Envelope { is_ephemeral: true, ..envelope(3, 7, TODAY) };
    kept.write(vec![
        event(&run(), 1, 7, FAST),
        event_of(&stop, old, FAST),
        event_of(&run(), ephemeral, FAST),
        event(&run(), 4, 8, FAST),
        unknown(&wider_run(), envelope(5, 7, TODAY), FAST),
        unknown(&wider_run(), envelope(6, 8, TODAY), FAST),
    ]);
    assert_eq!(
        kept.write(vec![deletion(10, 7), deletion(10, 7), deletion(11, 99)]),
        [Fate::Deleted, Fate::Duplicate, Fate::Deleted]
    );
    assert_eq!(kept.one::<u32>("SELECT count(*) FROM run"), 1);
    assert_eq!(kept.one::<u32>("SELECT count(*) FROM stop"), 0);
    assert_eq!(kept.one::<u32>("SELECT count(*) FROM _quarantine"), 1);
    assert_eq!(kept.all::<Vec<u8>>("SELECT id FROM _install"), [vec![8; 32]]);
    assert_eq!(kept.one::<u32>("SELECT count(*) FROM _deletion"), 2);
}

#[test]
fn events_that_arrive_in_the_group_of_the_deletion_are_deleted_as_they_came() {
    let kept = Kept::new();
    let fates = kept.write(vec![event(&run(), 1, 7, FAST), deletion(2, 7), event(&run(), 3, 7, FAST)]);
    assert_eq!(fates, [Fate::Stored, Fate::Deleted, Fate::Stored]);
    assert_eq!(kept.one::<u32>("SELECT count(*) FROM run"), 1);
}

#[test]
fn a_deletion_says_whether_there_was_anything() {
    let kept = Kept::new();
    kept.write(vec![
        event(&run(), 1, 7, FAST),
        unknown(&wider_run(), envelope(2, 7, TODAY), FAST),
        unknown(&wider_run(), envelope(3, 8, TODAY), FAST),
    ]);
    let delete = |number, install| {
        let Envelope { id, anonymous_id, .. } = envelope(number, install, TODAY);
        wait(kept.store().writer().delete(id, anonymous_id)).unwrap()
    };
    assert_eq!(delete(10, 7), Deletion::Deleted { events: 2 });
    assert_eq!(delete(10, 7), Deletion::Repeated);
    assert_eq!(delete(11, 7), Deletion::Nothing);
    assert_eq!(delete(12, 8), Deletion::Deleted { events: 1 }, "it has only events that wait");
    assert_eq!(kept.one::<u32>("SELECT count(*) FROM _install"), 0);
    // A stranger learns nothing.
    assert_eq!(kept.write(vec![deletion(13, 7), deletion(14, 9)]), [Fate::Deleted; 2]);
}

/// Nothing is rewritten a second time while the store is open.
fn rarely() -> Limits {
    Limits { rewrite_pause: Duration::from_secs(1 << 40), ..Limits::default() }
}

/// Of which tables a rewriting is noted: 1 for installations, 2 for the quarantine, or 3 for both.
fn noted(kept: &Kept) -> Vec<i64> {
    // The second is answered after what the thread did in between.
    kept.write(Vec::new());
    kept.write(Vec::new());
    kept.all("SELECT value FROM _fact WHERE name = 'tables of ids to rewrite'")
}

/// A stranger can have events of his own deleted again and again.
#[test]
fn repeated_deletions_rewrite_no_table_again_at_once() {
    let mut kept = Kept::with(rarely());
    let stored = |number| event(&run(), number, number as u8, FAST);
    let waits = |number| unknown(&wider_run(), envelope(number, number as u8, TODAY), FAST);
    kept.write(vec![stored(1), stored(2), waits(3), waits(4), stored(5)]);
    kept.write_one(deletion(11, 1));
    assert_eq!(noted(&kept), Vec::<i64>::new(), "the first time, it is done at once");
    kept.write_one(deletion(12, 2));
    assert_eq!(noted(&kept), [1]);
    assert_eq!(kept.all::<Vec<u8>>("SELECT id FROM _install"), [vec![5; 32]], "the installation is gone at once");
    kept.write_one(deletion(13, 3));
    assert_eq!(noted(&kept), [3]);
    kept.close();
    kept.reopen(rarely());
    assert_eq!(noted(&kept), Vec::<i64>::new(), "it was done when the store was closed");
    kept.write_one(deletion(14, 4));
    assert_eq!(noted(&kept), Vec::<i64>::new(), "of another store it is the first");
}

#[test]
fn only_tables_of_which_something_was_deleted_are_rewritten() {
    let kept = Kept::with(rarely());
    let waits = |number| unknown(&wider_run(), envelope(number, number as u8, TODAY), FAST);
    kept.write(vec![event(&run(), 1, 1, FAST), waits(2), waits(3)]);
    kept.write(vec![deletion(10, 99), deletion(11, 2)]);
    assert_eq!(noted(&kept), Vec::<i64>::new());
    kept.write(vec![deletion(12, 98), deletion(13, 3)]);
    assert_eq!(noted(&kept), [2]);
    kept.write_one(deletion(14, 97));
    assert_eq!(noted(&kept), [2], "there was nothing to delete");
}

/// An event that is taken in moves from the quarantine to its table, and its id stays in the pages that it was in.
#[test]
fn the_quarantine_is_rewritten_after_events_were_taken_in() {
    let kept = Kept::with(rarely());
    kept.write(vec![
        event(&wider_run(), 1, 1, r#"{"by_hand":true,"wait":2,"flags":[]}"#),
        unknown(&run(), envelope(2, 2, TODAY), FAST),
        deletion(10, 1),
    ]);
    assert_eq!(noted(&kept), Vec::<i64>::new());
    assert_eq!(wait(kept.store().writer().adopt(vec![run()])).unwrap().stored, 1);
    assert_eq!(noted(&kept), [2]);
}

#[test]
fn a_rewriting_that_was_due_is_done_after_the_pause_and_when_the_program_starts_again() {
    let mut kept = Kept::with(Limits { rewrite_pause: Duration::ZERO, ..Limits::default() });
    kept.write((1..4).map(|number| event(&run(), number, number as u8, FAST)).collect());
    for number in 1..3 {
        kept.write_one(deletion(10 + number, number as u8));
        assert_eq!(noted(&kept), Vec::<i64>::new());
    }
    kept.close();
    // As if the program had been killed.
    let note = "INSERT INTO _fact (name, value) VALUES ('tables of ids to rewrite', 3)";
    Connection::open(kept.path()).unwrap().execute(note, []).unwrap();
    kept.reopen(rarely());
    assert_eq!(noted(&kept), Vec::<i64>::new());
}

/// Ids are spread over the index, so that its pages are split and filled again many times.
#[test]
fn no_part_of_the_id_is_in_the_files_afterwards() {
    let mut kept = Kept::with(rarely());
    let arrival = |number: u64| {
        let mut id = [0; 32];
        for part in 0..4 {
            let random = (number * 4 + part as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            id[part * 8..part * 8 + 8].copy_from_slice(&(random ^ random >> 31).to_be_bytes());
        }
        Envelope { anonymous_id: AnonymousId(id), ..envelope(number, 0, TODAY) }
    };
    // Of three, one waits for its schema, and one has waited, which leaves what it was in the pages.
    let wider = wider_run();
    let kept_as = |number: u64| match number % 3 {
        0 => event_of(&run(), arrival(number), FAST),
        1 => unknown(&run(), arrival(number), FAST),
        _ => unknown(&wider, arrival(number), FAST),
    };
    for first in (0..3_000).step_by(500) {
        kept.write((first..first + 500).map(kept_as).collect());
    }
    wait(kept.store().writer().adopt(vec![run()])).unwrap();
    let victims: Vec<u64> = (0..3_000).step_by(5).collect();
    for victims in victims.chunks(200) {
        let deletions = victims.iter().map(|victim| {
            let Envelope { anonymous_id, .. } = arrival(*victim);
            Arrival::Deletion { id: EventId([0xdd; 16], *victim), anonymous_id }
        });
        assert!(kept.write(deletions.collect()).iter().all(|fate| *fate == Fate::Deleted));
    }
    kept.close();
    let mut parts = std::collections::HashSet::new();
    for file in std::fs::read_dir(kept.directory.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        parts.extend(bytes.windows(8).map(|part| <[u8; 8]>::try_from(part).unwrap()));
    }
    let is_there = |number| arrival(number).anonymous_id.0.chunks(8).any(|part| parts.contains(part));
    assert!(is_there(1), "an installation that was not deleted is there");
    let left: Vec<&u64> = victims.iter().filter(|victim| is_there(**victim)).collect();
    assert!(left.is_empty(), "{left:?}");
}
