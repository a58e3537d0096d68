use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use super::*;
use crate::context::fake_machine::FakeMachine;

const LONG: Duration = Duration::from_secs(30);

fn read(path: &str, machine: &dyn Machine, found: &mut Vec<String>) {
    found.extend(machine.text(path, 10));
}

const THREE: &[Detector<Vec<String>>] = &[
    |machine, found| read("a", machine, found),
    |machine, found| read("b", machine, found),
    |machine, found| {
        read("c", machine, found);
    },
];

fn three() -> FakeMachine {
    FakeMachine::default().with_file("a", "A").with_file("b", "B").with_file("c", "C")
}

fn found(machine: FakeMachine, limit: Duration) -> Vec<String> {
    run(THREE, &(Arc::new(machine) as Arc<dyn Machine>), limit, Vec::new())
}

#[test]
fn each_detector_adds_what_it_finds() {
    assert_eq!(found(three(), LONG), ["A", "B", "C"]);
    assert_eq!(run(&[], &(Arc::new(three()) as Arc<dyn Machine>), LONG, 7), 7);
}

#[test]
fn a_detector_that_panics_finds_nothing_and_costs_no_time() {
    for (panics, rest) in [("a", ["B", "C"]), ("b", ["A", "C"]), ("c", ["A", "B"])] {
        let start = Instant::now();
        assert_eq!(found(FakeMachine { panics: Some(panics), ..three() }, LONG), rest);
        assert!(start.elapsed() < LONG);
    }
}

#[test]
fn a_detector_that_hangs_is_abandoned_at_its_limit() {
    let limit = Duration::from_secs(1);
    thread::scope(|scope| {
        for (hangs, rest) in [("a", ["B", "C"]), ("b", ["A", "C"]), ("c", ["A", "B"])] {
            scope.spawn(move || {
                let (release, over) = mpsc::channel();
                let machine = FakeMachine { hangs: Some((hangs, Arc::new(Mutex::new(over)))), ..three() };
                let start = Instant::now();
                assert_eq!(found(machine, limit), rest);
                assert!(start.elapsed() >= limit && start.elapsed() < LONG, "{:?}", start.elapsed());
                // Until here the detector hung.
                drop(release);
            });
        }
    });
}

#[test]
fn what_comes_late_is_there_once_it_has_come() {
    const ONE: &[Detector<Vec<String>>; 1] = &[|machine, found| read("a", machine, found)];
    let late = |machine: FakeMachine| {
        let (late, machine) = (Late::default(), Arc::new(machine) as Arc<dyn Machine>);
        move |limit| late.get(ONE, || Arc::clone(&machine), limit)
    };
    let in_time = late(three());
    assert_eq!((in_time(LONG), in_time(LONG)), (Some(vec!["A".into()]), Some(vec!["A".into()])));
    assert_eq!(late(FakeMachine { panics: Some("a"), ..three() })(LONG), Some(vec![]), "it never finds more");

    let (release, over) = mpsc::channel();
    let hanging = late(FakeMachine { hangs: Some(("a", Arc::new(Mutex::new(over)))), ..three() });
    assert_eq!(hanging(Duration::from_millis(1)), None);
    let start = Instant::now();
    assert_eq!(hanging(LONG), None);
    assert!(start.elapsed() < LONG, "it is waited for once");
    drop(release);
    while hanging(LONG).is_none() {
        assert!(start.elapsed() < LONG);
        thread::yield_now();
    }
    assert_eq!(hanging(LONG), Some(vec!["A".into()]));
}

#[test]
fn the_findings_of_a_detector_that_panics_later_are_dropped() {
    const HALF: &[Detector<Vec<String>>] = &[|machine, found| {
        found.push("half".into());
        read("a", machine, found);
    }];
    let machine: Arc<dyn Machine> = Arc::new(FakeMachine { panics: Some("a"), ..three() });
    assert!(run(HALF, &machine, LONG, Vec::new()).is_empty());
}
