mod pending;
mod steps;
mod year;

use std::cell::RefCell;
use std::path::Path;
use std::time::Duration;
use std::{fs, io};

use telemetry_spec::counted::{MAX_COUNT, MAX_DISTINCT};

use super::*;
use crate::clock::Moment;
use crate::clock::tests::Hand;
use crate::delivery::counts::Loss;

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What one process counts.
struct Process {
    counted: Counted,
    state: StateDirectory,
    key: CountKey,
    hand: Hand,
    number: RefCell<u64>,
    lost: RefCell<Vec<(Loss, u64)>>,
    name: &'static str,
}

impl Process {
    fn new(home: &Path, hand: &Hand, name: &'static str) -> Self {
        let state = StateDirectory::at(home.join("acme/telemetry"));
        let key = CountKey::new(&state.salt().unwrap(), "acme", "http://localhost/");
        Self {
            counted: Counted::default(),
            state,
            key,
            hand: hand.clone(),
            number: RefCell::default(),
            lost: RefCell::default(),
            name,
        }
    }

    fn now(&self) -> Moment {
        self.hand.clock().now()
    }

    fn add(&self, body: &str) -> Option<Kept> {
        self.add_kind(kind(body), false)
    }

    /// The same for an event that need not survive the process.
    fn add_soon(&self, body: &str) -> Option<Kept> {
        self.add_kind(kind(body), true)
    }

    fn add_kind(&self, kind: Kind<'_>, can_wait: bool) -> Option<Kept> {
        let one = One { kind, ticket: self.next(), can_wait };
        let event = |day| self.event(&kind, one.ticket, day);
        let added = self.writing(|writing| self.counted.add(&one, &self.now(), writing, event));
        added.inspect_err(|loss| assert_eq!(*loss, Loss::CountFull)).ok()
    }

    fn write(&self) {
        self.writing(|writing| self.counted.write(&self.now(), writing, HOUR));
    }

    fn end(&self) -> Vec<StoredEvent> {
        self.writing(|writing| self.counted.end(&self.now(), writing, HOUR)).0
    }

    fn writing<T>(&self, write: impl FnOnce(&Writing<'_>) -> T) -> T {
        let open = |whose| match whose {
            Whose::Shared => Ok(CountFile::open_shared(&self.state, &self.key)?),
            Whose::Own => Ok(CountFile::create_own(&self.state, &self.key)?),
        };
        let id = |ticket| self.id(ticket);
        let lose = |loss, events| self.lost.borrow_mut().push((loss, events));
        write(&Writing { open: Some(&open), id: &id, lose: &lose })
    }

    fn next(&self) -> u64 {
        *self.number.borrow_mut() += 1;
        *self.number.borrow()
    }

    fn id(&self, ticket: u64) -> String {
        format!("{}-{ticket}", self.name)
    }

    fn event(&self, kind: &Kind<'_>, ticket: u64, day: Stamp) -> StoredEvent {
        StoredEvent {
            id: self.id(ticket),
            at: day,
            schema: kind.schema.into(),
            body: kind.body.into(),
            lacks_context: false,
            by_operator: kind.by_operator,
            is_ephemeral: false,
        }
    }

    /// What moves to a spool that takes so many events.
    fn take(&self, room: usize) -> Vec<StoredEvent> {
        let (stored, in_memory) =
            self.counted.take_earlier(&self.now(), Some((&self.state, &self.key)), |events| events.len().min(room));
        assert!(in_memory.is_empty());
        stored
    }

    fn survey(&self) -> CountSurvey {
        survey(&self.state, &self.key, &self.now().stamp)
    }

    fn files(&self) -> Vec<String> {
        self.state.names("counted-")
    }
}

fn kind(body: &str) -> Kind<'_> {
    Kind { body, schema: "5c", by_operator: false }
}

fn body(fast: u32) -> String {
    format!(r#"{{"type":"command","payload":{{"fast":{fast}}},"anonymousId":"{}"}}"#, "A".repeat(44))
}

fn count_of(event: &StoredEvent) -> u64 {
    let json: serde_json::Value = serde_json::from_str(&event.body).unwrap();
    json["payload"]["count"].as_u64().unwrap()
}

fn total(events: &[StoredEvent]) -> u64 {
    events.iter().map(count_of).sum()
}

#[test]
fn equal_events_of_all_processes_are_one_when_the_day_is_over() {
    let (home, hand) = (tempfile::tempdir().unwrap(), Hand::new());
    let [one, other] = ["one", "other"].map(|name| Process::new(home.path(), &hand, name));
    for process in [&one, &other, &one] {
        assert_eq!(process.add(&body(0)), Some(Kept::OnDisk));
    }
    other.add(&body(1));
    assert_eq!(one.files().len(), 1);
    assert_eq!(one.survey(), CountSurvey { today: 4, earlier: 0, distinct: 2, in_memory: 0 });
    assert_eq!(one.take(9), []);

    hand.pass(DAY);
    assert_eq!(one.survey(), CountSurvey { today: 0, earlier: 4, distinct: 2, in_memory: 0 });
    let late = Process::new(home.path(), &hand, "late");
    let taken = late.take(9);
    assert_eq!(
        taken.iter().map(|event| (&*event.id, count_of(event))).collect::<Vec<_>>(),
        [("one-1", 3), ("other-2", 1)]
    );
    assert!(taken[0].body.contains(r#""payload":{"fast":0,"count":3},"#), "{}", taken[0].body);
    let counted_under = Duration::from_secs(taken[0].at.at);
    assert!(
        counted_under.as_secs().is_multiple_of(DAY.as_secs()) && taken[0].at.until(&late.now().stamp).unwrap() >= DAY
    );
    assert_eq!((late.take(9), one.take(9), other.take(9)), (vec![], vec![], vec![]));
    assert_eq!(one.survey(), CountSurvey::default());

    other.add(&body(0));
    assert_eq!(one.survey(), CountSurvey { today: 1, earlier: 0, distinct: 1, in_memory: 0 });
}

#[test]
fn events_of_other_schemas_and_consents_are_counted_apart() {
    let (home, hand) = (tempfile::tempdir().unwrap(), Hand::new());
    let process = Process::new(home.path(), &hand, "one");
    for (schema, by_operator) in [("5c", false), ("5d", false), ("5c", true), ("5c", false), ("5d", false)] {
        let kind = Kind { body: &body(0), schema, by_operator };
        process.add_kind(kind, true).unwrap();
    }
    process.write();
    assert_eq!(process.survey(), CountSurvey { today: 5, earlier: 0, distinct: 3, in_memory: 0 });
}

#[test]
fn what_the_spool_has_no_room_for_stays() {
    let (home, hand) = (tempfile::tempdir().unwrap(), Hand::new());
    let process = Process::new(home.path(), &hand, "one");
    for fast in [0, 1, 2, 2] {
        process.add(&body(fast));
    }
    hand.pass(DAY);
    let late = Process::new(home.path(), &hand, "late");
    assert_eq!(late.take(0), []);
    hand.pass(HOUR);
    assert_eq!(total(&late.take(2)), 2);
    assert_eq!(late.survey(), CountSurvey { today: 0, earlier: 2, distinct: 1, in_memory: 0 });
    hand.pass(HOUR);
    assert_eq!(total(&late.take(2)), 2);
}

#[test]
fn a_process_that_lived_through_midnight_waits_and_a_new_one_does_not() {
    let (home, hand) = (tempfile::tempdir().unwrap(), Hand::new());
    let process = Process::new(home.path(), &hand, "one");
    process.add(&body(0));
    assert!(process.counted.wait(&process.now()).unwrap() <= DAY);
    hand.pass(DAY);
    process.add(&body(0));
    assert_eq!(process.counted.is_due(process.now().instant), Some(false));
    assert_eq!(process.take(9), []);
    assert!(process.counted.wait(&process.now()).unwrap() <= HOUR);
    hand.pass(HOUR);
    assert_eq!(process.counted.is_due(process.now().instant), Some(true));
    assert_eq!(total(&process.take(9)), 1);

    hand.pass(DAY);
    let late = Process::new(home.path(), &hand, "late");
    late.add(&body(1));
    assert_eq!(late.counted.is_due(late.now().instant), Some(true));
    assert_eq!(total(&late.take(9)), 1);
}

#[test]
fn a_clock_that_is_put_back_counts_under_no_day_that_was_taken() {
    let (home, hand) = (tempfile::tempdir().unwrap(), Hand::new());
    let process = Process::new(home.path(), &hand, "one");
    process.add(&body(0));
    hand.pass(DAY);
    let taken = Process::new(home.path(), &hand, "late").take(9);
    hand.set_back(DAY);
    let again = Process::new(home.path(), &hand, "again");
    again.add(&body(0));
    assert_eq!(again.take(9), []);
    hand.pass(DAY);
    let next = Process::new(home.path(), &hand, "next").take(9);
    assert_eq!((taken.len(), next.len()), (1, 1));
    assert!(next[0].at.at > taken[0].at.at);
}

#[test]
fn no_more_than_64_distinct_ones_and_a_million_equal_ones_are_counted_a_day() {
    let (home, hand) = (tempfile::tempdir().unwrap(), Hand::new());
    let process = Process::new(home.path(), &hand, "one");
    let most = u32::try_from(MAX_DISTINCT).unwrap();
    for fast in 0..most {
        assert_eq!(process.add(&body(fast)), Some(Kept::OnDisk));
    }
    assert_eq!(process.add(&body(most)), None);
    assert_eq!(process.add(&body(0).replace("command", "other")), Some(Kept::OnDisk), "another event has its own 64");
    let mut file = CountFile::open_shared(&process.state, &process.key).unwrap();
    file.set_count(0, MAX_COUNT - 1);
    assert_eq!((process.add(&body(0)), process.add(&body(0))), (Some(Kept::OnDisk), None));
    hand.pass(DAY);
    assert_eq!(process.add(&body(most)), Some(Kept::OnDisk));
}

#[test]
fn a_file_that_was_deleted_is_made_anew() {
    let (home, hand) = (tempfile::tempdir().unwrap(), Hand::new());
    let process = Process::new(home.path(), &hand, "one");
    process.add(&body(0));
    fs::remove_file(process.state.path(&process.files()[0])).unwrap();
    assert_eq!(process.add(&body(0)), Some(Kept::OnDisk));
    assert_eq!(process.survey().today, 1);
}

#[cfg(unix)]
#[test]
fn beside_a_process_that_keeps_the_lock_another_counts_in_a_file_of_its_own() {
    let (home, hand) = (tempfile::tempdir().unwrap(), Hand::new());
    let [stopped, other] = ["stopped", "other"].map(|name| Process::new(home.path(), &hand, name));
    stopped.add(&body(0));
    let held = stopped.state.open_to_update(&stopped.files()[0]).unwrap();
    held.lock().unwrap();
    assert_eq!((other.add(&body(0)), other.add(&body(0))), (Some(Kept::OnDisk), Some(Kept::OnDisk)));
    assert_eq!((other.files().len(), other.survey().today), (2, 3));
    held.unlock().unwrap();
    hand.pass(DAY);
    let late = Process::new(home.path(), &hand, "late");
    assert_eq!(total(&late.take(9)), 1, "the other may still live");
    for name in late.files() {
        let old = std::time::SystemTime::now() - 2 * crate::storage::LEASE;
        late.state.open(&name).unwrap().set_times(fs::FileTimes::new().set_modified(old)).unwrap();
    }
    hand.pass(HOUR);
    assert_eq!(total(&late.take(9)), 2);
    assert_eq!((late.files().len(), late.survey()), (1, CountSurvey::default()));
    assert_eq!(other.add(&body(0)), Some(Kept::OnDisk));
    assert_eq!(late.survey().today, 1);
}

#[test]
fn what_a_killed_process_has_half_written_is_cut_off_and_what_was_forged_is_counted() {
    use std::io::Write as _;

    let (home, hand) = (tempfile::tempdir().unwrap(), Hand::new());
    let process = Process::new(home.path(), &hand, "one");
    process.add(&body(0));
    let mut file = process.state.open(&process.files()[0]).unwrap();
    let line = process.key.entry(&process.event(&kind(&body(1)), 9, Stamp::default()), 1, 0).unwrap();
    file.write_all(b"{\"mac\":\"forged\"}\n").unwrap();
    file.write_all(&line[..line.len() - 30]).unwrap();
    let other = Process::new(home.path(), &hand, "other");
    assert_eq!((other.add(&body(2)), process.add(&body(0))), (Some(Kept::OnDisk), Some(Kept::OnDisk)));
    assert_eq!(process.survey(), CountSurvey { today: 3, earlier: 0, distinct: 2, in_memory: 0 });
    hand.pass(DAY);
    let late = Process::new(home.path(), &hand, "late");
    assert_eq!((total(&late.take(9)), late.counted.lost()), (3, LostCounts { expired: 0, foreign: 1 }));
}

/// A process was killed between two steps, and the clock of another one shows the day before.
#[test]
fn nothing_is_added_to_what_is_on_its_way_and_it_is_sent_again_as_it_was() {
    let (home, hand) = (tempfile::tempdir().unwrap(), Hand::new());
    let process = Process::new(home.path(), &hand, "one");
    process.add(&body(0));
    hand.pass(DAY);
    let killed = Process::new(home.path(), &hand, "killed");
    let moved = RefCell::new(Vec::new());
    let stored = |events: &[StoredEvent]| {
        moved.borrow_mut().extend_from_slice(events);
        panic!("as it should")
    };
    let take = || killed.counted.take_earlier(&killed.now(), Some((&killed.state, &killed.key)), stored);
    assert!(crate::panics::catch(take).is_none());
    hand.set_back(DAY);
    let other = Process::new(home.path(), &hand, "other");
    other.add(&body(0));
    assert_eq!(other.survey(), CountSurvey { today: 1, earlier: 1, distinct: 2, in_memory: 0 });
    let again = other.take(9);
    assert_eq!((again.len(), &again), (1, &*moved.borrow()));
    assert_eq!(other.survey(), CountSurvey { today: 1, earlier: 0, distinct: 1, in_memory: 0 });
}

#[test]
fn what_is_too_old_is_not_sent() {
    let (home, hand) = (tempfile::tempdir().unwrap(), Hand::new());
    let process = Process::new(home.path(), &hand, "one");
    process.add(&body(0));
    process.add(&body(0));
    hand.pass(8 * DAY);
    let late = Process::new(home.path(), &hand, "late");
    assert_eq!((late.take(9), late.counted.lost().expired), (vec![], 2));
    assert_eq!(late.survey(), CountSurvey::default());
}

#[test]
fn what_was_counted_for_a_former_receiver_is_deleted_when_it_is_too_old() {
    let (home, hand) = (tempfile::tempdir().unwrap(), Hand::new());
    let process = Process::new(home.path(), &hand, "one");
    let key = CountKey::new(&process.state.salt().unwrap(), "acme", "http://localhost/former");
    let former = Process { key, ..Process::new(home.path(), &hand, "former") };
    for fast in [0, 0, 1] {
        former.add(&body(fast));
    }
    let [file] = &former.files()[..] else { panic!("not one file") };
    process.add(&body(0));
    let aged = |days: u32| {
        former.state.open(file).unwrap().set_modified(std::time::SystemTime::now() - days * DAY).unwrap();
        let next = Process::new(home.path(), &hand, "next");
        next.take(9);
        (former.state.path(file).exists(), next.counted.lost().expired)
    };
    assert_eq!((aged(0), aged(7)), ((true, 0), (true, 0)), "a program that still sends there may count on");
    assert_eq!(aged(9), (false, 3));
    assert_eq!((process.files().len(), process.survey().today), (1, 1));
    assert_eq!((former.add(&body(0)), former.survey().today), (Some(Kept::OnDisk), 1));
}

#[test]
fn without_a_file_counts_are_in_memory_until_the_day_or_the_client_is_over() {
    let hand = Hand::new();
    let (counted, clock, body) = (Counted::default(), hand.clock(), body(0));
    let event = |day: Stamp| StoredEvent {
        id: day.at.to_string(),
        at: day,
        schema: "5c".into(),
        body: body.clone(),
        lacks_context: false,
        by_operator: false,
        is_ephemeral: false,
    };
    let writing = Writing { open: None, id: &|_| String::new(), lose: &|_, _| {} };
    let one = One { kind: kind(&body), ticket: 1, can_wait: true };
    let add = || counted.add(&one, &clock.now(), &writing, event);
    assert_eq!((add(), add()), (Ok(Kept::InMemory), Ok(Kept::InMemory)));
    hand.pass(DAY);
    assert_eq!(add(), Ok(Kept::InMemory));
    hand.pass(HOUR);
    let (stored, in_memory) = counted.take_earlier(&clock.now(), None, |_| 0);
    assert_eq!((stored.len(), total(&in_memory)), (0, 2));
    assert_eq!(
        (
            counted.survey(CountSurvey::default).today,
            counted.end(&clock.now(), &writing, HOUR).1,
            counted.end(&clock.now(), &writing, HOUR)
        ),
        (1, 1, (vec![], 0))
    );
    assert_eq!(add(), Err(Loss::ShutDown));
}
