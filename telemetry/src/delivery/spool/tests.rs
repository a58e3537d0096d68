use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::time::{Duration, SystemTime};

use proptest::prelude::*;

use super::line::tests::{key, stored};
use super::*;

const NOW: u64 = 1_800_000_000;
const STAMP: Stamp = Stamp { at: NOW, up: None, boot: None };

fn state() -> (tempfile::TempDir, StateDirectory) {
    let home = tempfile::tempdir().unwrap();
    let state = StateDirectory::at(home.path().join("acme/telemetry"));
    state.make().unwrap();
    (home, state)
}

fn open(state: &StateDirectory) -> (Spool, Recovered) {
    Spool::open(state, &key(), &STAMP).unwrap()
}

fn write(spool: &mut Spool, ids: &[&str]) {
    for id in ids {
        spool.append(&[&stored(id, NOW)]).unwrap();
    }
}

fn ids(recovered: &Recovered) -> Vec<&str> {
    recovered.events.iter().map(|event| &*event.id).collect()
}

#[test]
fn what_one_process_leaves_the_next_one_takes_over() {
    let (_home, state) = state();
    let (mut first, nothing) = open(&state);
    assert!(nothing.events.is_empty());
    write(&mut first, &["1", "2", "3"]);
    first.done(["2"]).unwrap();
    assert!(Spool::take_over(&state, &key(), &STAMP).is_none(), "it is held");
    first.close();
    let (mut second, recovered) = open(&state);
    assert_eq!(ids(&recovered), ["1", "3"]);
    assert_eq!(state.names(PREFIX).len(), 1);
    for id in ["1", "3"] {
        second.done([id]).unwrap();
    }
    second.close();
    assert!(state.names(PREFIX).is_empty());
}

#[test]
fn a_torn_line_does_not_spoil_the_next_one() {
    let (_home, state) = state();
    let (mut first, _) = open(&state);
    write(&mut first, &["1"]);
    let path = state.path(first.file.name());
    drop(first);
    OpenOptions::new().append(true).open(path).unwrap().write_all(br#"{"mac":"00"#).unwrap();
    let (mut second, recovered) = open(&state);
    assert_eq!((ids(&recovered), recovered.tally.torn), (vec!["1"], 1));
    write(&mut second, &["2"]);
    drop(second);
    let (_, recovered) = open(&state);
    assert_eq!((ids(&recovered), recovered.tally), (vec!["1", "2"], Tally::default()));
}

#[test]
fn all_that_is_free_is_adopted_and_what_is_held_is_not() {
    let (_home, state) = state();
    let (mut own, _) = open(&state);
    let (mut held, _) = open(&state);
    let (mut ended, _) = open(&state);
    write(&mut held, &["held"]);
    write(&mut ended, &["ended"]);
    drop(ended);
    let recovered = own.adopt(&STAMP);
    assert_eq!(ids(&recovered), ["ended"]);
    assert_eq!(state.names(PREFIX).len(), 2);
    drop(own);
    assert_eq!(ids(&open(&state).1), ["ended"]);
}

#[test]
fn what_goes_elsewhere_stays_until_it_is_too_old() {
    let (_home, state) = state();
    let name = "spool-0123456789abcdef-1.ndjson";
    let other = SpoolKey::of_another();
    let [one, two] = ["1", "2"].map(|id| other.event(&stored(id, NOW)).unwrap());
    fs::write(state.path(name), [&one, &*two, &other.done("1").unwrap(), b"rubbish\n"].concat()).unwrap();
    #[cfg(unix)]
    fs::set_permissions(state.path(name), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let (mut own, _) = open(&state);
    assert_eq!(own.adopt(&STAMP).tally, Tally::default());
    assert!(state.path(name).exists());
    let old = SystemTime::now() - MAX_AGE - Duration::from_secs(60);
    state.open(name).unwrap().set_modified(old).unwrap();
    let recovered = own.adopt(&STAMP);
    assert_eq!((recovered.events.len(), recovered.tally), (0, Tally { expired: 1, ..Tally::default() }));
    assert!(!state.path(name).exists());
}

#[test]
fn how_long_the_oldest_waits_is_told_by_the_clock_that_was_not_set() {
    let (_home, state) = state();
    let (mut spool, _) = open(&state);
    let then = Stamp { at: 60, up: Some(100), boot: Some(7) };
    spool.append(&[&StoredEvent { at: then, ..stored("1", 60) }]).unwrap();
    let oldest = |now| survey(&state, Some(&key()), &now).oldest;
    assert_eq!(oldest(Stamp { at: NOW, up: Some(150), boot: Some(7) }), Some(NOW - 50));
    assert_eq!(oldest(Stamp { at: NOW, up: Some(10), boot: Some(8) }), Some(NOW), "its age starts again");
}

#[test]
fn bytes_are_bounded_over_all_files() {
    let (_home, state) = state();
    let (mut one, _) = open(&state);
    let (mut other, _) = open(&state);
    let big = |at: usize| StoredEvent { body: format!(r#""{}""#, "x".repeat(10_000)), ..stored(&at.to_string(), NOW) };
    let mut written = 0;
    for at in 0..200 {
        let spool = if at % 2 == 0 { &mut one } else { &mut other };
        written += usize::from(spool.append(&[&big(at)]).is_ok());
    }
    let total: u64 = state.names(PREFIX).iter().map(|name| state.length(name)).sum();
    assert!(written > 90 && total <= MAX_BYTES, "{written} {total}");
    drop(one);
    assert!(other.append(&[&big(200)]).is_err(), "what is left behind counts too");
}

#[test]
fn events_are_bounded_and_room_comes_back() {
    let (_home, state) = state();
    let (mut spool, _) = open(&state);
    let mut written = 0;
    while spool.append(&[&stored(&written.to_string(), NOW)]).is_ok() {
        written += 1;
    }
    assert_eq!(written, MAX_EVENTS);
    for at in 0..written {
        spool.done([at.to_string().as_str()]).unwrap();
    }
    write(&mut spool, &["again"]);
}

#[test]
fn many_threads_share_it_and_each_event_is_recovered_once() {
    let (_home, state) = state();
    let recovered = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (state, recovered) = (&state, &recovered);
            scope.spawn(move || {
                for turn in 0..20 {
                    let (mut spool, mut found) = Spool::open(state, &key(), &STAMP).unwrap();
                    found.events.extend(spool.adopt(&STAMP).events);
                    for event in found.events {
                        spool.done([event.id.as_str()]).unwrap();
                        recovered.lock().unwrap().push(event.id);
                    }
                    write(&mut spool, &[&format!("{thread}-{turn}")]);
                    spool.close();
                }
            });
        }
    });
    let (mut last, rest) = open(&state);
    let mut all = recovered.into_inner().unwrap();
    all.extend(rest.events.into_iter().chain(last.adopt(&STAMP).events).map(|event| event.id));
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 160);
    assert_eq!(state.names(PREFIX).len(), 1);
}

#[test]
fn events_are_bounded_over_all_files() {
    let (_home, state) = state();
    let mut spools = [open(&state).0, open(&state).0, open(&state).0];
    let mut written = 0;
    for at in 0..MAX_EVENTS * 2 {
        written += usize::from(spools[at % 3].append(&[&stored(&at.to_string(), NOW)]).is_ok());
    }
    assert_eq!(written, MAX_EVENTS);
    let [held, mut other, _] = spools;
    drop(held);
    assert!(other.append(&[&stored("more", NOW)]).is_err(), "what is left behind counts too");
}

/// The events and bytes of all files, read line by line.
fn on_disk(state: &StateDirectory) -> (usize, u64) {
    let names = state.names(PREFIX);
    let events = names.iter().map(|name| line::count(&fs::read(state.path(name)).unwrap_or_default())).sum();
    (events, names.iter().map(|name| state.length(name)).sum())
}

#[test]
fn the_limits_hold_while_many_write_and_leave_at_once() {
    let (_home, state) = state();
    let written = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for thread in 0..24 {
            let (state, written) = (&state, &written);
            scope.spawn(move || {
                let mut spool = Spool::open(state, &key(), &STAMP).ok().map(|(spool, _)| spool);
                for turn in 0..60 {
                    let event = stored(&format!("{thread}-{turn}"), NOW);
                    let left = match &mut spool {
                        Some(spool) if thread % 2 == 0 => spool.append(&[&event]).is_ok(),
                        _ => leave(state, &key(), &event).is_ok(),
                    };
                    written.fetch_add(usize::from(left), std::sync::atomic::Ordering::SeqCst);
                    let (events, bytes) = on_disk(state);
                    // A file that is renamed meanwhile can be counted twice or not at all, so only the end is exact.
                    assert!(events <= 2 * MAX_EVENTS && bytes <= 2 * MAX_BYTES);
                }
                // Like a process that is killed.
                std::mem::forget(spool);
            });
        }
    });
    let (events, bytes) = on_disk(&state);
    assert_eq!(events, written.into_inner());
    // Those who took room in advance and did not use it leave some of it empty.
    assert!((MAX_EVENTS - 24..=MAX_EVENTS).contains(&events) && bytes <= MAX_BYTES, "{events} {bytes}");
}

/// The files can be read by nobody, so the events were left without reading any.
#[test]
fn an_event_is_left_without_reading_those_that_are_there() {
    let (_home, state) = state();
    let event =
        |at: usize| StoredEvent { body: format!(r#""{}""#, "x".repeat(20_000)), ..stored(&at.to_string(), NOW) };
    for at in 0..40 {
        leave(&state, &key(), &event(at)).unwrap();
    }
    let [name] = &state.names(PREFIX)[..] else { panic!("not one file") };
    let promised = Promise::of(name).unwrap().room;
    assert_eq!(promised.events, 40);
    assert!(promised.bytes >= state.length(name) && promised.bytes < MAX_BYTES);
    // What another program has put in place of the events is not looked at either.
    fs::write(state.path(name), vec![b'x'; 100]).unwrap();
    leave(&state, &key(), &event(40)).unwrap();
    let (_, recovered) = open(&state);
    assert_eq!((ids(&recovered), recovered.tally.foreign), (vec!["40"], 1));
}

#[test]
fn what_was_left_is_bounded_too() {
    let (_home, state) = state();
    for at in 0..MAX_EVENTS {
        leave(&state, &key(), &stored(&at.to_string(), NOW)).unwrap();
    }
    let refused = leave(&state, &key(), &stored("more", NOW));
    assert!(refused.is_err_and(|error| error.kind() == io::ErrorKind::QuotaExceeded));
    let (mut spool, recovered) = open(&state);
    assert_eq!(recovered.events.len(), MAX_EVENTS);
    assert!(spool.append(&[&stored("more", NOW)]).is_err());
    spool.done(["7"]).unwrap();
    write(&mut spool, &["more"]);
}

/// A process that has adopted much does not keep the room to itself when it is done.
#[test]
fn room_comes_back_to_the_others_as_well() {
    let (_home, state) = state();
    let (mut one, _) = open(&state);
    for at in 0..MAX_EVENTS {
        write(&mut one, &[&at.to_string()]);
    }
    let (mut other, _) = open(&state);
    assert!(other.append(&[&stored("other", NOW)]).is_err());
    for at in 0..MAX_EVENTS {
        one.done([at.to_string().as_str()]).unwrap();
    }
    write(&mut other, &["other"]);
}

#[test]
fn files_are_bounded() {
    let (_home, state) = state();
    for at in 0..MAX_EVENTS {
        state.create(&format!("{PREFIX}0123456789abcdef-{at}.ndjson")).unwrap();
    }
    assert!(Spool::open(&state, &key(), &STAMP).is_err_and(|error| error.kind() == io::ErrorKind::QuotaExceeded));
}

/// An event that the receiver cannot take must not use up the space of the others.
#[test]
fn room_comes_back_also_while_one_event_waits() {
    let (_home, state) = state();
    let (mut spool, _) = open(&state);
    write(&mut spool, &["waits"]);
    for at in 0..300 {
        let id = at.to_string();
        let body = format!(r#""{}""#, "x".repeat(10_000));
        spool.append(&[&StoredEvent { body, ..stored(&id, NOW) }]).unwrap();
        spool.done([id.as_str()]).unwrap();
    }
    write(&mut spool, &["last"]);
    assert_eq!(state.names(PREFIX).len(), 1);
    drop(spool);
    assert_eq!(ids(&open(&state).1), ["waits", "last"]);
}

/// The name of a file changes with the room that it has, so no room was taken or given back.
#[test]
fn a_program_whose_events_are_delivered_one_by_one_takes_room_once() {
    let (_home, state) = state();
    let (mut spool, _) = open(&state);
    write(&mut spool, &["first"]);
    let name = spool.file.name().to_owned();
    spool.done(["first"]).unwrap();
    for at in 0..1_000 {
        let id = at.to_string();
        write(&mut spool, &[&id]);
        spool.done([id.as_str()]).unwrap();
        assert_eq!(spool.file.name(), name, "after {at}");
    }
}

#[test]
fn many_idle_programs_leave_room_to_the_next() {
    let (_home, state) = state();
    let mut idle: Vec<Spool> = (0..200).map(|_| open(&state).0).collect();
    for (at, spool) in idle.iter_mut().enumerate() {
        let id = at.to_string();
        write(spool, &[&id]);
        spool.done([id.as_str()]).unwrap();
    }
    let mut last = open(&state).0;
    for at in 0..MAX_EVENTS / 4 {
        write(&mut last, &[&at.to_string()]);
    }
}

/// Like a program that is stopped, by a debugger or with its container, while it changes the files.
#[cfg(unix)]
#[test]
fn a_process_that_is_stopped_in_its_turn_holds_up_no_other() {
    let (_home, state) = state();
    for at in 0..20 {
        state.create(&format!("{}{at:016}-1000-1.ndjson", key().prefix())).unwrap();
    }
    let (mut running, _) = open(&state);
    let stopped = StateDirectory::at(state.path("")).take_turn().unwrap();
    assert!(stopped.is_exclusive());
    let other = StateDirectory::at(state.path(""));
    // None of this would return if it waited until the other process ends its turn.
    let (mut new, _) = open(&other);
    write(&mut new, &["new"]);
    leave(&other, &key(), &stored("left", NOW)).unwrap();
    write(&mut running, &["running"]);
    new.adopt(&STAMP);
    let mut written = 3;
    while running.append(&[&stored(&written.to_string(), NOW)]).is_ok() {
        written += 1;
    }
    assert!(
        (MAX_EVENTS / 2..=MAX_EVENTS / 4 * 3).contains(&written),
        "the rest is for the one that is stopped: {written}"
    );
    let refused = leave(&other, &key(), &stored("more", NOW));
    assert!(refused.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock));
    drop(stopped);
    leave(&other, &key(), &stored("more", NOW)).unwrap();
}

/// A user deletes a file or moves it away; another process gives it a new name, or moves its events.
#[cfg(unix)]
#[test]
fn a_file_that_was_taken_is_told_from_one_that_was_deleted() {
    let (home, state) = state();
    let (mut spool, _) = open(&state);
    write(&mut spool, &["1"]);
    let path = state.path(spool.file.name());
    assert!(!spool.is_lost());
    let renamed = state.path(&format!("{}0-1000-1-held.ndjson", key().prefix()));
    fs::rename(&path, &renamed).unwrap();
    assert!(spool.is_lost());
    fs::rename(&renamed, home.path().join("elsewhere")).unwrap();
    assert!(!spool.is_lost());
    fs::rename(home.path().join("elsewhere"), &path).unwrap();
    let of_another = fs::File::options().write(true).open(&path).unwrap();
    fs::remove_file(&path).unwrap();
    assert!(!spool.is_lost());
    of_another.set_len(0).unwrap();
    assert!(spool.is_lost());
}

/// The one that has taken it has added an event of its own.
#[test]
fn a_file_that_was_taken_is_not_emptied_by_the_one_that_had_it() {
    let (_home, state) = state();
    let (mut spool, _) = open(&state);
    write(&mut spool, &["1"]);
    let taken = state.path(&format!("{}0-1000-1-held.ndjson", key().prefix()));
    fs::rename(state.path(spool.file.name()), &taken).unwrap();
    let line = key().event(&stored("2", NOW)).unwrap();
    OpenOptions::new().append(true).open(&taken).unwrap().write_all(&line).unwrap();
    assert!(spool.done(["1"]).is_err_and(|error| error.kind() == io::ErrorKind::NotFound));
    assert!(fs::read(&taken).unwrap().ends_with(&line));
    #[cfg(unix)]
    assert!(spool.is_lost());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    /// However a file is altered, only what this user's programs wrote is read from it, byte for byte.
    #[test]
    fn a_file_that_was_tampered_with_yields_true_events_only(
        tampering in prop::collection::vec((any::<prop::sample::Index>(), any::<Vec<u8>>(), 0_usize..300), 1..6),
    ) {
        let written: Vec<StoredEvent> = ["1", "2", "3", "4"].map(|id| stored(id, NOW)).into();
        let mut bytes: Vec<u8> = written.iter().flat_map(|event| key().event(event).unwrap()).collect();
        bytes.extend(key().done("4").unwrap());
        for (at, inserted, deleted) in &tampering {
            let at = at.index(bytes.len() + 1);
            let end = (at + deleted).min(bytes.len());
            bytes.splice(at..end, inserted.iter().copied());
        }
        let (_home, state) = state();
        let (mut own, _) = open(&state);
        state.create(&format!("{}0.ndjson", key().prefix())).and_then(|mut file| file.write_all(&bytes))?;
        let recovered = own.adopt(&STAMP);
        for event in &recovered.events {
            prop_assert!(written.contains(event), "{event:?}");
        }
        drop(own);
        prop_assert_eq!(open(&state).1.events, recovered.events);
    }
}
