//! What was accepted and is not in the file yet.

use std::thread;

use super::*;
use crate::delivery::counted::pending;

#[test]
fn equal_events_after_the_first_wait_and_are_written_at_once() {
    let (home, hand) = (tempfile::tempdir().unwrap(), Hand::new());
    let process = Process::new(home.path(), &hand, "one");
    assert_eq!(process.add_soon(&body(0)), Some(Kept::OnDisk));
    assert_eq!(process.add_soon(&body(0)), Some(Kept::Pending { is_first: true }));
    assert_eq!(process.add_soon(&body(1)), Some(Kept::OnDisk), "the first of its kind");
    assert_eq!(
        process.survey(),
        CountSurvey { today: 3, earlier: 0, distinct: 2, in_memory: 0 },
        "it takes along what waits"
    );
    assert_eq!(process.counted.is_written_at(), None);
    for fast in [0, 1, 1] {
        assert_eq!(process.add_soon(&body(fast)), Some(Kept::Pending { is_first: fast == 0 }));
    }
    assert_eq!(process.counted.is_written_at(), Some(process.now().instant + pending::DELAY));
    assert_eq!((process.survey().today, process.counted.survey(CountSurvey::default).today), (3, 3));
    process.write();
    assert_eq!((process.survey().today, process.counted.survey(CountSurvey::default).today), (6, 0));
    process.add_soon(&body(0));
    assert_eq!((process.end(), process.survey().today, process.counted.is_written_at()), (vec![], 7, None));
    assert_eq!(process.lost.take(), []);
}

#[test]
fn what_waits_for_too_long_is_written_by_who_counts_next() {
    let (home, hand) = (tempfile::tempdir().unwrap(), Hand::new());
    let process = Process::new(home.path(), &hand, "one");
    process.add_soon(&body(0));
    for _ in 0..3 {
        process.add_soon(&body(0));
        hand.pass(Duration::from_millis(400));
    }
    assert_eq!(process.survey().today, 1);
    let held = process.counted.lock();
    let another = Some(Kept::Pending { is_first: false });
    assert_eq!(process.add_soon(&body(0)), another, "it does not wait for a thread that writes");
    drop(held);
    assert_eq!((process.add_soon(&body(0)), process.survey().today), (another, 6));
}

#[test]
fn what_waits_is_counted_under_the_day_on_which_it_was_published() {
    let (home, hand) = (tempfile::tempdir().unwrap(), Hand::new());
    let process = Process::new(home.path(), &hand, "one");
    process.add_soon(&body(0));
    process.add_soon(&body(0));
    hand.pass(DAY);
    process.write();
    assert_eq!(process.survey(), CountSurvey { today: 0, earlier: 2, distinct: 1, in_memory: 0 });
    assert_eq!(process.add_soon(&body(0)), Some(Kept::OnDisk));
    process.add_soon(&body(0));

    // Another process takes these counts meanwhile.
    hand.pass(DAY);
    assert_eq!(total(&Process::new(home.path(), &hand, "late").take(9)), 4 - 1);
    process.write();
    assert_eq!(process.survey().today, 1, "counted under the next day");
    hand.pass(DAY);
    let rest = Process::new(home.path(), &hand, "last").take(9);
    assert_eq!((total(&rest), &*rest[0].id), (1, "one-4"));
}

#[test]
fn what_waits_and_cannot_be_counted_is_told() {
    let (home, hand) = (tempfile::tempdir().unwrap(), Hand::new());
    let process = Process::new(home.path(), &hand, "one");
    for _ in 0..4 {
        process.add_soon(&body(0));
    }
    let mut file = CountFile::open_shared(&process.state, &process.key).unwrap();
    file.set_count(0, MAX_COUNT - 1);
    process.write();
    assert_eq!((process.lost.take(), process.survey().today), (vec![(Loss::CountFull, 2)], u64::from(MAX_COUNT)));

    let denied = |_| Err(Failed::Denied);
    process.add_soon(&body(0));
    fs::remove_file(process.state.path(&process.files()[0])).unwrap();
    let lost = RefCell::new(Vec::new());
    let lose = |loss, events| lost.borrow_mut().push((loss, events));
    process.counted.write(&process.now(), &Writing { open: Some(&denied), id: &|_| String::new(), lose: &lose }, HOUR);
    assert_eq!((lost.take(), process.files()), (vec![(Loss::ConsentWithdrawn, 1)], vec![]));
}

#[test]
fn what_waits_is_in_memory_once_no_file_can_be_had() {
    let (home, hand) = (tempfile::tempdir().unwrap(), Hand::new());
    let process = Process::new(home.path(), &hand, "one");
    process.add_soon(&body(0));
    process.add_soon(&body(0));
    fs::remove_file(process.state.path(&process.files()[0])).unwrap();
    let full = |_| Err(io::Error::from(io::ErrorKind::StorageFull).into());
    let lose = |loss, _| panic!("{loss}");
    let writing = Writing { open: Some(&full), id: &|ticket| process.id(ticket), lose: &lose };
    process.counted.write(&process.now(), &writing, HOUR);
    assert_eq!(process.counted.survey(CountSurvey::default).today, 1);
    assert_eq!(process.add_soon(&body(0)), Some(Kept::OnDisk), "a file is looked for again");
    assert_eq!((process.survey().today, total(&process.end())), (1, 1));
}

/// One thread publishes while another one begins the next day, or finds that the file is gone.
#[test]
fn what_another_thread_adds_meanwhile_is_kept() {
    let (home, hand) = (tempfile::tempdir().unwrap(), Hand::new());
    let process = Process::new(home.path(), &hand, "one");
    process.add_soon(&body(0));
    process.add_soon(&body(0));
    let tomorrow = process.event(&kind(&body(1)), 9, Stamp { at: process.now().stamp.at + 86_400, ..Stamp::default() });
    process.counted.pending().know(tomorrow);
    process.counted.pending().forget();
    assert_eq!(process.add_soon(&body(0)), Some(Kept::OnDisk));
    assert_eq!((process.survey().today, process.counted.survey(CountSurvey::default).today), (3, 0));
}

#[test]
fn a_forked_child_writes_nothing_of_its_parent() {
    let (home, hand) = (tempfile::tempdir().unwrap(), Hand::new());
    let child = Process::new(home.path(), &hand, "one");
    child.add_soon(&body(0));
    child.add_soon(&body(0));
    child.counted.abandon();
    child.write();
    assert_eq!((child.end(), child.survey().today), (vec![], 1));
}

/// A thread that flushes must not return while the worker writes.
#[test]
fn a_flush_waits_for_what_another_thread_writes() {
    let (home, hand) = (tempfile::tempdir().unwrap(), Hand::new());
    let process = Process::new(home.path(), &hand, "one");
    process.add_soon(&body(0));
    process.add_soon(&body(0));
    let ledger = process.counted.lock();
    let batches = process.counted.pending().take();
    assert!(!process.counted.is_written());
    let (done, hears) = std::sync::mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(|| {
            let writing = Writing { open: None, id: &|_| String::new(), lose: &|_, _| {} };
            process.counted.write(&hand.clock().now(), &writing, HOUR);
            done.send(()).unwrap();
        });
        let mut ledger = ledger;
        assert!(hears.recv_timeout(Duration::from_millis(50)).is_err());
        process.writing(|writing| process.counted.write_batches(&mut ledger, batches, &process.now(), writing));
        drop(ledger);
        hears.recv().unwrap();
    });
    assert!(process.counted.is_written() && process.survey().today == 2);
}

/// A disk does not answer, and fails in the end.
#[test]
fn an_end_tells_what_a_thread_has_taken_and_not_written() {
    let (home, hand) = (tempfile::tempdir().unwrap(), Hand::new());
    for has_consent in [true, false] {
        let process = Process::new(home.path(), &hand, "one");
        for _ in 0..3 {
            process.add_soon(&body(0));
        }
        let mut ledger = process.counted.lock();
        let taken = process.counted.pending().take();
        process.add_soon(&body(0));
        let end = |writing: &Writing<'_>| process.counted.end(&process.now(), writing, Duration::from_millis(10));
        assert_eq!((process.writing(end).1, process.lost.take()), (0, vec![(Loss::Ended, 3)]));
        let body = body(0);
        let late = One { kind: kind(&body), ticket: process.next(), can_wait: true };
        let add = |writing: &Writing<'_>| process.counted.add(&late, &process.now(), writing, |_| unreachable!());
        assert_eq!(process.writing(add), Err(Loss::ShutDown), "it waits for no disk");

        let fail =
            |_| Err(if has_consent { io::Error::from(io::ErrorKind::StorageFull).into() } else { Failed::Denied });
        ledger.file = None;
        let lose = |loss, _| panic!("{loss} is told again");
        let writing = Writing { open: Some(&fail), id: &|ticket| process.id(ticket), lose: &lose };
        process.counted.write_batches(&mut ledger, taken, &process.now(), &writing);
        drop(ledger);
        assert_eq!(process.end(), [], "nor is it sent");
        assert_eq!((process.lost.take(), process.counted.survey(CountSurvey::default).in_memory), (vec![], 0));
    }
}

/// A thread waits for a disk with an event that must be on it.
#[test]
fn what_is_counted_in_memory_after_the_end_is_lost() {
    let (home, hand) = (tempfile::tempdir().unwrap(), Hand::new());
    let process = Process::new(home.path(), &hand, "one");
    let fail = |_| {
        process.writing(|writing| process.counted.end(&process.now(), writing, Duration::ZERO));
        Err(io::Error::from(io::ErrorKind::StorageFull).into())
    };
    let writing = Writing { open: Some(&fail), id: &|ticket| process.id(ticket), lose: &|_, _| {} };
    let (body, now) = (body(0), process.now());
    let one = One { kind: kind(&body), ticket: 1, can_wait: false };
    let kept = process.counted.add(&one, &now, &writing, |day| process.event(&one.kind, 1, day));
    assert_eq!((kept, process.end()), (Err(Loss::Ended), vec![]));
}

/// Counts an event in memory, since the disk is full.
fn count_in_memory(process: &Process) {
    let fail = |_| Err(io::Error::from(io::ErrorKind::StorageFull).into());
    let writing = Writing { open: Some(&fail), id: &|ticket| process.id(ticket), lose: &|_, _| {} };
    let (body, now) = (body(0), process.now());
    let one = One { kind: kind(&body), ticket: process.next(), can_wait: false };
    let kept = process.counted.add(&one, &now, &writing, |day| process.event(&one.kind, one.ticket, day));
    assert_eq!(kept, Ok(Kept::InMemory));
}

/// A thread that looks at the disk, such as for a status, is not waited for, and the client is closed again later.
#[test]
fn what_an_end_told_to_be_lost_is_returned_by_no_other_end() {
    let (home, hand) = (tempfile::tempdir().unwrap(), Hand::new());
    let process = Process::new(home.path(), &hand, "one");
    count_in_memory(&process);
    let end = |patience| process.writing(|writing| process.counted.end(&process.now(), writing, patience));
    let ledger = process.counted.lock();
    assert_eq!((end(Duration::from_millis(10)), process.lost.take()), ((vec![], 0), vec![(Loss::Ended, 1)]));
    drop(ledger);
    assert_eq!((end(HOUR), process.lost.take()), ((vec![], 0), vec![]));
}

#[test]
fn what_an_end_returned_is_told_lost_by_no_other_end() {
    let (home, hand) = (tempfile::tempdir().unwrap(), Hand::new());
    let process = Process::new(home.path(), &hand, "one");
    count_in_memory(&process);
    process.add_soon(&body(1));
    process.add_soon(&body(1));
    let end = |patience| process.writing(|writing| process.counted.end(&process.now(), writing, patience));
    let (events, count) = end(HOUR);
    assert_eq!((events.len(), count), (1, 1));
    assert_eq!(process.counted.survey(CountSurvey::default).in_memory, 0);
    let _ledger = process.counted.lock();
    assert_eq!((end(Duration::from_millis(10)), process.lost.take()), ((vec![], 0), vec![(Loss::Ended, 0)]));
}
