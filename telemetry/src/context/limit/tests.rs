use std::sync::Mutex;
use std::time::Instant;

use super::*;
use crate::context::scripted::Scripted;

const LONG: Duration = Duration::from_secs(30);

fn read(path: &str, surroundings: &dyn Surroundings, found: &mut Vec<String>) {
    found.extend(surroundings.text(path, 10));
}

const THREE: &[Detector<Vec<String>>] = &[
    |around, found| read("a", around, found),
    |around, found| read("b", around, found),
    |around, found| {
        read("c", around, found);
    },
];

fn three() -> Scripted {
    Scripted::default().holding("a", "A").holding("b", "B").holding("c", "C")
}

fn found(surroundings: Scripted, limit: Duration) -> Vec<String> {
    run(THREE, &(Arc::new(surroundings) as Arc<dyn Surroundings>), limit, Vec::new())
}

#[test]
fn each_detector_adds_what_it_finds() {
    assert_eq!(found(three(), LONG), ["A", "B", "C"]);
    assert_eq!(run(&[], &(Arc::new(three()) as Arc<dyn Surroundings>), LONG, 7), 7);
}

#[test]
fn one_that_panics_has_found_nothing_and_costs_no_time() {
    for (panics, rest) in [("a", ["B", "C"]), ("b", ["A", "C"]), ("c", ["A", "B"])] {
        let start = Instant::now();
        assert_eq!(found(Scripted { panics: Some(panics), ..three() }, LONG), rest);
        assert!(start.elapsed() < LONG);
    }
}

#[test]
fn one_that_hangs_is_left_behind_when_its_time_is_up() {
    let limit = Duration::from_secs(1);
    thread::scope(|scope| {
        for (hangs, rest) in [("a", ["B", "C"]), ("b", ["A", "C"]), ("c", ["A", "B"])] {
            scope.spawn(move || {
                let (release, over) = mpsc::channel();
                let surroundings = Scripted { hangs: Some((hangs, Arc::new(Mutex::new(over)))), ..three() };
                let start = Instant::now();
                assert_eq!(found(surroundings, limit), rest);
                assert!(start.elapsed() >= limit && start.elapsed() < LONG, "{:?}", start.elapsed());
                // It hung until here.
                drop(release);
            });
        }
    });
}

#[test]
fn what_a_detector_wrote_before_it_panicked_does_not_count() {
    const HALF: &[Detector<Vec<String>>] = &[|around, found| {
        found.push("half".into());
        read("a", around, found);
    }];
    let surroundings: Arc<dyn Surroundings> = Arc::new(Scripted { panics: Some("a"), ..three() });
    assert!(run(HALF, &surroundings, LONG, Vec::new()).is_empty());
}
